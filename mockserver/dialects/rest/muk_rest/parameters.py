"""The parameters of a request to muk_rest, and the add-on's own errors.

Source: rest-muk §1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import FileStorage

from mockserver.dialects import Request
from mockserver.dialects.volume import json_value
from mockserver.dialects.web.form import form, query

_YES = {"y", "yes", "t", "true", "on", "1"}
_NO = {"n", "no", "f", "false", "off", "0"}


class Refusal(Exception):
    """An error that is answered as `{"error": text}` with a status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Parameters:
    """The parameters of one request: `sent` in a form or else in the query string, and those of the path.

    An empty text counts as absent.
    """

    sent: Mapping[str, str]
    path: Mapping[str, Any]
    files: Mapping[str, FileStorage]

    @classmethod
    def of(cls, request: Request) -> Parameters:
        """Read the parameters of a request and its body."""
        body = form(request)
        return cls({**query(request), **body.values}, request.arguments, body.files)

    def require(self, names: tuple[str, ...]) -> None:
        """Raise `Refusal` with the names of absent parameters, if any."""
        missing = [name for name in names if not (self.get(name) or self.files.get(name))]
        if missing:
            raise Refusal(400, f"arguments_missing {missing}")

    def get(self, name: str, default: Any = None) -> Any:
        """Return a parameter unconverted; the path has priority."""
        return self.path.get(name) or self.sent.get(name) or default

    def json(self, name: str, default: Any = None) -> Any:
        """Return a parameter read as JSON; the default also replaces empty values.  Raises `JSONDecodeError`."""
        text = self.sent.get(name)
        return (text and json_value(text)) or default

    def number(self, name: str, default: int | None = None) -> int | None:
        """Return a parameter as an integer; raises ValueError for anything else."""
        found = self.path.get(name, self.sent.get(name))
        return default if found is None or found == "" else int(found)

    def flag(self, name: str) -> bool:
        """Return a parameter as a boolean, False if it is absent; raises ValueError for unknown words."""
        text = self.get(name, "no").lower()
        if text not in _YES | _NO:
            raise ValueError(f"invalid truth value {text!r}")
        return text in _YES
