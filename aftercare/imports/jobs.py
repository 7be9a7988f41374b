"""An import that a user starts on the page, done by the worker."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from aftercare.flows import long_jobs
from aftercare.foundation.access import Actor
from aftercare.foundation.tabular import mapping, reader
from aftercare.imports import runner


@long_jobs.offers("import")
def perform(params: dict, *, actor: Actor, at: dt.datetime, tell: long_jobs.Tell, folder: Path) -> dict[str, Any]:
    """Import the uploaded file `path` by `mapping` (JSON form) into `branch_id`; gives back the outcome."""
    path = Path(params["path"])
    total = reader.count_rows(path)
    outcome = runner.run(
        path, mapping.from_data(params["mapping"]), branch_id=params["branch_id"], actor=actor, at=at,
        dry_run=params.get("dry_run", False), errors=folder / "errors.csv", tell=lambda now: tell(now.read, total),
    )
    return outcome.as_data() | ({"file": "errors.csv"} if outcome.refused else {})
