"""Amounts of money, dates and times as texts, as the server shows them in messages."""

from __future__ import annotations

from datetime import date
from typing import Any

from mockserver.orm.fields.numbers import round_half_up
from mockserver.orm.query.month_names import names
from mockserver.orm.query.periods import local_time, named_zone, time_zone
from mockserver.orm.records.environment import Environment

_NO_BREAK = "\N{NO-BREAK SPACE}"


def _language(env: Environment) -> dict[str, Any]:
    """Return the row of the language of the context; empty for one that is not there."""
    rows = env.db.store.rows("res.lang")
    return next((dict(rows[id_]) for id_ in env.db.store.having("res.lang", "code", (env.lang,))), {})


def amount_text(env: Environment, amount: float, currency: Any) -> str:
    """Return an amount with the symbol of its currency, such as `$ 1,234.50`; the space does not break."""
    places, language = int(currency.decimal_places), _language(env)
    number = f"{round_half_up(amount, places) + 0.0:,.{places}f}"
    signs = {",": language.get("thousands_sep", ","), ".": language.get("decimal_point", ".")}
    number = "".join(str(signs.get(letter, letter) or "") for letter in number)
    if currency.position == "before":
        return f"{currency.symbol}{_NO_BREAK}{number}"
    return f"{number}{_NO_BREAK}{currency.symbol}"


def date_text(env: Environment, day: Any) -> str:
    """Return a date as the language of the context writes it."""
    form = str(_language(env).get("date_format") or "%m/%d/%Y")
    return date.fromisoformat(str(day)).strftime(form)


def moment_text(env: Environment, moment: Any) -> str:
    """Return a time as the language writes it in the context's time zone; before 19 as `Apr 1, 2031, 12:00:00 AM`,
    in the user's.

    Inferred: before 19 other languages differ only in the names of the months.
    """
    if env.db.profile.rules.moments_by_language:
        language = _language(env)
        forms = (language.get("date_format") or "%m/%d/%Y", language.get("time_format") or "%H:%M:%S")
        return local_time(str(moment), True, time_zone(env)).strftime(" ".join(forms))
    local = local_time(str(moment), True, named_zone(env.user.tz))
    month = names(env.lang).short[local.month - 1]
    return f"{month} {local.day}, {local.year}, {local.hour % 12 or 12}:{local:%M:%S} {local:%p}"
