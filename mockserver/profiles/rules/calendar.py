"""Calendars."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Calendars(Section, title="Calendars"):
    event_backwards: str = rule(
        "what the error of an event that ends before it starts says of it",
        "recorded in flow-calendar-1 (17.0, 18.0)",
        {
            11: "Meeting '{name}' starts '{start}' and ends '{stop}'",
            18: "Meeting “{name}” starts at {start} and ends at {stop}",
        },
    )
    private_unless_public: bool = rule(
        "events without a privacy of their own are left out of groups by what private events hide",
        "recorded in flow-calendar-1 (17.0); inferred for 18.0",
        {11: False, 18: True},
    )
