"""res.country and res.country.state: codes, names, and search by both.

Source: 17.0; codes are unique as recorded in core-errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_FLAGS = "/base/static/img/country_flags"
# territories with the flag of another country, and those without one
_FLAG_OF = {
    "GF": "fr", "BV": "no", "BQ": "nl", "GP": "fr", "HM": "au", "YT": "fr", "RE": "fr", "MF": "fr", "UM": "us",
}  # fmt: skip
_NO_FLAG = ("AQ", "SJ")
_ADDRESS_KEYS = frozenset(
    {"street", "street2", "zip", "city", "state_id", "country_id", "state_code", "state_name", "country_code",
     "country_name", "company_name"}
)  # fmt: skip
_STATE_AND_COUNTRY = re.compile(r"(?P<state>.+)\((?P<country>.+)\)")


def _upper(vals: Any) -> Any:
    return {**vals, "code": vals["code"].upper()} if isinstance(vals.get("code"), str) else vals


class Country(models.Model):
    _inherit = "res.country"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create countries; the code is converted to capitals."""
        if isinstance(vals_list, (list, tuple)):
            return super().create([_upper(vals) for vals in vals_list])
        return super().create(_upper(vals_list))

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change countries; the code is converted to capitals."""
        return super().write(_upper(vals))

    @api.model(until=18, name="name_search")
    def name_search_11(
        self, name: str = "", args: Any = None, operator: str = "ilike", limit: Any = 100
    ) -> list[list[Any]]:
        """Return `[[id, name]]`: two letters find a country by its code first, then names that match, `limit` of
        each."""
        return Country.name_search(self, name, args, operator, limit)

    @api.model(since=19)
    def name_search(
        self, name: str = "", domain: Any = None, operator: str = "ilike", limit: Any = 100
    ) -> list[list[Any]]:
        """Return `[[id, name]]`: two letters find a country by its code first, then names that match, `limit` of
        each."""
        domain = list(domain or [])
        found = self.browse()
        if len(name) == 2:
            found = self.search([("code", "ilike", name), *domain], 0, limit)
        named = [("name", operator, name), *([("id", "not in", found.ids)] if found else []), *domain]
        found |= self.search(named, 0, limit)
        return [[country.id, country.display_name] for country in found]

    def get_address_fields(self) -> list[str]:
        """Return the keys of the address format, in its order."""
        self.ensure_one()
        return re.findall(r"\((.+?)\)", self.address_format or "")

    def _compute_image_url(self) -> None:
        for country in self:
            country.image_url = _image_url(country)

    @api.versions(since=19)
    def _compute_country_group_codes(self) -> None:
        """The codes of the groups; without one a single empty code, so that the value is always a list."""
        for country in self:
            country.country_group_codes = [code for code in country.country_group_ids.mapped("code") if code] or [""]

    @api.constrains("address_format")
    def _check_address_format(self) -> None:
        for country in self:
            if any(key not in _ADDRESS_KEYS for key in re.findall(r"%\((.*?)\)", country.address_format or "")):
                raise UserError("The layout contains an invalid format key")


class CountryState(models.Model):
    _inherit = "res.country.state"

    def _compute_display_name(self) -> None:
        """`California (US)`; in some generations `California`."""
        if not self.env.db.profile.rules.state_names_country:
            super()._compute_display_name()
            return
        for record in self:
            record.display_name = f"{record.name} ({record.country_id.code})"

    @api.model
    def _name_search(
        self, name: Any, domain: Any = (), operator: str = "ilike", limit: Any = None, order: Any = None
    ) -> list[int]:
        """Return ids of states by code first, then by name; if neither matches, by `Name (country)`.

        `country_id` in the context limits the search to one country.
        """
        domain = list(domain or [])
        country = self.env.context.get("country_id")
        if country:
            domain.append(("country_id", "=", country))

        def search(*leaves: Any) -> list[int]:
            return self.search([*leaves, *domain], 0, limit, order).ids

        if operator == "ilike" and not str(name or "").strip():
            return search()
        found = dict.fromkeys(search(("code", "=ilike", name)) + search(("name", operator, name)))
        match = _STATE_AND_COUNTRY.fullmatch(name) if isinstance(name, str) and operator in ("ilike", "=") else None
        if found or match is None:
            return list(found)
        where = match["country"].strip()
        return search(
            ("name", operator, match["state"].strip()),
            "|", ("country_id.name", "ilike", where), ("country_id.code", "=", where),
        )  # fmt: skip


def _image_url(country: Recordset) -> str | None:
    """Return the path of the flag on the server."""
    code = country.code
    if not code or code in _NO_FLAG:
        return None
    return f"{_FLAGS}/{_FLAG_OF.get(code, code.lower())}.png"
