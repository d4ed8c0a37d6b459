"""account.payment.term.line: how large a part is and when it is due.

Source: 16.0, 17.0; recorded in flow-currency-1 (17.0).  `Inferred:` 14.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import payment_terms
from mockserver.addons.account.payment_terms import Delay
from mockserver.errors import ValidationError


class AccountPaymentTermLine(models.Model):
    _inherit = "account.payment.term.line"

    @api.depends("payment_id")
    @api.versions(since=17)
    def _compute_nb_days(self) -> None:
        """A line after others is due thirty days after the one before it."""
        for line in self:
            lines = line.payment_id.line_ids
            line.nb_days = lines[-2].nb_days + 30 if not line.nb_days and len(lines) > 1 else line.nb_days

    @api.depends("payment_id")
    @api.versions(since=17)
    def _compute_value_amount(self) -> None:
        """A line in percent is the rest of the hundred."""
        for line in self:
            others = line.payment_id.line_ids.filtered(lambda other: other.value == "percent") - line
            line.value_amount = 0.0 if line.value == "fixed" else 100 - sum(other.value_amount for other in others)

    def _compute_display_days_next_month(self) -> None:
        for line in self:
            line.display_days_next_month = line.delay_type == "days_end_of_month_on_the"

    @api.constrains("value", "value_amount")
    def _check_percent(self) -> None:
        for line in self:
            if line.value == "percent" and not 0 <= line.value_amount <= 100:
                raise ValidationError(self.env._("Percentages on the Payment Terms lines must be between 0 and 100."))

    @api.constrains("discount_percentage")
    @api.versions(since=16, until=16)
    def _check_discount_percentage(self) -> None:
        for line in self:
            if line.discount_percentage and not 0 <= line.discount_percentage <= 100:
                text = "Discount percentages on the Payment Terms lines must be between 0 and 100."
                raise ValidationError(self.env._(text))

    @api.constrains("months", "days", "days_after", "discount_days")
    @api.versions(since=16, until=16)
    def _check_positive(self) -> None:
        for line in self:
            if line.months < 0 or line.days < 0:
                text = "The Months and Days of the Payment Terms lines must be positive."
                raise ValidationError(self.env._(text))
            if line.discount_days < 0:
                raise ValidationError(self.env._("The discount days of the Payment Terms lines must be positive."))

    @api.constrains("days", "option")
    @api.versions(until=15)
    def _check_days(self) -> None:
        for line in self:
            if line.option in ("day_following_month", "day_current_month") and line.days <= 0:
                text = "The day of the month used for this term must be strictly positive."
                raise ValidationError(self.env._(text))
            if line.days < 0:
                text = "The number of days used for a payment term cannot be negative."
                raise ValidationError(self.env._(text))

    @api.constrains("days_next_month")
    @api.versions(since=17)
    def _check_valid_char_value(self) -> None:
        for line in self:
            text = line.days_next_month
            if text and not text.isnumeric():
                wrong = "The days added must be a number and has to be between 0 and 31."
                raise ValidationError(self.env._(wrong))
            if text and not 0 <= int(text) <= 31:
                raise ValidationError(self.env._("The days added must be between 0 and 31."))

    def _delay(self) -> Delay:
        """Return when the part is due, counted from a day."""
        self.ensure_one()
        known = self._model.fields
        if "delay_type" in known:
            on = self.days_next_month
            return Delay(self.delay_type, self.nb_days or 0, day_of_month=int(on) if on and on.isnumeric() else 1)
        if "option" in known:
            return Delay(self.option, self.days or 0, day_of_month=self.day_of_the_month or 0)
        return Delay(
            days=self.days or 0, months=self.months or 0, end_of_month=bool(self.end_month),
            days_after_month=self.days_after or 0,
        )  # fmt: skip

    def _get_due_date(self, date_ref: Any) -> str:
        """Return when the part is due, counted from a day."""
        return payment_terms.due_day(payment_terms.day(date_ref), self._delay()).isoformat()
