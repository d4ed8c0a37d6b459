"""Attendances and time off."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Days(Section, title="Attendances and time off"):
    attendance_label: str = rule(
        "what stands between hours and times in the name of an attendance",
        "recorded in flow-hr-1 (17.0, 18.0)",
        {11: " : ", 18: " "},
    )
    users_edit_their_employee: bool = rule(
        "users may change what their employee has through their own user",
        "recorded in flow-hr-1 (17.0, 19.0)",
        {11: False, 19: True},
    )
    hours_as_clock: bool = rule(
        "hours of time off read as a clock, `2:30 hours`; its name has dates alone, and tells its length as elsewhere",
        "recorded in flow-leave-1 (17.0, 18.0)",
        {11: False, 18: True},
    )
    overlap_line: str = rule(
        "line on time off that overlaps; that of the user has no name",
        "recorded in flow-leave-1, flow-random-days-1 (17.0, 19.0)",
        {11: "{name} - {period}", 19: "\t{name} {period}"},
    )
    overlap_line_own: str = rule(
        "line on time off of the user that overlaps",
        "recorded in flow-leave-1 (17.0); inferred from the line on that of others (19.0)",
        {11: "{period}", 19: "\t {period}"},
    )
    unit_follows_type: bool = rule(
        "a type by half days or hours has all requests asked for by these; other types none",
        "recorded in flow-leave-1 (17.0, 19.0)",
        {11: False, 19: True},
    )
    allocations_approved: bool = rule(
        "only approved allocations cover requests, and one without approved allocations is refused as such",
        "recorded in flow-leave-1 (17.0, 19.0)",
        {11: False, 19: True},
    )
    leave_states_by_map: bool = rule(
        "a map says which state of time off follows which for whom; `action_approve` gives the approval that is next",
        "recorded in flow-leave-1 (17.0, 18.0, 19.0); the map from descriptions of hr_holidays (19.0)",
        {11: False, 19: True},
    )
    mandatory_day: str = rule(
        "error of time off on a mandatory day",
        "source of Odoo 17.0, 18.0, hr_holidays",
        {
            11: "You are not allowed to request a time off on a Mandatory Day.",
            18: "You are not allowed to request time off on a Mandatory Day",
        },
    )
    leave_unlinked_by_manager: bool = rule(
        "administrators of time off delete requests in every state",
        "recorded in flow-leave-1 (17.0, 19.0)",
        {11: False, 19: True},
    )
    allocation_refused_though_asked: bool = rule(
        "requests that are not approved do not keep their allocation from being refused",
        "recorded in flow-leave-1 (17.0, 19.0)",
        {11: False, 19: True},
    )
    allocation_not_waiting: str = rule(
        "error of approving an allocation that is not open; empty if it is left as it is",
        "recorded in flow-leave-1 (17.0, 18.0, 19.0)",
        {
            11: "",
            18: 'Allocation must be confirmed "To Approve" or validated once "Second Approval" in order to approve it.',
            19: 'Allocation must be "To Approve" in order to approve it.',
        },
    )
