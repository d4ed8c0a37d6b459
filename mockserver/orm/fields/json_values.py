"""The JSON values that fixtures hold for field types: a test for each, and how error texts name it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT


class JsonValue(NamedTuple):
    """A kind of JSON value; `wanted` names it in error texts.  References are replaced by ids before the test."""

    test: Callable[[Any], bool]
    wanted: str
    always: type | None = None  # a type of which every value passes the test


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_moment(pattern: str, fraction: str = "") -> Callable[[Any], bool]:
    @lru_cache(maxsize=1024)  # the records of a fixture have the same dates
    def is_right(text: str) -> bool:
        whole, rest = text[:19], text[19:]
        try:
            return datetime.fromisoformat(whole).strftime(pattern) == whole and bool(re.fullmatch(fraction, rest))
        except ValueError:
            return False

    return lambda value: isinstance(value, str) and is_right(value)


def _is_base64(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


ANYTHING = JsonValue(lambda value: True, "")
TEXT = JsonValue(_is_text, "a text", str)
# until 13 a few selections have integer keys
CHOICE = JsonValue(lambda value: _is_text(value) or is_integer(value), "a text")
INTEGER = JsonValue(is_integer, "an integer", int)
NUMBER = JsonValue(lambda value: is_integer(value) or isinstance(value, float), "a number", float)
TRUTH = JsonValue(lambda value: isinstance(value, bool), "true or false", bool)
DAY = JsonValue(_is_moment(DATE_FORMAT), "a date 'YYYY-MM-DD'")
# `create_date` and `write_date` of a saved state have a fraction of a second
TIME = JsonValue(_is_moment(DATETIME_FORMAT, r"(\.[0-9]{1,6})?"), "a time 'YYYY-MM-DD HH:MM:SS' in UTC")
FILE = JsonValue(_is_base64, "a base64 text")
ID = JsonValue(is_integer, 'an id or {"ref": xmlid}')
IDS = JsonValue(
    lambda value: isinstance(value, list) and all(map(is_integer, value)), 'a list of ids or of {"ref": xmlid}'
)
TARGET = JsonValue(_is_text, "a text 'model,id' or {\"ref\": xmlid}")
