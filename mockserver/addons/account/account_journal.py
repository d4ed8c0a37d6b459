"""account.journal: journals, their codes, and the accounts that are made for them.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import account_codes, account_kinds
from mockserver.errors import UserError, ValidationError

if TYPE_CHECKING:
    from typing_extensions import Self

_MONEY = ("bank", "cash", "credit")
# where its money is; until 12.0 there is an account for each direction
_ACCOUNTS = ("default_account_id", "default_debit_account_id", "default_credit_account_id")
_PREFIXES = {"cash": "CSH", "bank": "BNK", "credit": "CCD", "general": "MISC"}


class Journal(models.Model):
    _inherit = "account.journal"
    _rec_names_search = ("name", "code")

    def _default_company_id(self) -> Any:
        return self.env.company

    def create(self, vals_list: Any) -> Self:
        """Create journals from `{field: value}` or a list; those of money get an account and a code."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        return super().create([self._filled(dict(vals)) for vals in several])

    def _filled(self, vals: dict[str, Any]) -> dict[str, Any]:
        """Return the values of a new journal with those that follow from its type."""
        kind = vals.get("type")
        if not kind:
            return vals
        company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
        vals["company_id"] = company.id
        vals.setdefault("refund_sequence", kind in ("sale", "purchase"))
        if kind not in _MONEY:
            return vals
        vals["name"] = vals.get("name") or vals.get("bank_acc_number")
        if not vals.get("code"):
            vals["code"] = self.get_next_bank_cash_default_code(kind, company)
        names = [name for name in _ACCOUNTS if name in self]
        if not any(vals.get(name) for name in names):
            account = self._money_account(kind, company, vals).id
            vals |= dict.fromkeys(names, account)
        for name, source in (("profit", "income"), ("loss", "expense")):
            account = company[f"default_cash_difference_{source}_account_id"]
            if not vals.get(f"{name}_account_id") and account:
                vals[f"{name}_account_id"] = account.id
        return vals

    def _money_account(self, kind: str, company: Any, vals: Mapping[str, Any]) -> Any:
        """Return a new account for the money of a journal."""
        accounts: Any = self.env["account.account"].sudo()
        prefix = company.cash_account_code_prefix if kind == "cash" else ""
        prefix = str(prefix or company.bank_account_code_prefix or "")
        values = {"name": vals.get("name"), "code": account_codes.free(accounts, company, prefix)}
        values["currency_id"] = vals.get("currency_id")
        if "account_type" in accounts:
            values["account_type"] = "liability_credit_card" if kind == "credit" else "asset_cash"
        else:
            liquidity = accounts.env.ref("account.data_account_type_liquidity", raise_if_not_found=False)
            values["user_type_id"] = liquidity.id if liquidity else False
        values |= {"company_ids": [(6, 0, company.ids)]} if "company_ids" in accounts else {"company_id": company.id}
        return accounts.create(values)

    @api.model
    def get_next_bank_cash_default_code(self, journal_type: str, company: Any) -> str:
        """Return the first code of the type that no journal of the company has; raises UserError without any."""
        company_id = company if isinstance(company, int) else company.id
        journals = self.sudo().with_context(active_test=False).search([("company_id", "=", company_id)])
        taken = set(journals.mapped("code"))
        for number in range(1, 100):
            code = f"{_PREFIXES.get(journal_type, 'MISC')}{number}"
            if code not in taken:
                return code
        raise UserError("Cannot generate an unused journal code. Please fill the 'Shortcode' field.")

    @api.versions(since=17)
    @api.depends("type", "company_id")
    def _compute_code(self) -> None:
        for journal in self:
            own = journal._rows()[0].get("code")
            if not own and journal.type in _MONEY:
                own = journal.get_next_bank_cash_default_code(journal.type, journal.company_id)
            journal.code = own

    @api.versions(since=16)
    @api.depends("type")
    def _compute_payment_sequence(self) -> None:
        for journal in self:
            journal.payment_sequence = journal.type in _MONEY

    @api.depends("company_id", "type")
    def _compute_suspense_account_id(self) -> None:
        for journal in self:
            own = journal._rows()[0].get("suspense_account_id")
            company = journal.company_id
            known = "account_journal_suspense_account_id" in company
            usual = company.account_journal_suspense_account_id.id if known else None
            journal.suspense_account_id = (own or usual) if journal.type in _MONEY else None

    def _compute_display_name(self) -> None:
        """The name, with the currency if it is not that of the company."""
        for journal in self:
            currency = journal.currency_id
            foreign = currency and currency != journal.company_id.currency_id
            journal.display_name = f"{journal.name} ({currency.name})" if foreign else journal.name

    def _compute_entries_count(self) -> None:
        for journal in self:
            journal.entries_count = len(journal.env.db.store.having("account.move", "journal_id", journal._ids))

    def _compute_default_account_type(self) -> None:
        kinds = {"bank": "asset_cash", "cash": "asset_cash", "credit": "liability_credit_card"}
        kinds |= {"sale": "income%", "purchase": "expense%"}
        for journal in self:
            journal.default_account_type = kinds.get(journal.type, "%")

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the values of a duplicate, with a code that no other journal has."""
        given, journal = dict(default or {}), self[:1]
        taken = set(journal.sudo().with_context(active_test=False).search([]).mapped("code"))
        prefix = re.sub(r"\d+", "", str(journal.code)).strip()
        codes = (f"{prefix[: 5 - len(str(number))]}{number}" for number in range(1, len(taken) + 1))
        given.setdefault("code", next((code for code in codes if code not in taken), journal.code))
        given.setdefault("name", f"{journal.name} (copy)")
        return super()._copied_values(given)

    @api.constrains("active")
    def _check_auto_post_draft_entries(self) -> None:
        for journal in self.filtered(lambda journal: not journal.active):
            moves = journal.env["account.move"].sudo()
            if moves.search([("journal_id", "=", journal.id), ("state", "=", "draft")], limit=1):
                raise ValidationError(
                    "You can not archive a journal containing draft journal entries.\n\n"
                    "To proceed:\n"
                    "1/ click on the top-right button 'Journal Entries' from this journal form\n"
                    "2/ then filter on 'Draft' entries\n"
                    "3/ select them all and post or delete them through the action menu"
                )

    @api.constrains("type", "default_account_id")
    @api.versions(since=13)
    def _check_type_default_account_id_type(self) -> None:
        for journal in self:
            if journal.type in ("sale", "purchase") and account_kinds.is_trade(journal.default_account_id):
                raise ValidationError(
                    "The type of the journal's default credit/debit account shouldn't be 'receivable' or 'payable'."
                )
