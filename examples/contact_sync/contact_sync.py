"""Keep contacts in step with Odoo: ours go up by their reference, Odoo's changes come down.

    sync = ContactSync(Odoo("https://erp.example.com", "shop", "sync@example.com", "secret"), contacts)
    print(sync.run())

Nothing is ever deleted, at Odoo or here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from odoo_session import Odoo, OdooError

FIELDS = ("name", "email", "phone")  # that both sides have
READ = ["ref", "write_date", *FIELDS]
LONG_AGO = "1970-01-01 00:00:00"


@dataclass
class Contact:
    """One of ours.

    `id` and `seen`: its id at Odoo, and its `write_date` when we last looked; `changed`: Odoo has yet to be told.
    """

    ref: str
    name: str
    email: str = ""
    phone: str = ""
    id: int = 0
    seen: str = ""
    changed: bool = True

    @property
    def values(self) -> dict[str, str]:
        """What both sides have."""
        return {name: getattr(self, name) for name in FIELDS}

    def take(self, row: dict[str, Any]) -> None:
        """Be as Odoo has it."""
        for name, value in _values(row).items():
            setattr(self, name, value)
        self.id, self.seen, self.changed = row["id"], row["write_date"], False


@dataclass
class Report:
    """What became of each contact, by reference.  Those that are refused or duplicates are tried again next time."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    conflict: list[str] = field(default_factory=list)  # changed on both sides: Odoo's values are kept
    duplicate: list[str] = field(default_factory=list)  # several at Odoo: none is touched
    refused: dict[str, str] = field(default_factory=dict)  # with Odoo's reason
    pulled: list[str] = field(default_factory=list)  # changed at Odoo


class ContactSync:
    """The contacts here, by reference, and those of Odoo that have a reference.

    `cursor` is how far Odoo's changes have been read; keep it for the next run.
    """

    def __init__(self, odoo: Odoo, contacts: dict[str, Contact], cursor: str = LONG_AGO, page: int = 100) -> None:
        self._odoo = odoo
        self.contacts = contacts
        self.cursor = cursor
        self._page = page

    def run(self) -> Report:
        """Up, then down.  Raises LoginRefused, and `Busy` or one of `LOST` when Odoo stays away: then run again.

        What was done until then is kept.
        """
        report = Report()
        for contact in self.contacts.values():
            if contact.changed:
                self._push(contact, report)
        for row in self._changed_rows():
            self._pull(row, report)
            self.cursor = row["write_date"]
        return report

    def _push(self, contact: Contact, report: Report) -> None:
        outcome = report.unchanged

        def step() -> list[str]:
            nonlocal outcome
            found = self._find(contact.ref)
            if len(found) > 1:
                return report.duplicate
            for row in found:
                same = _values(row) == contact.values  # perhaps by an earlier attempt whose answer was lost
                if same or row["write_date"] > contact.seen:
                    contact.take(row)
                    return outcome if same else report.conflict
            if found:
                outcome, id_ = report.updated, found[0]["id"]
                self._odoo.call("res.partner", "write", [id_], contact.values)
            else:
                outcome = report.created
                id_ = self._odoo.call("res.partner", "create", {"ref": contact.ref, **contact.values})
            (row,) = self._odoo.call("res.partner", "read", [id_], READ)
            contact.take(row)
            return outcome

        try:
            self._odoo.patiently(step).append(contact.ref)
        except OdooError as error:
            report.refused[contact.ref] = str(error)

    def _pull(self, row: dict[str, Any], report: Report) -> None:
        ref = row["ref"]
        contact = self.contacts.setdefault(ref, Contact(ref, "", changed=False))
        if contact.changed:
            return  # it was refused or has a duplicate: ours is kept until that is solved
        if contact.id not in (0, row["id"]) and len(self._odoo.patiently(lambda: self._find(ref))) > 1:
            report.duplicate.append(ref)
            return
        if contact.values != _values(row):
            report.pulled.append(ref)
        contact.take(row)

    def _find(self, ref: str) -> list[dict[str, Any]]:
        """At most two; also those in the archive, or else they would be made again."""
        return self._search([("ref", "=", ref)], limit=2, context={"active_test": False})

    def _changed_rows(self) -> Iterator[dict[str, Any]]:
        """Each contact that was written since the cursor, or in its second, page by page.

        Not by offset: what is written meanwhile would move others to another page.  And the next page cannot begin
        after the last second, as an import writes thousands in one; so it begins in it, without those that were read.
        One of these that is written once more meanwhile comes in the next run, as that begins in this second too.
        """
        since, read = self.cursor, list[int]()
        while True:
            domain = [("ref", "!=", False), ("write_date", ">=", since), ("id", "not in", read)]
            page = partial(self._search, domain, order="write_date, id", limit=self._page)
            rows = self._odoo.patiently(page)
            yield from rows
            if len(rows) < self._page:
                return
            last = rows[-1]["write_date"]
            read = [*(read if last == since else ()), *(row["id"] for row in rows if row["write_date"] == last)]
            since = last

    def _search(self, domain: list[Any], **options: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._odoo.call("res.partner", "search_read", domain, READ, **options)
        return rows


def _values(row: dict[str, Any]) -> dict[str, str]:
    """Odoo says False for an empty text."""
    return {name: row[name] or "" for name in FIELDS}
