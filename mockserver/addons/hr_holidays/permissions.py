"""Who may bring a request for time off into which state.

Since 19.0 a map says which states follow which for a user; until 18.0 each state has its conditions, and administrators
of time off may everything.  Source: read in descriptions and tests of hr_holidays (17.0, 19.0); not recorded.
"""

from __future__ import annotations

from mockserver.errors import AccessError, UserError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group

OFFICER = "hr_holidays.group_hr_holidays_user"
MANAGER = "hr_holidays.group_hr_holidays_manager"
CONFIRM, APPROVED_ONCE, APPROVED, REFUSED, CANCELLED = "confirm", "validate1", "validate", "refuse", "cancel"
_OF_OFFICERS = {
    CONFIRM: {APPROVED, REFUSED}, APPROVED_ONCE: {CONFIRM, APPROVED, REFUSED}, APPROVED: {CONFIRM, REFUSED},
    REFUSED: {CONFIRM, APPROVED}, CANCELLED: {CONFIRM, APPROVED, REFUSED},
}  # fmt: skip


def may(leave: Recordset, state: str) -> bool:
    """Return whether the user may bring a request into a state."""
    try:
        check(leave, state)
    except (UserError, AccessError):
        return False
    return True


def check(leave: Recordset, state: str) -> None:
    """Raise the error of a state that the user may not bring a request into."""
    if leave.env.su:
        return
    if leave.env.db.profile.rules.leave_states_by_map:
        _check_by_map(leave, state)
    elif state != CONFIRM and not in_group(leave.env, MANAGER):
        _check_by_conditions(leave, state)


def _is_approver(leave: Recordset) -> bool:
    return bool(leave.employee_id.sudo().leave_manager_id == leave.env.user)


def _is_past(leave: Recordset) -> bool:
    return str(leave.date_from)[:10] < leave.env.db.clock.today().isoformat()


def _check_by_conditions(leave: Recordset, state: str) -> None:
    env, kind = leave.env, leave.validation_type
    own, officer = leave.employee_id == env.user.employee_id, in_group(env, OFFICER)
    if state == "draft":
        _check_draft(leave, own)
        return
    if officer and own and kind == "no_validation":
        return
    leave.check_access_rule("write")
    text = None if officer else _missing_right(leave, state, own)
    if text:
        raise UserError(text)


def _check_draft(leave: Recordset, own: bool) -> None:
    env = leave.env
    if leave.state == REFUSED:
        raise UserError(env._("Only a Time Off Manager can reset a refused leave."))
    if leave.date_from and str(leave.date_from)[:10] <= env.db.clock.today().isoformat():
        raise UserError(env._("Only a Time Off Manager can reset a started leave."))
    if not own:
        raise UserError(env._("Only a Time Off Manager can reset other people leaves."))


def _missing_right(leave: Recordset, state: str, own: bool) -> str | None:
    """Return why somebody who is no officer may not bring a request into a state."""
    kind, name = leave.validation_type, leave.employee_id.name
    if not _is_approver(leave):
        if own:
            return "Only a Time Off Officer or Manager can approve/refuse its own requests."
        if state == APPROVED_ONCE and kind == "both":
            return f"You must be either {name}'s manager or Time off Manager to approve this leave"
        if state == APPROVED and kind == "manager":
            return f"You must be {name}'s Manager to approve this leave"
    if state == APPROVED and kind == "hr":
        return "You must either be a Time off Officer or Time off Manager to approve this leave"
    return None


def following(leave: Recordset) -> set[str]:
    """Return the states that the user may bring a request into from its own."""
    env, state, kind = leave.env, leave.state, leave.validation_type
    officer, found = in_group(env, OFFICER), set()
    own = leave.employee_id in env.user.employee_ids
    if own and (officer or not _is_past(leave)) and state in (APPROVED_ONCE, APPROVED, REFUSED):
        found.add(CANCELLED)
    if officer:
        found |= _OF_OFFICERS.get(state, set())
        return found | ({APPROVED_ONCE} if kind == "both" and state in (CONFIRM, REFUSED, CANCELLED) else set())
    if _is_approver(leave):
        if kind != "hr" and state in (CONFIRM, APPROVED):
            found.add(REFUSED)
        if kind == "both":
            found |= {CONFIRM: {APPROVED_ONCE}, APPROVED_ONCE: {REFUSED}}.get(state, set())
        elif kind == "manager" and state in (CONFIRM, REFUSED):
            found.add(APPROVED)
    return found


_TEXTS = {
    CANCELLED: "You can only cancel your own leave. You can cancel a leave only if this leave is approved, validated or"
    " refused.",
    CONFIRM: "You can't reset a leave. Cancel/delete this one and create an other",
    APPROVED_ONCE: "Only a Time Off Officer/Manager can approve a leave.",
    APPROVED: "Only a Time Off Officer/Manager can validate a leave.",
    REFUSED: "Only a Time Off Officer/Manager can refuse a leave.",
}
_TEXTS_OF_APPROVERS = {
    APPROVED_ONCE: "You can't approve a validated leave.",
    APPROVED: "You can only validate a leave with validation by Time Off Manager.",
    REFUSED: "You can't refuse a leave with validation by Time Off Officer.",
}


def _check_by_map(leave: Recordset, state: str) -> None:
    env = leave.env
    if leave.state == state:
        raise UserError(env._("You can't do the same action twice."))
    if state == APPROVED_ONCE and leave.validation_type != "both":
        raise UserError(env._("Not possible state. State Approve is only used for leave needed 2 approvals"))
    if state in following(leave):
        if state != CANCELLED:
            leave.check_access_rule("write")
        return
    if leave.state == CANCELLED:
        raise UserError(env._("A cancelled leave cannot be modified."))
    if state == APPROVED and leave.state == REFUSED and _is_approver(leave):
        raise UserError(env._("You can't approve this refused leave."))
    texts = {**_TEXTS, **_TEXTS_OF_APPROVERS} if _is_approver(leave) else _TEXTS
    raise UserError(env._(texts.get(state, _TEXTS[CONFIRM])))
