"""account.tax: what a tax must satisfy, with the texts of the refusals.

Source: 17.0 to 19.0; recorded in flow-tax-1.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.errors import UserError, ValidationError


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.constrains("company_id", "name", "type_tax_use", "tax_scope", "country_id")
    @api.versions(since=17)
    def _constrains_name(self) -> None:
        """A name is used once in a company, for one use and country."""
        same: list[Any] = []
        for tax in self:
            if tax.type_tax_use != "none":
                same.extend(self.search(
                    [
                        ("company_id", "child_of", tax.company_id.root_id.id),
                        ("name", "=", tax.name),
                        ("type_tax_use", "=", tax.type_tax_use),
                        ("tax_scope", "=", tax.tax_scope),
                        ("country_id", "=", tax.country_id.id),
                        ("id", "!=", tax.id),
                    ]
                ))  # fmt: skip
        if same:
            lines = [
                self.env._("- %(name)s in %(company)s") % {"name": t.name, "company": t.company_id.name} for t in same
            ]
            raise ValidationError("\n".join([self.env._("Tax names must be unique!"), *lines]))

    @api.constrains("tax_group_id")
    @api.versions(since=16)
    def validate_tax_group_id(self) -> None:
        """A tax and its group are of one country."""
        for tax in self:
            country = tax.tax_group_id.country_id
            if country and country != tax.country_id:
                text = "The tax group must have the same country_id as the tax using it."
                raise ValidationError(self.env._(text))

    @api.constrains("tax_exigibility", "cash_basis_transition_account_id", "amount_type")
    def _constrains_cash_basis_transition_account(self) -> None:
        for tax in self:
            account = tax.cash_basis_transition_account_id
            if tax.tax_exigibility == "on_payment" and tax.amount_type != "group" and not account.reconcile:
                text = "The cash basis transition account needs to allow reconciliation."
                raise ValidationError(self.env._(text))

    @api.constrains("invoice_repartition_line_ids", "refund_repartition_line_ids", "repartition_line_ids")
    @api.versions(since=13)
    def _validate_repartition_lines(self) -> None:
        """Invoices and refunds are shared out alike, and wholly."""
        for tax in self:
            documents = [tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids]
            if tax.amount_type == "group" and not any(documents):
                continue
            problem = _wrong_repartition(*(lines.sorted(lambda line: (line.sequence, line.id)) for lines in documents))
            if problem:
                raise ValidationError(self.env._(f"Invoice and credit note {problem}"))

    @api.constrains("children_tax_ids", "type_tax_use")
    def _check_children_scope(self) -> None:
        """The taxes of a group have its use and are no groups, of which none contains itself."""
        for tax in self:
            if _contains(tax, tax):
                text = self.env._(self.env.db.profile.rules.tax_recursion)
                raise ValidationError(text.replace("%s", str(tax.name)))
            children = tax.children_tax_ids
            if any(
                child.type_tax_use not in ("none", tax.type_tax_use) or _scope(child) not in (_scope(tax), False, None)
                for child in children
            ):
                text = "The application scope of taxes in a group must be either the same as the group or left empty."
                raise ValidationError(self.env._(text))
            if self.env.db.profile.rules.tax_groups_flat and any(child.amount_type == "group" for child in children):
                raise ValidationError(self.env._("Nested group of taxes are not allowed."))

    @api.constrains("company_id")
    def _check_company_consistency(self) -> None:
        lines = self.env["account.move.line"].sudo()
        for tax in self:
            leaves = ["|", ("tax_line_id", "=", tax.id), ("tax_ids", "in", tax.ids)]
            if lines.search([*leaves, ("company_id", "!=", tax.company_id.id)], limit=1):
                text = "You can't change the company of your tax since there are some journal items linked to it."
                raise UserError(self.env._(text))


def _scope(tax: Any) -> Any:
    """Return what a tax is for, goods or services; taxes of old versions do not say."""
    return tax.tax_scope if "tax_scope" in tax else False


def _contains(group: Any, tax: Any) -> bool:
    """Return whether a tax is among the taxes below another."""
    seen, left = set(), list(group.children_tax_ids)
    while left:
        child = left.pop()
        if child == tax:
            return True
        if child.id not in seen:
            seen.add(child.id)
            left.extend(child.children_tax_ids)
    return False


def _wrong_repartition(invoice: Any, refund: Any) -> str:
    """Return what is wrong with the repartition lines of invoices and refunds, each in order; empty if nothing is."""
    for lines in (invoice, refund):
        if len([line for line in lines if line.repartition_type == "base"]) != 1:
            return "distribution should each contain exactly one line for the base."
    if len(invoice) != len(refund):
        return "distribution should have the same number of lines."
    if any(all(line.repartition_type == "base" for line in lines) for lines in (invoice, refund)):
        return "repartition should have at least one tax repartition line."
    for one, other in zip(invoice, refund, strict=True):
        if (one.repartition_type, one.factor_percent) != (other.repartition_type, other.factor_percent):
            return "distribution should match (same percentages, in the same order)."
    if not invoice.env.db.profile.rules.tax_shares_whole:
        return ""
    factors = [line.factor_percent / 100 for line in invoice if line.repartition_type == "tax"]
    added, taken = sum(f for f in factors if f > 0), sum(f for f in factors if f < 0)
    if abs(added - 1) >= 0.005:
        return "distribution should have a total factor (+) equals to 100."
    if taken and abs(taken + 1) >= 0.005:
        return "distribution should have a total factor (-) equals to 100."
    return ""
