"""Placeholders in the texts of a contract: `{db}`, `{password}`, values of earlier answers, and ids."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

SECRETS = ("password", "api_key")
NAMES = ("db", "login", *SECRETS, "uid")
_SHORT = {"key": "api_key"}
FORM = "application/x-www-form-urlencoded"

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Encode = Callable[[str], str]


class Placeholders:
    """The values of placeholders; `given` returns those of `NAMES`, `ids` those of labels.

    `bound` are texts of answers, for which their placeholders stand in outcomes too; `saved` other values of answers.
    """

    def __init__(self, given: Callable[[str], Any], ids: Callable[[], Mapping[str, int]]) -> None:
        self._given = given
        self._ids = ids
        self.bound: dict[str, str] = {}
        self.saved: dict[str, Any] = {}
        self.values: Mapping[str, Any] = ChainMap(self.saved, self.bound)

    def fill(self, value: Any, encode: Encode = str) -> Any:
        """Return the value with its placeholders filled in; unknown ones stay.  `encode` is applied to each text."""
        if isinstance(value, dict):
            return {key: self.fill(item, encode) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item, encode) for item in value]
        if isinstance(value, str) and "{" in value:
            return _PLACEHOLDER.sub(lambda match: self._filled(match, encode), value)
        return value

    def _filled(self, match: re.Match[str], encode: Encode) -> str:
        name = _SHORT.get(match[1], match[1])
        if name in NAMES:
            return encode(str(self._given(name)))
        if name in self.values:
            return encode(str(self.values[name]))
        ids = self._ids()
        return str(ids[name]) if name in ids else match[0]

    def with_placeholders(self, value: Any) -> Any:
        """Return the value with placeholders for the database name, secrets and bound texts."""
        if isinstance(value, dict):
            return {key: self.with_placeholders(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.with_placeholders(item) for item in value]
        if not isinstance(value, str):
            return value
        if value == self._given("db"):
            return "{db}"
        if value != self._given("login") and value in (self._given("password"), self._given("api_key")):
            return "{password}"
        return next((f"{{{name}}}" for name, text in self.bound.items() if text == value), value)


def in_path(text: str) -> str:
    """Encode a text for a path or query."""
    return quote(text, safe="")


def in_body(content_type: str | None) -> Encode:
    """Return the encoder for a body of this content type."""
    return quote_plus if (content_type or "").partition(";")[0].strip().lower() == FORM else str
