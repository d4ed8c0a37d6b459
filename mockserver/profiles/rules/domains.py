"""Domains and order."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule
from mockserver.profiles.wording import DOMAIN_ERRORS, FLECTRA_DOMAIN_ERRORS, DomainErrors


class Domains(Section, title="Domains and order"):
    negation_takes_null: bool = rule(
        "('f', '!=', 'x') and 'not like' also match NULL", "versions.md §8.4", {11: False, 13: True}
    )
    empty_is_null: bool = rule(
        "'= False' also matches '' and 0, and 0 counts as NULL", "versions.md §8.4", {11: False, 18: True}
    )
    empty_text_is_ordered: bool = rule(
        "NULL counts as '' where texts are ordered",
        "recorded in domains-411 (18.0), domains-511 (19.0)",
        {11: False, 19: True},
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
    operator_aliases: tuple[str, ...] = rule(
        "other writings of operators: `<>` for `!=`, `==` for `=`, and any case ('ILIKE')",
        "versions.md §8.1; Inferred: odoo-20 §6",
        {11: ("<>",), 19: ("<>", "==", "case"), 20: ()},
    )
    any: bool = rule("the operators any and not any", "versions.md §8.1", {11: False, 17: True})
    not_equal_like: bool = rule("the operators not =like and not =ilike", "versions.md §8.1", {11: False, 19: True})
    any_line_is_active: bool = rule(
        "an archived line alone is like none for `= False` on a one2many",
        "recorded in domains-411 (18.0), domains-511 (19.0)",
        {11: False, 18: True, 19: False},
    )
    x2many_domain_counts: bool = rule(
        "a condition on an x2many sees only the lines of the field's own domain",
        "recorded in partners-511 (19.0)",
        {11: False, 19: True},
    )
    path_negation: bool = rule(
        "'!' before a path means that no related record matches", "versions.md §8.6", {11: False, 17: True}
    )
    domain_errors: DomainErrors = rule(
        "class and text of domain errors",
        "versions.md §8.2, §8.3, recorded in core-errors",
        DOMAIN_ERRORS,
        {"flectra-1.6": FLECTRA_DOMAIN_ERRORS},
    )
    order_read_before_check: bool = rule(
        "an empty part of an order is an IndexError",
        "recorded in misc-partners (17.0); source of Odoo, BaseModel._flush_search",
        {11: False, 13: True, 18: False},
    )
    order_text_shows_value: bool = rule(
        "the error of an invalid order quotes it", "versions.md §8.9", {11: False, 14: True}
    )
    order_matched: bool = rule(
        "an order that is no text is Python's error of matching it, not of splitting it",
        "recorded in partner-edges (16.0), temporal (18.0), json2-domains (19.0)",
        {11: False, 17: True},
    )
    order_unknown_field: str = rule(
        "text of an unknown field in order",
        "versions.md §8.9, recorded in core-errors",
        {11: "Sorting field {field} not found on model {model}", 13: "Invalid field {field!r} on model {model!r}"},
    )
    order_nulls: bool = rule("nulls first and nulls last in order", "versions.md §8.9", {11: False, 17: True})
    order_paths: bool = rule(
        "order by 'parent_id.name' or 'parent_id.id'", "recorded in partner-edges (11.0–16.0)", {11: False, 17: True}
    )
    order_path_checked: bool = rule(
        "order by a field of a many2one's record, other than its id, is an error",
        "recorded in json2-domains (19.0)",
        {11: False, 19: True},
    )
    order_needs_column: bool = rule(
        "ordering by a field without a column is an error", "versions.md §8.9", {11: False, 18: True}
    )
    date_parts: bool = rule(
        "parts of a date in domains and groups, such as month_number",
        "versions.md §8.7, recorded in temporal (18.0)",
        {11: False, 18: True},
    )
    server_reads_dates: bool = rule(
        "the server reads the dates of a domain, also relative ones (`today -7d`), in the user's time zone; before, the"
        " database reads them",
        "versions.md §8.7, recorded in dates-domains (17.0), temporal (18.0, 19.0)",
        {11: False, 19: True},
    )
    child_of_false_is_roots: bool = rule(
        "('id', 'child_of', False) finds the records without a parent and all below",
        "recorded in partner-edges (11.0, 12.0)",
        {11: True, 12: False},
    )
    false_in_hierarchy: bool = rule(
        "False in the list of child_of stands for the records without a parent",
        "source of Odoo, expression",
        {11: True, 17: False},
    )
    false_has_no_path: bool = rule(
        "False in the list of child_of or parent_of is Python's error for tags and others whose paths are kept",
        "recorded in partner-edges (11.0–16.0)",
        {11: False, 12: True, 17: False},
    )
    parents_of_nothing: bool = rule(
        "parent_of an empty list finds every tag, or is Python's error",
        "recorded in partner-edges (11.0, 12.0)",
        {11: True, 12: False},
    )
    lines_turn_hierarchy: bool = rule(
        "over a one2many to its own model, child_of goes up and parent_of down",
        "recorded in partner-edges (11.0–16.0)",
        {11: True, 17: False},
    )
    hierarchy_of_nothing_fails: bool = rule(
        "child_of an empty list over a many2many is the database's error",
        "recorded in partners-211 (1.6)",
        {11: False},
        {"flectra-1.6": True},
    )
    hierarchy_of_active: bool = rule(
        "child_of and parent_of over a many2many leave out archived records",
        "recorded in partner-edges (11.0–16.0)",
        {11: True, 17: False},
    )
    x2many_finds_names: bool = rule(
        "an x2many is searched for a list of names", "recorded in partner-edges (11.0–16.0)", {11: False, 17: True}
    )
    names_among_ids: bool = rule(
        "a list in a condition on a relation may hold ids and names",
        "recorded in json2-domains (19.0)",
        {11: False, 19: True},
    )
    hierarchy_sees_archived: bool = rule(
        "child_of follows archived records of every model", "versions.md §8.6", {11: False, 17: True}
    )
