"""What the environment says, turned into plain values. No Django here: settings are built from these."""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
SQLITE_BUSY_SECONDS = 20
SQLITE_STATEMENTS = 400  # kept prepared by each connection


def is_on(name: str, default: bool = False) -> bool:
    """Read a yes-or-no variable: 1, true, yes and on (any case) are yes."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def get_list(name: str, default: str = "") -> list[str]:
    """Read a comma-separated variable, blanks dropped."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def calculate_data_dir(project: Path) -> Path:
    """Where files live: `AFTERCARE_DATA_DIR`, else `.data` in a checkout, else the platform's place."""
    named = os.environ.get("AFTERCARE_DATA_DIR")
    if named:
        return Path(named).expanduser().resolve()
    if (project / "pyproject.toml").exists():
        return project / ".data"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "aftercare"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "aftercare"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "aftercare"


def get_secret_key(data_dir: Path) -> str:
    """The signing key: `AFTERCARE_SECRET_KEY`, else the one kept in the data directory, made on first use."""
    return os.environ.get("AFTERCARE_SECRET_KEY") or _get_kept(data_dir / "secret-key")


def get_journal_key(data_dir: Path) -> str:
    """The key of the journal's digests: `AFTERCARE_JOURNAL_KEY`, else the kept one. It outlives a change of the other."""
    return os.environ.get("AFTERCARE_JOURNAL_KEY") or _get_kept(data_dir / "journal-key")


def _get_kept(kept: Path) -> str:
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(60))
    return kept.read_text().strip()


def parse_database_url(url: str) -> dict:
    """Turn `sqlite:///path` or `postgres://user:password@host:port/name?option=value` into Django's entry."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(url)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgres(parts)
    raise ValueError(f"AFTERCARE_DATABASE_URL: {parts.scheme or 'nothing'}:// is neither sqlite:// nor postgres://")


def _sqlite(url: str) -> dict:
    name = unquote(url.removeprefix("sqlite:///").partition("?")[0]) or ":memory:"
    return {
        "ENGINE": "aftercare.config.sqlite",
        "NAME": name,
        # A connection of its own for each request would read the whole schema and prepare every statement anew.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Deferred transactions that read and then write lose to "database is locked"; immediate ones wait.
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_SECONDS,
            "cached_statements": SQLITE_STATEMENTS,
            "init_command": SQLITE_PRAGMAS,
        },
    }


def _postgres(parts) -> dict:
    options = dict(parse_qsl(parts.query))
    host = unquote(options.pop("host", "") or parts.hostname or "")
    pool = _is_on(options.pop("pool", "on"))
    # A statement that comes again is kept parsed by the server: a page asks the same twenty each time. Off where a pooler
    # between hands each transaction another connection and does not know prepared statements.
    prepared = {"server_side_binding": True, "prepare_threshold": 3} if _is_on(options.pop("prepare", "on")) else {}
    return {
        "ENGINE": "aftercare.config.postgres",
        "NAME": unquote(parts.path.lstrip("/")) or "aftercare",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_HEALTH_CHECKS": pool,
        "OPTIONS": {**options, **prepared, **({"pool": {"min_size": 1, "max_size": 12, "timeout": 20}} if pool else {})},
    }


def _is_on(text: str) -> bool:
    return text.lower() not in {"0", "off", "false", "no"}


def get_database_url(data_dir: Path) -> str:
    """`AFTERCARE_DATABASE_URL`, else an SQLite file in the data directory."""
    return os.environ.get("AFTERCARE_DATABASE_URL") or f"sqlite:///{data_dir / 'aftercare.sqlite3'}"
