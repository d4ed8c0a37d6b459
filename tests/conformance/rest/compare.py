"""Whether an answer of ours is the recorded one: exactly, or in its shape where the data were that server's own.

A value of a server's own — a traceback, the time of a record, a token — is compared by its type only, and what the
database driver said by the text that the add-on puts before it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

_OWN_KEYS = {"debug", "create_date", "write_date", "__last_update", "login_date", "access_token", "session_id"}
_DRIVER = re.compile(r"violates |syntax for type|InFailedSql|current transaction is aborted|FATAL: ")
_ADDON = re.compile(r".*?ERROR: ", re.DOTALL)  # what flectra_rest puts before an exception's text
_TAG = re.compile(r"<[^>]*>|<!doctype[^>]*>", re.IGNORECASE)
CUT = "…[cut]"  # where the recorder stopped


def page_text(body: str) -> str:
    """The text of an HTML page, white space as one blank: werkzeug's pages differ in it from release to release."""
    return " ".join(html.unescape(_TAG.sub(" ", body)).split())


def parsed(body: str) -> Any:
    """The JSON value; of a body that the recorder cut, as much as is there.  ValueError for no JSON."""
    return json.loads(_closed(body.removesuffix(CUT)) if body.endswith(CUT) else body)


def _closed(text: str) -> str:
    """The cut text up to its last complete member, with the brackets that are open there."""
    stack: list[str] = []
    last, inside, escaped = "", False, False
    for position, char in enumerate(text):
        if inside:
            inside = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            inside = True
        elif char in "{[":
            stack.append("}" if char == "{" else "]")
        elif char in "}]":
            stack.pop()
        elif char == ",":
            last = text[:position] + "".join(reversed(stack))
    return last


def differences(recorded: Any, ours: Any, mode: str, path: str = "$") -> Iterator[str]:
    """Where our value is another one than the recorded.

    `mode`: "exact"; "shape" compares types, and the keys of objects with their order; "fields" types, and only
    the keys that both have.  An empty value of a field is `false` and stands for any type in the latter two.
    """
    if mode != "exact" and (_empty(recorded) or _empty(ours)):
        return
    if type(recorded) is not type(ours):
        yield f"{path}: {_short(recorded)} recorded, {_short(ours)} here"
    elif isinstance(recorded, dict):
        yield from _objects(recorded, ours, mode, path)
    elif isinstance(recorded, list):
        yield from _lists(recorded, ours, mode, path)
    elif mode == "exact" and recorded != ours and not (isinstance(recorded, str) and _same_driver(recorded, ours)):
        yield f"{path}: {_short(recorded)} recorded, {_short(ours)} here"


def _empty(value: Any) -> bool:
    return value is False or value is None


def _objects(recorded: dict[str, Any], ours: dict[str, Any], mode: str, path: str) -> Iterator[str]:
    if mode != "fields" and list(recorded) != list(ours):
        yield f"{path}: keys {list(recorded)} recorded, {list(ours)} here"
    # an error object whose exception is the driver's: ours has another class and other words
    drivers = "debug" in recorded and _DRIVER.search(json.dumps(recorded))
    for key in [key for key in recorded if key in ours]:
        if key in _OWN_KEYS:
            yield from differences(recorded[key], ours[key], "shape", f"{path}.{key}")
        elif not drivers:
            yield from differences(recorded[key], ours[key], mode, f"{path}.{key}")


def _lists(recorded: list[Any], ours: list[Any], mode: str, path: str) -> Iterator[str]:
    if mode != "exact":
        mixed = len({type(item) for item in recorded}) > 1  # such as [id, name]: what stands where counts
        for number, item in enumerate(ours if recorded else []):
            model = recorded[number] if mixed and number < len(recorded) else recorded[0]
            yield from differences(model, item, mode, f"{path}[{number}]")
        return
    if len(recorded) != len(ours):
        yield f"{path}: {len(recorded)} items recorded, {len(ours)} here"
    for number, (item, own) in enumerate(zip(recorded, ours, strict=False)):
        yield from differences(item, own, mode, f"{path}[{number}]")


def _same_driver(recorded: str, ours: str) -> bool:
    """Whether the recorded text ends in the driver's own words, and ours begins as it does."""
    head = _ADDON.match(recorded)
    return bool(_DRIVER.search(recorded)) and ours.startswith(head.group() if head else "")


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:300]
