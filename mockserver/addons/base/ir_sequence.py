"""ir.sequence: the next number of a sequence, with prefix and suffix.

The next number of a `standard` sequence, which is a database sequence on the real server, is in the row under
`number_next_actual`, which is not a column.  Source: 17.0.
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
_PLACE = re.compile(r"%%|%(?:\((\w+)\)s)?")


# -- numbers


def _next(sequence: Recordset, when: Any) -> str:
    if not sequence.use_date_range:
        return _formatted(sequence, _take_number(sequence), when, None)
    day = _moment(sequence.env, when or sequence.env.context.get("ir_sequence_date")).date()
    dates = _date_range(sequence, day)
    number = dates.number_next
    dates.sudo().write({"number_next": number + sequence.number_increment})
    return _formatted(sequence, number, when, dates.date_from)


def _take_number(sequence: Recordset) -> int:
    store, row = sequence.env.db.store, sequence._rows()[0]
    # a sequence without gaps counts in its column, the others beside it
    name = "number_next" if row.get("implementation") == "no_gap" else "number_next_actual"
    number = _upcoming(row)
    store.put("ir.sequence", {**row, name: number + row.get("number_increment", 1)})
    return number


def _upcoming(row: Mapping[str, Any]) -> int:
    first = row.get("number_next", 1)
    return int(first if row.get("implementation") == "no_gap" else row.get("number_next_actual", first))


def _date_range(sequence: Recordset, day: date) -> Recordset:
    """Return the range that contains the day; one is created for the free part of its year if there is none."""
    ranges = sequence.sudo().date_range_ids
    text = day.isoformat()
    found: Recordset = ranges.filtered(lambda r: r.date_from <= text <= r.date_to)[:1]
    if found:
        return found
    first, last = f"{day.year}-01-01", f"{day.year}-12-31"
    for other in ranges:
        if text < other.date_from <= last:
            last = (date.fromisoformat(other.date_from) - timedelta(days=1)).isoformat()
        if first <= other.date_to < text:
            first = (date.fromisoformat(other.date_to) + timedelta(days=1)).isoformat()
    made: Recordset = ranges.browse().create(
        {"sequence_id": sequence.id, "date_from": first, "date_to": last, "number_next": 1}
    )
    return made


# -- prefix and suffix


def _formatted(sequence: Recordset, number: int, when: Any, range_start: Any) -> str:
    env, context = sequence.env, sequence.env.context
    moments = {
        "": _moment(env, when or context.get("ir_sequence_date")),
        "range_": _moment(env, range_start or context.get("ir_sequence_date_range")),
        "current_": _moment(env, None),
    }
    known = {start + key: at.strftime(form) for start, at in moments.items() for key, form in _KEYS.items()}
    try:
        prefix, suffix = (interpolate(text or "", known) for text in (sequence.prefix, sequence.suffix))
    except KeyError:
        raise UserError(f"Invalid prefix or suffix for sequence '{sequence.name}'") from None
    return f"{prefix}{int(number):0{max(sequence.padding, 0)}d}{suffix}"


def interpolate(text: str, known: Mapping[str, str]) -> str:
    """Return the text with `%(key)s` and `%%` replaced; raises KeyError for any other use of `%`."""
    return _PLACE.sub(lambda match: "%" if match[0] == "%%" else known[match[1]], text)


def _moment(env: Environment, when: Any) -> datetime:
    """Return a date or time from text, or the current time in the context's time zone."""
    if when:
        return datetime.fromisoformat(str(when)[:19])
    return env.db.clock.moment().astimezone(ZoneInfo(env.context.get("tz") or "UTC"))


# -- its fields


def _first_number(vals: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in vals.items() if name != "number_next_actual"}
    if "number_next_actual" in vals:
        values["number_next"] = vals["number_next_actual"] or 1
    return values


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

    def get_next_char(self, number_next: int) -> str:
        """Return a number with prefix, suffix and zeros; the sequence does not change."""
        return _formatted(self.ensure_one(), number_next, None, None)

    def _compute_number_next_actual(self) -> None:
        for sequence in self:
            sequence.number_next_actual = _upcoming(sequence._rows()[0])

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create sequences; `number_next_actual` sets the first number, as `number_next` does."""
        many = isinstance(vals_list, (list, tuple))
        return super().create([_first_number(vals) for vals in vals_list] if many else _first_number(vals_list))

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change sequences; a `number_next` restarts them there."""
        values = _first_number(vals)
        super().write(values)
        store = self.env.db.store
        for row in self.exists()._rows() if "number_next" in values else ():
            store.put("ir.sequence", {name: value for name, value in row.items() if name != "number_next_actual"})
        return True

    @api.constrains("number_increment")
    def _check_step(self) -> None:
        if any(sequence.number_increment == 0 for sequence in self):
            raise UserError("Step must not be zero.")
