"""What employees may take of types that require an allocation.

Each request takes from the allocations that are valid on its days, those that end first before the others, and of one
that is valid on some of its days no more than these.  Until 18.0 an allocation counts before it is approved.

Source: recorded in flow-leave-1 (17.0).  Inferred: requests that are longer than an allocation is valid.
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.hr_holidays import periods
from mockserver.addons.resource import working_time
from mockserver.orm.records.environment import Recordset

_OPEN = ("confirm", "validate1", "validate")
_APPROVED = ("validate",)
_END = "9999-12-31"


def requires_allocation(kind: Recordset) -> bool:
    """Return whether a type gives only what was allocated."""
    known = kind._model.fields
    if "requires_allocation" in known:
        return kind.requires_allocation in (True, "yes")
    return bool(kind) and kind.allocation_type != "no"


def covers(leave: Recordset) -> bool:
    """Return whether the allocations cover a request beside the employee's other requests."""
    kind = leave.holiday_status_id
    if "allows_negative" in kind._model.fields and kind.allows_negative:
        return missing(leave.employee_id, kind) <= float(kind.max_allowed_negative)
    return missing(leave.employee_id, kind) <= missing(leave.employee_id, kind, leave)


def allocated(leave: Recordset) -> float:
    """Return what is allocated for the first day of a request."""
    return balance(leave.employee_id, leave.holiday_status_id, str(leave.request_date_from)[:10])[0]


def _covering(employee: Recordset) -> tuple[str, ...]:
    """Return the states of the allocations that cover requests."""
    return _APPROVED if employee.env.db.profile.rules.allocations_approved else _OPEN


def missing(employee: Recordset, kind: Recordset, ignored: Any = ()) -> float:
    """Return how much the employee's requests take beyond the allocations."""
    asked = [one for one in requests(employee, kind, _OPEN) if one.id not in [other.id for other in ignored]]
    return _distributed(allocations(employee, kind, _covering(employee)), asked)[1]


def allocations(employee: Recordset, kind: Recordset, states: Any) -> list[Recordset]:
    """Return an employee's allocations of a type, those that end first before the others; accruals before the rest."""
    domain = [("employee_id", "=", employee.id), ("holiday_status_id", "=", kind.id), ("state", "in", list(states))]
    found = employee.env["hr.leave.allocation"].sudo().search(domain, order="date_from, id")
    return sorted(found, key=lambda one: (str(one.date_to or _END), one.allocation_type != "accrual"))


def valid(allocation: Recordset, start: Any, stop: Any) -> bool:
    """Return whether an allocation is valid from one day to another."""
    first, last = str(allocation.date_from or "")[:10], str(allocation.date_to or _END)[:10]
    return first <= str(start)[:10] and str(stop)[:10] <= last


def amount(record: Recordset) -> float:
    """Return the days of an allocation or of a request, or its hours if the type counts hours."""
    if not _in_hours(record):
        return float(record.number_of_days)
    name = "number_of_hours" if "number_of_hours" in record._model.fields else "number_of_hours_display"
    return float(record[name])


def balance(employee: Recordset, kind: Recordset, day: str) -> tuple[float, float, float]:
    """Return what is allocated on a day, what is taken, and what is left when open requests are taken as well."""
    if not requires_allocation(kind):
        taken = requests(employee, kind, _APPROVED)
        return 0.0, sum(amount(one) for one in taken), 0.0
    granted = [one for one in allocations(employee, kind, _APPROVED) if valid(one, day, day)]
    allocated = sum(amount(one) for one in granted)
    taken_ones = sum(taken_from(one) for one in granted)
    asked = sum(taken_from(one, requested=True) for one in granted)
    return allocated, taken_ones, allocated - asked


def taken_from(allocation: Recordset, requested: bool = False) -> float:
    """Return what approved requests take from an allocation, or with those that are still open."""
    employee, kind = allocation.employee_id, allocation.holiday_status_id
    found = requests(employee, kind, _OPEN if requested else _APPROVED)
    return _distributed(allocations(employee, kind, _covering(employee)), found)[0].get(allocation.id, 0.0)


def requests(employee: Recordset, kind: Recordset, states: Any) -> Recordset:
    """Return an employee's requests of a type, the first days first."""
    domain = [("employee_id", "=", employee.id), ("holiday_status_id", "=", kind.id), ("state", "in", list(states))]
    return employee.env["hr.leave"].sudo().search(domain, order="date_from, id")


def _distributed(given: list[Recordset], wanted: Any) -> tuple[dict[int, float], float]:
    """Return what requests take from each allocation, by its id, and what they take beyond them."""
    left = {one.id: amount(one) for one in given}
    taken = dict.fromkeys(left, 0.0)
    beyond = 0.0
    for leave in wanted:
        rest = amount(leave)
        for one in given:
            part = min(rest, _chargeable(leave, one), left[one.id] - taken[one.id])
            taken[one.id] += part
            rest -= part
        beyond += rest
    return taken, round(beyond, 6)


def _chargeable(leave: Recordset, allocation: Recordset) -> float:
    """Return how much of a request is in the days of an allocation."""
    if valid(allocation, leave.date_from, leave.date_to):
        return amount(leave)
    first, last = str(allocation.date_from or "")[:10], str(allocation.date_to or _END)[:10]
    start, stop = max(str(leave.date_from), f"{first} 00:00:00"), min(str(leave.date_to), f"{last} 23:59:59")
    if start >= stop:
        return 0.0
    calendar, resource = periods.calendar_of(leave), leave.employee_id.sudo().resource_id
    begin, end = working_time.moment(start), working_time.moment(stop)
    spans = working_time.worked(calendar, resource, begin, end, periods.others(leave))
    return working_time.hours(spans) if _in_hours(leave) else periods.days(calendar, spans)


def _in_hours(record: Recordset) -> bool:
    return bool(record.holiday_status_id.request_unit == "hour")
