"""What a field needs to convert the text of an import, and how it reports problems.

A *record* of an import is `{field: text, or a list of records for a relation}`; the keys None, `id` and `.id` refer
to an existing record by name, external id or database id.
Source: recorded in core-groups (17.0); wordings of 17.0's field converter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mockserver.orm.fields.base import Field

REFERENCES = frozenset({None, "id", ".id"})
# placeholder for the label of the field in the text of a problem
FIELD = "\N{OBJECT REPLACEMENT CHARACTER}"
TRUE, FALSE = frozenset({"1", "true", "yes"}), frozenset({"", "0", "false", "no"})

ImportRecord = Mapping[Any, Any]


class Problem(ValueError):
    """An error in a value: a text that may contain `FIELD`, and further keys for the message.

    With `info` None, the message does not name the field.  A `warning` does not reject the import.
    """

    def __init__(self, text: str, info: dict[str, Any] | None = None, *, warning: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.info = info
        self.warning = warning


class Importing(Protocol):
    """The import for which a field converts a value; `problems` collects those that do not reject the value."""

    problems: list[Problem]

    def choices(self, field: Field) -> Sequence[Sequence[Any]]:
        """Return the choices of a selection, as `(value, label)`."""

    def to_utc(self, moment: datetime) -> datetime:
        """Return a time written by the user, in the user's time zone, as UTC."""

    def reference(self, field: Field, kind: str | None, value: Any) -> int | bool:
        """Return the id of the record that a name, an external id or a database id refers to, False for none."""

    def links(self, ids: list[int | bool]) -> list[Any]:
        """Return the commands that link a many2many to these records."""

    def lines(self, field: Field, records: Sequence[ImportRecord]) -> list[Any]:
        """Return the commands that create and update the lines of a one2many."""


def reference_kind(record: ImportRecord) -> str | None:
    """Return which of the three kinds of reference a record is."""
    if set(record) - REFERENCES:
        raise Problem("Can not create Many-To-One records indirectly, import the field separately")
    if len(record) > 1:
        raise Problem(
            f"Ambiguous specification for field '{FIELD}', only provide one of name, external id or database id"
        )
    return next(iter(record))  # type: ignore[no-any-return]
