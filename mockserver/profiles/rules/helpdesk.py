"""Tickets."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Tickets(Section, title="Tickets"):
    policies_from_a_priority: bool = rule(
        "a policy counts for tickets of its priority and above, not only for those of its own",
        "inferred: the lowest priority is named All",
        {11: True, 15: False},
    )
