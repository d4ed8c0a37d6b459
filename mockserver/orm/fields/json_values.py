"""The JSON values that fixtures hold for field types: a test for each, and how error texts name it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT


class JsonValue(NamedTuple):
    """A kind of JSON value; `wanted` names it in error texts.  References are replaced by ids before the test."""

    test: Callable[[Any], bool]
    wanted: str


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_moment(pattern: str) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        try:
            return isinstance(value, str) and datetime.strptime(value, pattern).strftime(pattern) == value
        except ValueError:
            return False

    return test


def _is_base64(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


ANYTHING = JsonValue(lambda value: True, "")
TEXT = JsonValue(_is_text, "a text")
# until 13 a few selections have integer keys
CHOICE = JsonValue(lambda value: _is_text(value) or is_integer(value), "a text")
INTEGER = JsonValue(is_integer, "an integer")
NUMBER = JsonValue(lambda value: is_integer(value) or isinstance(value, float), "a number")
TRUTH = JsonValue(lambda value: isinstance(value, bool), "true or false")
DAY = JsonValue(_is_moment(DATE_FORMAT), "a date 'YYYY-MM-DD'")
TIME = JsonValue(_is_moment(DATETIME_FORMAT), "a time 'YYYY-MM-DD HH:MM:SS' in UTC")
FILE = JsonValue(_is_base64, "a base64 text")
ID = JsonValue(is_integer, 'an id or {"ref": xmlid}')
IDS = JsonValue(
    lambda value: isinstance(value, list) and all(map(is_integer, value)), 'a list of ids or of {"ref": xmlid}'
)
TARGET = JsonValue(_is_text, "a text 'model,id' or {\"ref\": xmlid}")
