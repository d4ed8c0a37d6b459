"""account.payment.term and its lines: what they must satisfy, and the parts of a total that they make.

Source: 16.0, 17.0, 18.0; recorded in flow-currency-1 and flow-random-invoice-1 (17.0).  `Inferred:` 14.0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from mockserver import api, models
from mockserver.addons.account import payment_terms
from mockserver.addons.account.payment_terms import Due, Part, Total
from mockserver.addons.base.money import amount_text
from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.numbers import round_half_up


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    @api.versions(since=17)
    def _default_line_ids(self) -> list[Any]:
        return [(0, 0, {"value": "percent", "value_amount": 100.0, "nb_days": 0})]

    @api.versions(since=16, until=16, name="_default_line_ids")
    def _default_line_ids_16(self) -> list[Any]:
        return [(0, 0, {"value": "balance", "value_amount": 0.0, "days": 0, "end_month": False})]

    @api.versions(until=15, name="_default_line_ids")
    def _default_line_ids_11(self) -> list[Any]:
        line = {"value": "balance", "value_amount": 0.0, "sequence": 9, "days": 0, "option": "day_after_invoice_date"}
        return [(0, 0, line)]

    @api.depends("company_id")
    @api.versions(since=17)
    def _compute_early_pay_discount_computation(self) -> None:
        """By the law of the company's country."""
        by_country = {"BE": "mixed", "NL": "excluded"}
        for term in self:
            country = (term.company_id or self.env.company).country_id.code
            term.early_pay_discount_computation = by_country.get(country, "included")

    @api.depends("company_id")
    def _compute_currency_id(self) -> None:
        for term in self:
            term.currency_id = (term.company_id or self.env.company).currency_id

    def _compute_fiscal_country_codes(self) -> None:
        for term in self:
            companies = term.company_id or self.env.companies
            term.fiscal_country_codes = ",".join(companies.mapped("account_fiscal_country_id.code"))

    @api.versions(since=17)
    def copy(self, default: Any = None) -> Any:
        """Copy terms as `name (copy)`, where the version does so."""
        name = self.env.db.profile.rules.term_copy_name
        copies = self.browse()
        for term in self:
            named = {"name": self.env._(name).replace("%s", str(term.name))} if name else {}
            copies |= super(AccountPaymentTerm, term).copy({**named, **(default or {})})
        return copies

    # -- checks

    @api.constrains("line_ids", "early_discount")
    @api.versions(since=17)
    def _check_lines(self) -> None:
        for term in self:
            problem = _problem(term)
            if problem:
                raise ValidationError(self.env._(problem))

    @api.constrains("line_ids")
    @api.versions(since=16, until=16, name="_check_lines")
    def _check_lines_16(self) -> None:
        for term in self:
            if len(term.line_ids.filtered(lambda line: line.value == "balance")) != 1:
                raise ValidationError(self.env._("The Payment Term must have one Balance line."))
            if term.line_ids.filtered(lambda line: line.value == "fixed" and line.discount_percentage):
                raise ValidationError(self.env._("You can't mix fixed amount with early payment percentage"))

    @api.constrains("line_ids")
    @api.versions(until=15, name="_check_lines")
    def _check_lines_11(self) -> None:
        for term in self:
            kinds = [line.value for line in term.line_ids.sorted()]
            if kinds and kinds[-1] != "balance":
                raise ValidationError(self.env._("The last line of a Payment Term should have the Balance type."))
            if kinds.count("balance") > 1:
                raise ValidationError(self.env._("A Payment Term should have only one line of type Balance."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_referenced_terms(self) -> None:
        documents = self.env["account.move"]
        name = "invoice_payment_term_id"
        if name not in documents:  # until 12 invoices are documents of their own
            documents, name = self.env["account.invoice"], "payment_term_id"
        if documents.search([(name, "in", self.ids)], limit=1):
            raise UserError(self.env._(self.env.db.profile.rules.term_in_use))

    # -- the parts of a total

    def _parts_due(
        self,
        date: str,
        currency: Any,
        company: Any,
        tax_currency: float,
        tax: float,
        untaxed_currency: float,
        untaxed: float,
        cash_rounding: Any = None,
        sign: int = 1,
    ) -> list[dict[str, Any]]:
        """Return the values of journal items for the parts of a total; amounts are signed as the total is."""
        self.ensure_one()
        step, company_step = float(currency.rounding), float(company.currency_id.rounding)
        cash: Callable[[float], float] | None = None
        if cash_rounding:
            cash = lambda amount: amount + cash_rounding.compute_difference(currency, amount)  # noqa: E731
        converted = self.env.db.profile.rules.term_amounts_converted
        total = Total(tax_currency + untaxed_currency, tax + untaxed, step, company_step, sign, cash, converted)
        base = Total(untaxed_currency, untaxed, step, company_step)
        parts = [_part(line) for line in self.line_ids]
        start, found = payment_terms.day(date), []
        for due, part in payment_terms.divided(parts, total, start):
            values = {
                "date_maturity": due.day.isoformat(),
                "balance": due.balance,
                "amount_currency": due.amount_currency,
            }
            found.append(values | _discount(self, part, due, total, base, start))
        return found

    @api.versions(until=15)
    def compute(self, value: float, date_ref: Any = False, currency: Any = None) -> list[tuple[str, float]]:
        """Return the days and the amounts of the parts of a total.

        Inferred: without lines all of it is due today.
        """
        self.ensure_one()
        named = self.env.context.get("currency_id")
        currency = currency or (self.env["res.currency"].browse(named) if named else self.env.company.currency_id)
        step = float(currency.rounding)
        total = Total(value, value, step, step, -1 if value < 0 else 1)
        start = payment_terms.day(date_ref or self.env.db.clock.today())
        parts = payment_terms.divided([_part(line) for line in self.line_ids], total, start)
        found = [(due.day.isoformat(), due.amount_currency) for due, _ in parts]
        return found or [(self.env.db.clock.today().isoformat(), value)]

    # -- the example that the form shows

    def _default_example_date(self) -> str:
        return str(self.env.context.get("example_date") or self.env.db.clock.today().isoformat())

    @api.computes("example_amount", "example_date")
    @api.versions(since=16)
    def _compute_example_of(self) -> None:
        """Fields that are not stored have their defaults."""
        for term in self:
            term.example_amount = self._model.defaults["example_amount"]
            term.example_date = self._default_example_date()

    def _compute_example_invalid(self) -> None:
        rules = self.env.db.profile.rules
        for term in self:
            balances = [line for line in term.line_ids if line.value == "balance"]
            term.example_invalid = len(balances) != 1 if rules.term_has_balance else len(term.line_ids) <= 1

    @api.computes("example_preview", "example_preview_discount")
    @api.versions(since=17)
    def _compute_example(self) -> None:
        for term in self:
            start = payment_terms.day(term.example_date)
            term.example_preview = "".join(_shown_parts(term, start)) if not term.example_invalid else ""
            term.example_preview_discount = _shown_discount(term, start) if term.early_discount else ""


def _part(line: Any) -> Part:
    """Return a line as a value."""
    has = line._model.fields
    return Part(
        value=line.value,
        amount=float(line.value_amount),
        delay=line._delay(),
        discount=float(line.discount_percentage) if "discount_percentage" in has else 0.0,
        discount_days=int(line.discount_days) if "discount_days" in has else 0,
    )


def _discount(term: Any, part: Part, due: Due, total: Total, untaxed: Total, start: date) -> dict[str, Any]:
    """Return the values of a journal item that say how much an early payment is, and until when."""
    by_term = "early_discount" in term._model.fields
    percent = (term.discount_percentage if term.early_discount else 0.0) if by_term else part.discount
    if not percent:
        return {"discount_date": None, "discount_balance": 0.0, "discount_amount_currency": 0.0}
    taxes_kept = (term if by_term else term.env.company).early_pay_discount_computation in ("excluded", "mixed")
    if not by_term:  # of this part alone; the part of it that is no tax is in proportion
        share = due.amount_currency / total.amount_currency if total.amount_currency else 0.0
        untaxed = untaxed._replace(amount_currency=untaxed.amount_currency * share, balance=untaxed.balance * share)
        total = total._replace(amount_currency=due.amount_currency, balance=due.balance)
    amount_currency, balance = payment_terms.discounted(total, untaxed, percent, taxes_kept=taxes_kept)
    days = term.discount_days if by_term else part.discount_days
    found = {
        "discount_date": (start + timedelta(days=days or 0)).isoformat(),
        "discount_balance": balance,
        "discount_amount_currency": amount_currency,
    }
    return found if by_term else {**found, "discount_percentage": percent}


def _problem(term: Any) -> str:
    """Return what is wrong with a payment term and its lines; empty if nothing is."""
    percent = sum(line.value_amount for line in term.line_ids if line.value == "percent")
    if round_half_up(percent, 6) != 100:
        return "The Payment Term must have at least one percent line and the sum of the percent must be 100%."
    if len(term.line_ids) > 1 and term.early_discount:
        return "The Early Payment Discount functionality can only be used with payment terms using a single 100% line. "
    if term.early_discount and term.discount_percentage <= 0:
        return "The Early Payment Discount must be strictly positive."
    if term.early_discount and term.discount_days <= 0:
        return "The Early Payment Discount days must be strictly positive."
    return ""


def _shown_parts(term: Any, start: date) -> Iterator[str]:
    """Yield the parts of the example as markup, those of one day together."""
    step = float(term.currency_id.rounding)
    total = Total(float(term.example_amount), float(term.example_amount), step, step)
    by_day: dict[date, float] = {}
    for due, _ in payment_terms.divided([_part(line) for line in term.line_ids], total, start):
        by_day[due.day] = by_day.get(due.day, 0.0) + due.amount_currency
    for count, (day, amount) in enumerate(sorted(by_day.items()), 1):
        text = term.env._(
            "<b>%(count)s#</b> Installment of <b>%(amount)s</b> due on <b style='color: #704A66;'>%(date)s</b>"
        )
        shown = amount_text(term.env, amount, term.currency_id)
        yield f"<div>{text % {'count': count, 'amount': shown, 'date': f'{day:%m/%d/%Y}'}}</div>"


def _shown_discount(term: Any, start: date) -> str:
    """Return what an early payment of the example comes to."""
    step = float(term.currency_id.rounding)
    total = Total(float(term.example_amount), float(term.example_amount), step, step)
    amount, _ = payment_terms.discounted(total, total, term.discount_percentage, taxes_kept=False)
    text = term.env._("Early Payment Discount: <b>%(amount)s</b> if paid before <b>%(date)s</b>")
    day = start + timedelta(days=term.discount_days or 0)
    shown: str = text % {"amount": amount_text(term.env, amount, term.currency_id), "date": f"{day:%m/%d/%Y}"}
    return shown
