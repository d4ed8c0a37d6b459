"""Amounts of money as texts, as the server shows them in messages."""

from __future__ import annotations

from typing import Any

from mockserver.orm.fields.numbers import round_half_up
from mockserver.orm.records.environment import Environment

_NO_BREAK = "\N{NO-BREAK SPACE}"


def amount_text(env: Environment, amount: float, currency: Any) -> str:
    """Return an amount with the symbol of its currency, such as `$ 1,234.50`; the space does not break."""
    places = int(currency.decimal_places)
    number = f"{round_half_up(amount, places) + 0.0:,.{places}f}"
    if currency.position == "before":
        return f"{currency.symbol}{_NO_BREAK}{number}"
    return f"{number}{_NO_BREAK}{currency.symbol}"
