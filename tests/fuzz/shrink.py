"""Makes what shows a finding smaller, as long as it still does: fewer requests, then smaller bodies."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from tests.fuzz.sent import Sent

SECONDS = 40.0  # after which what is there is small enough

Shows = Callable[[Sequence[Sent]], bool]


def shrunk(requests: Sequence[Sent], shows: Shows) -> list[Sent]:
    """Return fewer and smaller requests that show the same; none if not even all of them do."""
    ends = time.monotonic() + SECONDS
    current = list(requests)
    if not shows(current):
        return []
    if shows(current[-1:]):
        current = current[-1:]
    size = max(len(current) // 2, 1)
    while size and time.monotonic() < ends:
        at = 0
        while at < len(current) and len(current) > 1:
            fewer = current[:at] + current[at + size :]
            if fewer and shows(fewer):
                current = fewer
            else:
                at += size
        size //= 2
    for at in range(len(current)):
        current = _with_smaller_body(current, at, shows, ends)
    return current


def _with_smaller_body(requests: list[Sent], at: int, shows: Shows, ends: float) -> list[Sent]:
    again = True
    while again and time.monotonic() < ends:
        again = False
        body = requests[at].body
        key = next((name for name in ("json", "xmlrpc", "form") if name in body), None)
        if key is None:
            return requests
        for smaller in _smaller(body[key]):
            fewer = [*requests[:at], replace(requests[at], body={key: smaller}), *requests[at + 1 :]]
            if time.monotonic() < ends and _safely(shows, fewer):
                requests, again = fewer, True
                break
    return requests


def _safely(shows: Shows, requests: list[Sent]) -> bool:
    try:
        return shows(requests)
    except (ValueError, TypeError, KeyError):  # a body that is none any more
        return False


def _smaller(value: Any) -> Iterator[Any]:
    """Yield values with one part less, outer parts first; a text stays, since it may be a name."""
    if isinstance(value, dict):
        for key in value:
            yield {name: item for name, item in value.items() if name != key}
        for key, item in value.items():
            for smaller in _smaller(item):
                yield {**value, key: smaller}
    elif isinstance(value, list):
        for at in range(len(value)):
            yield value[:at] + value[at + 1 :]
        for at, item in enumerate(value):
            for smaller in _smaller(item):
                yield [*value[:at], smaller, *value[at + 1 :]]
