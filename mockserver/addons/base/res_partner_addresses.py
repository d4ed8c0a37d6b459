"""res.partner: the address for a purpose, and contacts found by their e-mail address.

Source: recorded in misc-partners (17.0).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

EMAIL = re.compile(r"[^\s<>\"'(),;]+@[^\s<>\"'(),;]+")


def parse_contact(text: str) -> tuple[str, str | None]:
    """Return the name and the e-mail address of `Name <address>`; an address without a name is its own name."""
    found = EMAIL.search(text or "")
    if not found:
        return text, None
    return re.sub(r"\s*<[^>]*>\s*", "", text).strip(" \"'") or found[0], found[0].lower()


def normalized(text: Any) -> str | None:
    """Return the bare address of a text in lower case, or None unless there is exactly one."""
    found = EMAIL.findall(text or "")
    if len(found) != 1:
        return None
    address: str = found[0].lower()
    return text if address == text else address  # mostly they are equal, and one takes half the memory of two


def _near(partner: Recordset) -> Iterator[Recordset]:
    """Yield a contact and those below it, then those below its parent, up to the company."""
    seen: set[int] = set()
    current = partner
    while current:
        waiting = [current]
        while waiting:
            found = waiting.pop(0)
            seen.add(found.id)
            yield found
            waiting[:0] = [child for child in found.child_ids if child.id not in seen and not child.is_company]
        current = current.parent_id if not current.is_company else current.browse()


class Partner(models.Model):
    _inherit = "res.partner"

    def address_get(self, adr_pref: Collection[str] | None = None) -> dict[str, int | bool]:
        """Return `{type: id}` of the nearest contact for each type of address, by default the one for `contact`."""
        wanted = dict.fromkeys(("contact", *(adr_pref or ())))
        found: dict[str, int | bool] = {}
        for partner in self:
            for near in _near(partner):
                if near.type in wanted:
                    found.setdefault(near.type, near.id)
                if len(found) == len(wanted):
                    return found
        usual = found.get("contact") or self.id or False
        return {kind: found.get(kind) or usual for kind in wanted}

    @api.model
    def find_or_create(self, email: str, assert_valid_email: bool = False) -> int:
        """Return the id of the contact with an e-mail address, which is created if there is none."""
        if not email:
            raise ValueError("An email is required for find_or_create to work")
        name, address = parse_contact(email)
        if address is None and assert_valid_email:
            raise ValueError(f"{email} is not recognized as a valid email. This is required to create a new customer.")
        known = self.search([("email", "=ilike", address)], 0, 1) if address else self.browse()
        return int((known or self.create({"name": name, **({"email": address} if address else {})})).id)

    @api.model
    def name_create(self, name: str) -> list[object]:
        """Return `[id, name]` of a new partner from `Name` or `Name <address>`."""
        called, address = parse_contact(name)
        if self.env.context.get("force_email") and not address:
            raise ValidationError("Couldn't create contact without email address!")
        partner = self.create({"name": called, **({"email": address} if address else {})})
        return [partner.id, partner.display_name]
