"""Lock dates: the days on which nothing may change any more.

Source: 17.0; recorded in flow-entry-1 (17.0).  Inferred: exceptions to them, which are not supported.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from mockserver.addons.base.money import date_text
from mockserver.errors import UserError

_MANAGERS = "account.group_account_manager"


class Lock(NamedTuple):
    """A last locked day, and its name since 18.0."""

    day: str
    name: str


def _fiscal(company: Any, kind: Any) -> list[Lock]:
    """Return the locks of a company for entries in a journal of a kind, `None` for any."""
    names = {"fiscalyear_lock_date": "Global Lock Date"}
    if "hard_lock_date" in company:
        of_kind = {"sale": "Sales Lock Date", "purchase": "Purchase Lock Date"}
        names |= {f"{kind}_lock_date": of_kind[kind]} if kind in of_kind else {}
        names["hard_lock_date"] = "Hard Lock Date"
    elif "period_lock_date" in company and not company.env.user.has_group(_MANAGERS):
        names["period_lock_date"] = ""  # which does not bind an adviser
    return [Lock(str(company[name]), label) for name, label in names.items() if company[name]]


def fiscal_lock(company: Any) -> str:
    """Return the last day on which the user may change no entry of any kind; empty without one."""
    return max((lock.day for lock in _fiscal(company, None)), default="")


def _violated(move: Any, day: str) -> list[Lock]:
    return sorted(lock for lock in _fiscal(move.company_id, move.journal_id.type) if day <= lock.day)


def check_moves(moves: Any) -> None:
    """Raise UserError for entries of locked days."""
    for move in moves:
        found = _violated(move, str(move.date))
        if not found:
            continue
        env = move.env
        if env.db.profile.rules.locks_named:
            told = " and ".join(f"{lock.name} ({date_text(env, lock.day)})" for lock in found)
            raise UserError(f"You cannot add/modify entries prior to and inclusive of: {told}.")
        more = "" if env.user.has_group(_MANAGERS) else _ASK
        day = date_text(env, found[-1].day)
        raise UserError(f"You cannot add/modify entries prior to and inclusive of the lock date {day}.{more}")


_ASK = " Check the company settings or ask someone with the 'Adviser' role"


def check_taxes(lines: Any) -> None:
    """Raise UserError for lines with taxes on days for which taxes were reported."""
    locked_companies = {company.id for company in lines.company_id if company.tax_lock_date}
    for line in lines.filtered(lambda line: line.company_id.id in locked_companies) if locked_companies else ():
        locked = line.company_id.tax_lock_date
        taxed = line.tax_ids or line.tax_line_id or line.tax_tag_ids
        if locked and taxed and str(line.move_id.date) <= str(locked):
            day = date_text(line.env, locked)
            lead = "The operation is refused as it would impact an already issued tax statement. Please change the"
            if line.env.db.profile.rules.locks_named:
                told = f"journal entry date or the following lock dates to proceed: Tax Return Lock Date ({day})."
            else:
                told = f"journal entry date or the tax lock date set in the settings ({day}) to proceed."
            raise UserError(f"{lead} {told}")


def violated(move: Any, day: str, *, taxed: bool) -> str:
    """Return the last lock date that a day is not after; empty without one."""
    days = [lock.day for lock in _violated(move, day)]
    tax_lock = move.company_id.tax_lock_date
    if taxed and tax_lock and day <= str(tax_lock):
        days.append(str(tax_lock))
    return max(days, default="")


def day_after(day: str) -> str:
    """Return the day after a date."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
