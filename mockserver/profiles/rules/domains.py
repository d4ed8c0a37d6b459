"""Domains and order."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule
from mockserver.profiles.wording import DOMAIN_ERRORS, DomainErrors


class Domains(Section, title="Domains and order"):
    negation_takes_null: bool = rule(
        "('f', '!=', 'x') and 'not like' also match NULL", "versions.md §8.4", {11: False, 13: True}
    )
    empty_is_null: bool = rule(
        "'= False' also matches '' and 0, and 0 counts as NULL", "versions.md §8.4", {11: False, 18: True}
    )
    zero_in_list_is_null: bool = rule("0 in a list of `in` is read as NULL", "versions.md §8.4", {11: True, 16: False})
    domain_sets: bool = rule(
        "19's set rules: '= []' is empty, False is an empty set", "versions.md §8.4", {11: False, 19: True}
    )
    lines_without_owner_refuse: bool = rule(
        "a one2many with a negative operator matches nothing where a line that matches belongs to no record",
        "recorded in domains-* (11.0–14.0)",
        {11: True, 14: False},
    )
    false_pattern_is_text: bool = rule(
        "('f', 'like', False) searches the text 'False'", "recorded in domains-* (1.6, 12.0)", {11: True, 13: False}
    )
    any: bool = rule("the operators any and not any", "versions.md §8.1", {11: False, 17: True})
    not_equal_like: bool = rule("the operators not =like and not =ilike", "versions.md §8.1", {11: False, 19: True})
    path_negation: bool = rule(
        "'!' before a path means that no related record matches", "versions.md §8.6", {11: False, 17: True}
    )
    domain_errors: DomainErrors = rule(
        "class and text of domain errors", "versions.md §8.2, §8.3, recorded in core-errors", DOMAIN_ERRORS
    )
    order_text_shows_value: bool = rule(
        "the error of an invalid order quotes it", "versions.md §8.9", {11: False, 14: True}
    )
    order_unknown_field: str = rule(
        "text of an unknown field in order",
        "versions.md §8.9, recorded in core-errors",
        {11: "Sorting field {field} not found on model {model}", 14: "Invalid field {field!r} on model {model!r}"},
    )
    order_nulls: bool = rule("nulls first and nulls last in order", "versions.md §8.9", {11: False, 17: True})
    order_needs_column: bool = rule(
        "ordering by a field without a column is an error", "versions.md §8.9", {11: False, 18: True}
    )
    user_timezone_dates: bool = rule(
        "a date compared with a datetime is in the user's time zone", "versions.md §8.7", {11: False, 19: True}
    )
    hierarchy_sees_archived: bool = rule("child_of follows archived records", "versions.md §8.6", {11: False, 17: True})
