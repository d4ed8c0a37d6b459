"""Groups of records, export and import."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Bulk(Section, title="Groups, export and import"):
    group_functions: bool = rule(
        "read_group's fields may name a function ('field:avg'); before, they must name the groupby",
        "source of Odoo, BaseModel._read_group_raw",
        {11: False, 12: True},
    )
    group_by_many2many: bool = rule(
        "read_group groups by a many2many", "source of Odoo, BaseModel._read_group_raw", {11: False, 15: True}
    )
    group_defaults: bool = rule(
        "read_group without fields adds up every field",
        "source of Odoo, BaseModel._read_group_raw",
        {11: True, 17: False},
    )
    group_total_has_id: bool = rule(
        "read_group without groupby returns the lowest id and no __domain",
        "source of Odoo, BaseModel._read_group_raw",
        {11: True, 17: False},
    )
    group_offset_needs_limit: bool = rule(
        "read_group ignores an offset without a limit",
        "source of Odoo, BaseModel._read_group_raw",
        {11: True, 17: False},
    )
    group_domain_first: bool = rule(
        "a group's __domain begins with the call's own domain",
        "source of Odoo, BaseModel._read_group_format_result",
        {11: False, 17: True},
    )
    group_ranges: str | None = rule(
        "read_group returns the bounds of periods in __range, by field or by groupby",
        "versions.md §6.4",
        {11: None, 15: "field", 16: "groupby"},
    )
    group_unknown_field: str = rule(
        "error of an unknown groupby in read_group",
        "recorded in core-errors (1.6, 15.0)",
        {11: "KeyError", 14: "ValueError"},
    )
    group_weeks: bool = rule(
        "groups by week start on the language's first day, not on Monday",
        "source of Odoo, BaseModel._read_group_process_groupby",
        {11: False, 16: True},
    )
    flat_domains: bool = rule(
        "a domain that the server combines is flat ('&', '&', a, b, c)",
        "source of Odoo, Domain.__iter__",
        {11: False, 19: True},
    )
    export_needs_group: bool = rule(
        "export_data is for members of the export group", "versions.md §6.1", {11: False, 14: True}
    )
    export_texts: bool = rule(
        "export_data gives numbers and booleans as text, unless raw_data is set",
        "source of Odoo, Field.convert_to_export",
        {11: True, 13: False},
    )
    export_empty_selection: object = rule(
        "an empty selection in export_data", "source of Odoo, Selection.convert_to_export", {11: False, 14: ""}
    )
    export_empty_relation: object = rule(
        "an empty relation in export_data",
        "source of Odoo, BaseModel._export_rows; recorded in core-groups (17.0)",
        {11: False, 16: ""},
    )
    load_details: bool = rule(
        "load returns nextrow, and names a field's label in its messages",
        "source of Odoo, BaseModel.load",
        {11: False, 13: True},
    )
    metadata_lists_xmlids: bool = rule(
        "get_metadata lists every external id", "versions.md §6.1", {11: False, 16: True}
    )
    aggregator: str = rule(
        "attribute of fields_get that names a field's aggregate function",
        "versions.md §6.4",
        {11: "group_operator", 18: "aggregator"},
    )
