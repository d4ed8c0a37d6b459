"""ir.sequence: the next number of a sequence, with prefix and suffix.

A `standard` sequence counts beside its row, as a sequence of the database does on the real server: a call that fails
later has used its number up, and a new step counts from the last number.  One without gaps counts in its row.
Source: 17.0; recorded in misc-config (17.0).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import check_access

if TYPE_CHECKING:
    from typing_extensions import Self

# placeholders of a prefix or a suffix, as `%(year)s`; also prefixed with `range_` or `current_`
_KEYS = {
    "year": "%Y", "month": "%m", "day": "%d", "y": "%y", "doy": "%j", "woy": "%W", "weekday": "%w", "h24": "%H",
    "h12": "%I", "min": "%M", "sec": "%S",
}  # fmt: skip
MAX_PADDING = 10_000
_PLACE = re.compile(r"%%|%(?:\((\w+)\)s)?")


# -- numbers; `counted` is a sequence, or one of its date ranges


def _sequence(counted: Recordset) -> Recordset:
    owner: Recordset = counted if counted._name == "ir.sequence" else counted.sequence_id
    return owner


def _counter(counted: Recordset) -> str:
    """Return the name of the database's sequence."""
    owner = _sequence(counted)
    own = f"ir_sequence_{owner.id:03d}"
    return own if counted._name == owner._name else f"{own}_{counted.id:03d}"


def _upcoming(counted: Recordset) -> int:
    """Return the next number; nothing changes."""
    owner, first = _sequence(counted), int(counted.number_next)
    last = counted.env.db.store.counted(_counter(counted)) if owner.implementation == "standard" else None
    return first if last is None else last + int(owner.number_increment)


def _take_number(counted: Recordset) -> int:
    store, number = counted.env.db.store, _upcoming(counted)
    owner = _sequence(counted)
    if owner.implementation == "standard":
        store.count(_counter(counted), number)
    else:
        row = counted.sudo()._rows()[0]
        store.put(counted._name, {**row, "number_next": number + owner.number_increment})
    return number


def _restart(counted: Recordset) -> None:
    """Make sequences continue with their `number_next`."""
    for one in counted:
        one.env.db.store.count(_counter(one), None)


def _next(sequence: Recordset, when: Any) -> str:
    if not sequence.use_date_range:
        return _formatted(sequence, _take_number(sequence))
    today = sequence.env.db.clock.today().isoformat()
    dates = _date_range(sequence, when or sequence.env.context.get("ir_sequence_date") or today)
    return _formatted(sequence.with_context(ir_sequence_date_range=dates.date_from), _take_number(dates))


def _date_range(sequence: Recordset, when: Any) -> Recordset:
    """Return the range that contains the day; one is created for the free part of its year if there is none."""
    ranges = sequence.sudo().date_range_ids
    domain = [("sequence_id", "=", sequence.id), ("date_from", "<=", when), ("date_to", ">=", when)]
    found: Recordset = ranges.search(domain, limit=1)
    if found:
        return found
    text = str(when)[:10]
    day = date.fromisoformat(text)
    first, last = f"{day.year}-01-01", f"{day.year}-12-31"
    for other in ranges:
        if text < other.date_from <= last:
            last = (date.fromisoformat(other.date_from) - timedelta(days=1)).isoformat()
        if first <= other.date_to < text:
            first = (date.fromisoformat(other.date_to) + timedelta(days=1)).isoformat()
    made: Recordset = ranges.browse().create({"sequence_id": sequence.id, "date_from": first, "date_to": last})
    return made


# -- prefix and suffix


def _formatted(sequence: Recordset, number: int) -> str:
    """Return a number with prefix and suffix, which know the dates of the context, not that of the call."""
    env, context = sequence.env, sequence.env.context
    moments = {
        "": _moment(env, context.get("ir_sequence_date")),
        "range_": _moment(env, context.get("ir_sequence_date_range")),
        "current_": _moment(env, None),
    }
    known = {start + key: at.strftime(form) for start, at in moments.items() for key, form in _KEYS.items()}
    try:
        prefix, suffix = (interpolate(text or "", known) for text in (sequence.prefix, sequence.suffix))
    except ValueError:
        raise UserError(f"Invalid prefix or suffix for sequence '{sequence.name}'") from None
    if sequence.padding > MAX_PADDING:
        raise ValueError(f"a sequence pads its numbers to at most {MAX_PADDING} digits, not {sequence.padding}")
    return f"{prefix}{int(number):0{max(sequence.padding, 0)}d}{suffix}"


