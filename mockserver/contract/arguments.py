"""The values in the requests of a contract that are known only when it runs: ids, saved values, dates."""

from __future__ import annotations

import base64
import re
import xmlrpc.client
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mockserver.contract import moments
from mockserver.contract.labels import Labels

_NAME = re.compile(r"\{(\w+)\}")


class Arguments:
    """Fills in the arguments of a run.  `saved` are the values that its steps saved, `now` tells the time."""

    def __init__(self, labels: Labels, saved: Mapping[str, Any], now: Callable[[], datetime]) -> None:
        self._labels = labels
        self._saved = saved
        self._now = now

    def fill(self, value: Any) -> Any:
        """Return the value with every stand-in replaced; raises KeyError for a name that no step has bound."""
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if not isinstance(value, dict):
            return value
        stand_in = STAND_INS.get(frozenset(value))
        return stand_in(self, value) if stand_in else {key: self.fill(item) for key, item in value.items()}

    def id(self, label: str) -> int:
        """Return the id of a labelled record."""
        return self._labels.id(label)

    def saved(self, name: str) -> Any:
        """Return a saved value."""
        return self._saved[name]

    def text(self, pattern: str) -> str:
        """Return a text with the saved values and ids that it names in braces."""
        return _NAME.sub(lambda match: str(self._named(match[1])), pattern)

    def _named(self, name: str) -> Any:
        return self._saved[name] if name in self._saved else self.id(name)

    def named(self, items: Mapping[str, Any]) -> dict[str, Any]:
        """Return an object whose keys are such texts."""
        return {self.text(key): self.fill(item) for key, item in items.items()}

    def today(self, days: float, at: str | None = None) -> str:
        """Return the date so many days from today (UTC), with a time of day a datetime."""
        found = moments.day(self._now(), days)
        return found if at is None else f"{found} {at}"

    def now(self, hours: float) -> str:
        """Return the datetime so many hours from now."""
        return moments.moment(self._now(), hours=hours)


# the keys of an object that stands for a value → what it stands for
STAND_INS: Mapping[frozenset[str], Callable[[Arguments, Mapping[str, Any]], Any]] = {
    frozenset({"$ref"}): lambda run, told: run.id(told["$ref"]),
    frozenset({"$var"}): lambda run, told: run.saved(told["$var"]),
    frozenset({"$fmt"}): lambda run, told: run.text(told["$fmt"]),
    frozenset({"$keys"}): lambda run, told: run.named(told["$keys"]),
    frozenset({"$today"}): lambda run, told: run.today(told["$today"]),
    frozenset({"$today", "at"}): lambda run, told: run.today(told["$today"], told["at"]),
    frozenset({"$now"}): lambda run, told: run.now(told["$now"]),
    # the types that only XML-RPC has
    frozenset({"$dt"}): lambda run, told: xmlrpc.client.DateTime(told["$dt"]),
    frozenset({"$bin"}): lambda run, told: xmlrpc.client.Binary(base64.b64decode(told["$bin"])),
}


def names_in(value: Any) -> set[str]:
    """Return the labels and the names of saved values in a value."""
    if isinstance(value, list):
        return set().union(*map(names_in, value))
    if not isinstance(value, dict):
        return set()
    if value.keys() in ({"$ref"}, {"$var"}):
        return {str(item) for item in value.values()}
    if value.keys() == {"$fmt"}:
        return set(_NAME.findall(str(value["$fmt"])))
    of_keys = set(_NAME.findall("".join(value["$keys"]))) if value.keys() == {"$keys"} else set()
    return of_keys.union(*map(names_in, value.values()))


def as_json(value: Any) -> Any:
    """Return a value of XML-RPC as JSON can hold it: `{"$dt": …}` and `{"$bin": …}` for the types that JSON lacks."""
    if isinstance(value, xmlrpc.client.Binary):
        return {"$bin": base64.b64encode(value.data).decode()}
    if isinstance(value, xmlrpc.client.DateTime):
        return {"$dt": value.value}
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value
