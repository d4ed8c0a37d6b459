"""account.fiscal.position: taxes and accounts in the place of others, and the position that a partner has.

Source: 17.0, 18.0; recorded in flow-tax-1 (17.0–19.0) and flow-invoice-2 (17.0).  `Inferred:` 14.0 and 16.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import fiscal_positions
from mockserver.errors import UserError, ValidationError

if TYPE_CHECKING:
    from typing_extensions import Self


class AccountFiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create positions; both ends of a range of numeric postal codes have as many digits."""
        if isinstance(vals_list, Mapping):
            return super().create(_with_zips(vals_list))
        return super().create([_with_zips(vals) for vals in vals_list])

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change positions; see `create`."""
        if vals.get("zip_from") or vals.get("zip_to"):
            for position in self:
                known = {name: vals.get(name) or position[name] for name in ("zip_from", "zip_to")}
                super(AccountFiscalPosition, position).write({**vals, **_with_zips(known)})
            return True
        return super().write(vals)

    # -- what a position replaces

    @api.versions(until=15, name="map_tax")
    def map_tax_14(self, taxes: Any, product: Any = None, partner: Any = None) -> Any:
        """Return taxes with those that the position replaces replaced."""
        return _mapped_taxes(self, taxes)

    @api.versions(since=16)
    def map_tax(self, taxes: Any) -> Any:
        """Return taxes with those that the position replaces replaced."""
        return _mapped_taxes(self, taxes)

    @api.versions(since=18)
    def map_account(self, account: Any) -> Any:
        """Return the account that the position has in the place of another, else that account."""
        found = fiscal_positions.account_map(self).get(account.id)
        return account.browse(found) if found else account

    @api.versions(until=17, name="map_account")
    def map_account_14(self, account: Any) -> Any:
        """Return the account that the position has in the place of another, else what was given."""
        found = fiscal_positions.account_map(self).get(account.id) if hasattr(account, "_ids") else None
        return account.browse(found) if found else account

    @api.versions(until=17)
    def map_accounts(self, accounts: dict[Any, Any]) -> dict[Any, Any]:
        """Replace the accounts that are values of a dictionary."""
        for key, account in accounts.items():
            accounts[key] = self.map_account_14(account)
        return accounts

    def _compute_tax_map(self) -> None:
        for position in self:
            position.tax_map = fiscal_positions.tax_map(position)

    def _compute_account_map(self) -> None:
        for position in self:
            position.account_map = fiscal_positions.account_map(position)

    # -- which position a partner has

    @api.model
    def _get_fiscal_position(self, partner: Any, delivery: Any = None) -> Any:
        """Return the position of a partner: its own or that of the delivery address, else the one that fits best."""
        return fiscal_positions.of_partner(self.env, partner, delivery)

    @api.model(until=15)
    def get_fiscal_position(self, partner_id: int, delivery_id: int | None = None) -> Any:
        """Return the id of the position of a partner, or False."""
        partners = self.env["res.partner"]
        delivery = partners.browse(delivery_id) if delivery_id else None
        found = fiscal_positions.of_partner(self.env, partners.browse(partner_id), delivery) if partner_id else None
        return found.id if found else False

    # -- fields and checks

    def _compute_states_count(self) -> None:
        for position in self:
            position.states_count = len(position.country_id.state_ids)

    def _compute_foreign_vat_header_mode(self) -> None:
        """No chart of another country is installed."""
        taxes = self.env["account.tax"]
        for position in self:
            country = position.country_id
            known = country and taxes.search([("country_id", "=", country.id)], limit=1)
            position.foreign_vat_header_mode = (
                "no_template" if position.foreign_vat and country and not known else False
            )

    @api.depends("company_id.domestic_fiscal_position_id")
    @api.versions(since=19)
    def _compute_is_domestic(self) -> None:
        for position in self:
            position.is_domestic = position == position.company_id.domestic_fiscal_position_id

    @api.onchange("country_id")
    def _onchange_country_id(self) -> None:
        if self.country_id:
            self.zip_from = self.zip_to = False
            self.state_ids = [(5,)]

    @api.onchange("country_group_id")
    def _onchange_country_group_id(self) -> None:
        if self.country_group_id:
            self.zip_from = self.zip_to = False
            self.state_ids = [(5,)]

    @api.constrains("zip_from", "zip_to")
    def _check_zip(self) -> None:
        rules = self.env.db.profile.rules
        for position in self:
            start, end = str(position.zip_from or ""), str(position.zip_to or "")
            halved = bool(start) != bool(end)
            if rules.zip_range_whole if halved else start > end:
                raise ValidationError(self.env._(rules.zip_range_text))

    @api.constrains("country_id", "country_group_id", "state_ids", "foreign_vat")
    @api.versions(since=16)
    def _validate_foreign_vat_country(self) -> None:
        for position in self:
            problem = fiscal_positions.foreign_vat_problem(position) if position.foreign_vat else ""
            if problem:
                raise ValidationError(self.env._(problem))

    def action_create_foreign_taxes(self) -> Any:
        """Raise UserError: there are no charts of other countries."""
        raise UserError("The mock server has no taxes of other countries.")

    @api.versions(since=19)
    def action_open_related_taxes(self) -> dict[str, Any]:
        """Return the action that shows the taxes of the position."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%s taxes").replace("%s", str(self.display_name)),
            "res_model": "account.tax",
            "view_mode": "list,form",
            "domain": [("id", "in", self.tax_ids.ids)],
        }


def _with_zips(vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return values whose postal codes, if they are numbers, have as many digits."""
    values = dict(vals)
    ends = {name: values.get(name) for name in ("zip_from", "zip_to")}
    if all(ends.values()):
        width = max(len(str(end)) for end in ends.values())
        values |= {name: str(end).rjust(width, "0") for name, end in ends.items() if str(end).isdigit()}
    return values


def _mapped_taxes(position: Any, taxes: Any) -> Any:
    none = position.env["account.tax"]
    rules = position.env.db.profile.rules
    if not position and (rules.taxes_have_positions or not rules.positions_ranked):
        return taxes
    if rules.taxes_have_positions and not position.tax_ids:
        return none
    replaced = fiscal_positions.tax_map(position)
    # clients over the wire have only ids: the error that each version has for those
    for tax in taxes if not rules.positions_ranked else ():
        if not hasattr(tax, "_ids") and not position.tax_ids:
            raise TypeError(f"unsupported operand types in: {none} | {tax!r}")
        if not hasattr(tax, "_ids"):
            raise AttributeError(f"{type(tax).__name__!r} object has no attribute '_origin'")
    return none.browse(dict.fromkeys(id_ for tax in taxes for id_ in replaced.get(tax.id, [tax.id])))
