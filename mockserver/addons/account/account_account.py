"""account.account: the accounts of the books, their codes and types.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from mockserver import api, models
from mockserver.addons.account import account_codes
from mockserver.errors import UserError, ValidationError

if TYPE_CHECKING:
    from typing_extensions import Self

    from mockserver.orm.schema.model import Model

_CODE = re.compile(r"[A-Za-z0-9.]+$")
_TERMS = ("asset_receivable", "liability_payable")
_RESULT = ("income", "income_other", "expense", "expense_other", "expense_depreciation", "expense_direct_cost")


class Account(models.Model):
    _inherit = "account.account"
    _rec_names_search = ("name", "code")
    _sorted_as: ClassVar[Mapping[str, str]] = {"code": "code_store", "placeholder_code": ""}

    @api.versions(until=17)
    def _default_company_id(self) -> Any:
        return self.env.company

    @api.versions(since=18)
    def _default_company_ids(self) -> Any:
        return self.env.company

    # -- versions since 18 keep the code for each company

    @api.versions(since=18)
    @api.depends("code_store")
    def _compute_code(self) -> None:
        for account in self:
            account.code = account.code_store

    @api.versions(since=18)
    def _inverse_code(self) -> None:
        for account in self:
            account.code_store = account.code

    @api.versions(since=18)
    def _search_code(self, operator: str, value: Any) -> list[Any]:
        return [("code_store", operator, value)]

    @api.versions(since=18)
    def _compute_placeholder_code(self) -> None:
        for account in self:
            account.placeholder_code = account.code

    # -- what follows from the code and from the type

    @api.versions(since=16)
    @api.depends("code")
    def _compute_account_type(self) -> None:
        """That of the account before it in the order of codes."""
        for account in self:
            own = account._rows()[0].get("account_type")
            before = account_codes.before(account) if account.code and not own else None
            account.account_type = own or (before.account_type if before else "asset_current")

    @api.versions(since=16)
    @api.depends("account_type")
    def _compute_internal_group(self) -> None:
        for account in self:
            group = str(account.account_type or "").partition("_")[0]
            choices = dict(account._model.fields["internal_group"].selection)
            account.internal_group = group if group != "off" or "off" in choices else "off_balance"

    @api.versions(since=16)
    @api.depends("account_type")
    def _compute_include_initial_balance(self) -> None:
        for account in self:
            account.include_initial_balance = account.account_type not in (*_RESULT, "off_balance")

    @api.versions(since=16)
    @api.depends("account_type")
    def _compute_reconcile(self) -> None:
        for account in self:
            kind, own = account.account_type, bool(account._rows()[0].get("reconcile"))
            never = kind in ("asset_cash", "liability_credit_card", *_RESULT) or str(kind).startswith("equity")
            account.reconcile = kind in _TERMS or (own and not never)

    @api.versions(since=16)
    @api.depends("internal_group")
    def _compute_is_off_balance(self) -> None:
        for account in self:
            account.is_off_balance = account.internal_group == "off_balance"

    @api.depends("code")
    def _compute_group_id(self) -> None:
        for account in self:
            account.group_id = account_codes.group_of(account)

    def _compute_display_name(self) -> None:
        group = self.env.db.profile.rules.account_codes_shown_to
        with_code = not group or self.env.user.has_group(group)
        for account in self:
            account.display_name = f"{account.code} {account.name}" if with_code and account.code else account.name

    def _compute_current_balance(self) -> None:
        for account in self:
            account.current_balance = sum(account_codes.posted_balances(account))

    def _compute_used(self) -> None:
        for account in self:
            account.used = account_codes.has_items(account)

    @api.computes("opening_debit", "opening_credit", "opening_balance")
    def _compute_opening_debit_credit(self) -> None:
        for account in self:
            balance = sum(account_codes.opening_balances(account))
            account.opening_debit, account.opening_credit = max(balance, 0.0), max(-balance, 0.0)
            account.opening_balance = balance

    def _compute_company_currency_id(self) -> None:
        for account in self:
            account.company_currency_id = account.env.company.currency_id

    def _compute_related_taxes_amount(self) -> None:
        for account in self:
            lines = account.env["account.tax.repartition.line"].sudo().search([("account_id", "=", account.id)])
            account.related_taxes_amount = len(lines.tax_id) if "tax_id" in lines else len(lines)

    # -- creating, changing, deleting

    def create(self, vals_list: Any) -> Self:
        """Create accounts from `{field: value}` or a list of those."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        for vals in several:
            _check_type(self._model, vals.get("account_type"))
        if self.env.db.profile.rules.new_codes_unseen and not all(vals.get("code") for vals in several):
            raise ValidationError("The code must be set for every company to which this account belongs.")
        made = super(Account, self.with_context(codes_unseen=True)).create(several)
        account_codes.check_unique(made)
        return self.browse(made._ids)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change accounts; return True."""
        if "account_type" in vals:
            _check_type(self._model, vals["account_type"])
        if vals.get("currency_id"):
            account_codes.check_currency(self, vals["currency_id"])
        if vals.get("deprecated") and self.env["account.tax.repartition.line"].sudo().search(
            [("account_id", "in", self.ids)], limit=1
        ):
            raise UserError("You cannot deprecate an account that is used in a tax distribution.")
        done = super().write(vals)
        if not {"code", "company_id", "company_ids"}.isdisjoint(vals):
            account_codes.check_unique(self)
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contains_journal_items(self) -> None:
        if any(account_codes.has_items(account) for account in self):
            raise UserError("You cannot perform this action on an account that contains journal items.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_account_set_on_customer(self) -> None:
        if account_codes.set_on_partners(self):
            raise UserError("You cannot remove/deactivate the accounts that are set on a customer or vendor.")

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the values of a duplicate, with the next free code."""
        given = dict(default or {})
        if not given.get("code"):
            given["code"] = account_codes.following(self[:1], self.env.db.profile.rules.account_copy_step)
            given.setdefault("name", f"{self[:1].name} (copy)")
        return super()._copied_values(given)

    # -- constraints

    @api.constrains("code")
    def _check_account_code(self) -> None:
        for account in self:
            if account.code and not _CODE.match(account.code):
                raise ValidationError("The account code can only contain alphanumeric characters and dots.")

    @api.versions(since=16)
    @api.constrains("reconcile", "account_type")
    def _check_reconcile(self) -> None:
        for account in self:
            if account.account_type in _TERMS and not account.reconcile:
                raise ValidationError(
                    "You cannot have a receivable/payable account that is not reconcilable."
                    f" (account code: {account_codes.code_told(account)})"
                )
            if account.account_type == "off_balance" and account.reconcile:
                raise UserError("An Off-Balance account can not be reconcilable")
            if account.account_type == "off_balance" and account.tax_ids:
                raise UserError("An Off-Balance account can not have taxes")

    @api.versions(since=16)
    @api.constrains("account_type")
    def _check_account_is_unique_unaffected(self) -> None:
        one = self.env.db.profile.rules.one_account_of_earnings
        if one and any(account.account_type == "equity_unaffected" for account in self):
            account_codes.check_current_earnings(self)

    @api.model
    def _name_search(
        self, name: Any, domain: Any = (), operator: str = "ilike", limit: Any = None, order: Any = None
    ) -> list[int]:
        """Return the ids of accounts whose name matches, or whose code begins with the first word."""
        if not isinstance(name, str) or not name:
            return super()._name_search(name, domain, operator, limit, order)
        first = name.split(" ")[0]
        code = ("code", "=", first) if operator in ("=", "!=") else ("code", "=like", f"{first}%")
        leaves: list[Any] = ["|", code, ("name", operator, name)]
        if operator in ("!=", "not like", "not ilike", "not in"):
            leaves = ["&", "!", *leaves[1:]]
        return super()._name_search("", [*domain, *leaves], "ilike", limit, order)


def _check_type(model: Model, kind: Any) -> None:
    """Raise ValueError for a type that names no group of accounts, which the server finds first."""
    group = model.fields["internal_group"]
    choices = [key for key, _ in group.selection or ()]
    if isinstance(kind, str) and kind and "account_type" in model.fields:
        first = kind.partition("_")[0]
        if first not in choices and kind != "off_balance":
            raise ValueError(f"Wrong value for account.account.internal_group: {first!r}")
