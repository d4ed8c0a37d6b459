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