def interpolate(text: str, known: Mapping[str, str]) -> str:
    """Return the text with `%(key)s` and `%%` replaced; KeyError for an unknown key, ValueError for a lone `%`."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "%":
            raise ValueError("incomplete format")
        return "%" if match[0] == "%%" else known[match[1]]

    return _PLACE.sub(value, text)


def _moment(env: Environment, when: Any) -> datetime:
    """Return a date or time from text, or the current time in the context's time zone."""
    if when:
        return datetime.fromisoformat(str(when)[:19])
    return env.db.clock.moment().astimezone(ZoneInfo(env.context.get("tz") or "UTC"))


# -- their fields


def _first_number(vals: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in vals.items() if name != "number_next_actual"}
    if "number_next_actual" in vals:
        values["number_next"] = vals["number_next_actual"] or 1
    return values


def _refuse_no_step(step: Any) -> None:
    if step == 0:
        raise UserError("Step must not be zero.")


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def next_by_code(self, sequence_code: str, sequence_date: Any = None) -> str | bool:
        """Return the next number of the sequence with that code, preferably the company's own, or False."""
        check_access(self, "read")
        company = self.env.company.id
        found = self.search([("code", "=", sequence_code), ("company_id", "in", [company, False])])
        own = found.filtered(lambda sequence: sequence.company_id.id == company)
        chosen = (own or found)[:1]
        return _next(chosen, sequence_date) if chosen else False

    def next_by_id(self, sequence_date: Any = None) -> str:
        """Return the next number of one sequence."""
        check_access(self, "read")
        return _next(self.ensure_one(), sequence_date)

    @api.model
    def get_id(self, sequence_code_or_id: Any, code_or_id: str = "id") -> str | bool:
        """Return the next number of the sequence with that id, or with that code; an old name of the two above."""
        if code_or_id == "id":
            return self.browse([sequence_code_or_id]).next_by_id()
        return self.next_by_code(sequence_code_or_id)

    @api.model
    def get(self, code: str) -> str | bool:
        """Return the next number of the sequence with that code; an old name of `next_by_code`."""
        return self.next_by_code(code)

    def get_next_char(self, number_next: int) -> str:
        """Return a number with prefix, suffix and zeros; the sequence does not change."""
        return _formatted(self.ensure_one(), number_next)

    def _compute_number_next_actual(self) -> None:
        for sequence in self:
            sequence.number_next_actual = _upcoming(sequence)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create sequences; `number_next_actual` sets the first number, as `number_next` does."""
        many = isinstance(vals_list, (list, tuple))
        return super().create([_first_number(vals) for vals in vals_list] if many else _first_number(vals_list))

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change sequences; a `number_next` restarts them there."""
        values = _first_number(vals)
        if any(sequence.implementation == "standard" for sequence in self.exists()):
            _refuse_no_step(values.get("number_increment"))
        super().write(values)
        if values.get("number_next") or "implementation" in values:
            _restart(self.exists())
        return True


class IrSequenceDateRange(models.Model):
    _inherit = "ir.sequence.date_range"

    def _compute_number_next_actual(self) -> None:
        for dates in self:
            dates.number_next_actual = _upcoming(dates)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create date ranges, which begin with 1 or with `number_next_actual`; a `number_next` is not heeded."""
        many = isinstance(vals_list, (list, tuple))
        made = [_first_number({"number_next_actual": 1, **vals}) for vals in (vals_list if many else [vals_list])]
        ranges = super().create(made if many else made[0])
        for dates in ranges:
            if dates.sequence_id.implementation == "standard":
                _refuse_no_step(dates.sequence_id.number_increment)
        return ranges

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change date ranges; a `number_next` restarts them there."""
        values = _first_number(vals)
        super().write(values)
        if values.get("number_next"):
            _restart(self.exists())
        return True
