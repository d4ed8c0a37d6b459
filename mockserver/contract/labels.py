"""Labels of records in a contract, which stand for their ids on the current server.

A record that the contract made has a label, any other is `#?`; ids of ninety million and more
(which no server has, so only a contract can have sent them) stay numbers.
"""

from __future__ import annotations

import re
from typing import Any

_RECORDSET = re.compile(r"([a-z_]+(?:\.[a-z_.]+)?)\((\d+(?:, ?\d+)*,?)\)")
_INVENTED_ID = 9 * 10**7


class Labels:
    """Maps labels to records and records to labels."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._labels: dict[tuple[str, int], str] = {}

    def bind(self, label: str, model: str, record_id: int) -> None:
        """Give a record a label."""
        self._ids[label] = record_id
        self._labels[model, record_id] = label

    def id(self, label: str) -> int:
        """Return the id of a label; raises KeyError."""
        return self._ids[label]

    def of(self, model: str | None, value: Any) -> Any:
        """Return the label of an id; a value that is not an id is returned unchanged."""
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        return self._labels.get((model or "", value), f"#{value}" if value > _INVENTED_ID else "#?")

    def known(self, model: str | None, value: Any) -> str | None:
        """Return the label of a record, None if it has none."""
        return self._labels.get((model or "", value)) if type(value) is int else None

    def anywhere(self, value: int) -> str | None:
        """Return the label of the record with this id, of any model; None unless exactly one has a label."""
        found = [label for (_, id_), label in self._labels.items() if id_ == value]
        return found[0] if len(found) == 1 else None

    def ids(self) -> dict[str, int]:
        """Return label → id."""
        return dict(self._ids)

    def each(self, model: str | None, value: Any) -> Any:
        """Return the labels of a list of ids; a value that is not a list is returned unchanged."""
        return [self.of(model, item) for item in value] if isinstance(value, list) else value

    def each_or_one(self, model: str | None, value: Any) -> Any:
        """Return the labels of a list of ids, or the label of one."""
        return self.each(model, value) if isinstance(value, list) else self.of(model, value)

    def commands(self, model: str | None, value: Any) -> Any:
        """Return the labels of the ids in x2many commands such as `[6, 0, [7]]`, or of a list of ids."""
        if not (isinstance(value, list) and value and isinstance(value[0], list)):
            return self.each(model, value)
        return [[*command[:1], *(item and self.each_or_one(model, item) for item in command[1:])] for command in value]

    def pair(self, model: str | None, value: Any) -> Any:
        """Return `[id, name]` with the label in place of the id."""
        if isinstance(value, list) and len(value) == 2:
            return [self.of(model, value[0]), value[1]]
        return value

    def scrub(self, text: str) -> str:
        """Return an error text with labels for the ids of its recordsets, such as `res.partner(first,)`."""

        def labelled(match: re.Match[str]) -> str:
            model = match.group(1)
            ids = re.findall(r"\d+", match.group(2))
            return f"{model}({','.join(str(self.of(model, int(item))) for item in ids)})"

        return re.sub(r"User: \d+", "User: N", _RECORDSET.sub(labelled, text))
