"""Parameter models of a route, made with its first call: hundreds of routes, of which a process is asked few.

ninja makes two or three pydantic classes for every route when it is registered: a fifth of the memory and a third of the
time of a start. Its `Operation` knows no way to put that off, so the two names that it calls are replaced here. A signature
that ninja would refuse is found by the test that makes the API's document, which asks every route.
"""

import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ninja import operation
from ninja.signature import ViewSignature

_making = threading.RLock()


class LateSignature:
    """Stands for ninja's `ViewSignature` until somebody asks for the models."""

    def __init__(self, path: str, view_func: Callable[..., Any]) -> None:
        self._path, self._view, self._made = path, view_func, None
        self.models = LateModels(self)
        self.docstring = inspect.cleandoc(view_func.__doc__ or "")

    @property
    def response_arg(self) -> str | None:
        return self.made().response_arg

    def made(self) -> ViewSignature:
        """ninja's own, made once."""
        if self._made is None:
            with _making:
                if self._made is None:
                    self._made = ViewSignature(self._path, self._view)
        return self._made


class LateModels(Sequence):
    """The parameter models of a signature, made when they are first looked at."""

    def __init__(self, signature: LateSignature) -> None:
        self._signature = signature

    def __getitem__(self, index):
        return self._signature.made().models[index]

    def __len__(self) -> int:
        return len(self._signature.made().models)

    def __iter__(self) -> Iterator:
        return iter(self._signature.made().models)


def install() -> None:
    """Let every route registered from here on make its models late."""
    operation.ViewSignature = LateSignature
    # It looks at the models to find files sent by PUT or PATCH; ours are sent by POST alone (`Routes.upload`).
    operation.need_to_fix_request_files = lambda methods, models: False
