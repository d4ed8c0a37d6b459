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
        "read_group groups by a many2many", "recorded in core-groups", {11: False, 15: True}
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
    group_no_column: str = rule(
        "error of a groupby without a column", "recorded in core-groups", {11: "AssertionError", 14: "UserError"}
    )
    group_no_column_text: str = rule(
        "text of that error",
        "recorded in core-groups; source of Odoo, BaseModel._read_group_raw",
        {
            11: "Fields in 'groupby' must be regular database-persisted fields (no function or related fields), or"
            " function fields with store=True",
            14: "Fields in 'groupby' must be database-persisted fields (no computed fields)",
            15: "Field {model}.{field} is not a stored field, only stored fields (regular or many2many) are valid for"
            " the 'groupby' parameter",
        },
    )
    group_unknown_field: str = rule(
        "error of an unknown groupby in read_group; where it is a KeyError, unknown fields are ignored",
        "recorded in core-errors, core-groups (12.0, 13.0)",
        {11: "KeyError", 13: "ValueError"},
    )
    group_weeks: bool = rule(
        "groups by week start on the language's first day, not on Monday",
        "recorded in core-groups",
        {11: False, 17: True},
    )
    progress_by_label: bool = rule(
        "read_progress_bar names its groups by labels, not by values and ids",
        "recorded in dates-groups (17.0); source of Odoo, BaseModel.read_progress_bar",
        {11: True, 18: False},
    )
    fill_bounds_are_dates: bool = rule(
        "the bounds of fill_temporal are dates, which groups of a datetime cannot be compared with",
        "source of Odoo, BaseModel._read_group_fill_temporal",
        {11: False, 17: True},
    )
    group_float_parts: bool = rule(
        "parts of a date in groups are floats", "recorded in temporal (18.0, 19.0)", {11: False, 19: True}
    )
    not_in_sql_text: str = rule(
        "error of a group by a field that is not stored",
        "recorded in core-groups (17.0), temporal (18.0, 19.0)",
        {
            11: "Cannot convert field {model}.{field} to SQL",
            18: "Cannot convert {model}.{field} to SQL because it is not stored",
        },
    )
    group_paths: bool = rule(
        "groups by a field of a many2one's record, as in 'partner_id.country_id'",
        "recorded in temporal (19.0)",
        {11: False, 19: True},
    )
    many2many_aggregates: bool = rule(
        "groups have aggregates of a many2many", "recorded in json2-groups (19.0)", {11: True, 19: False}
    )
    currency_sum: bool = rule("the aggregate sum_currency", "recorded in json2-groups (19.0)", {11: False, 19: True})
    flat_domains: bool = rule(
        "a domain that the server combines is flat ('&', '&', a, b, c)",
        "source of Odoo, Domain.__iter__",
        {11: False, 19: True},
    )
    export_needs_group: bool = rule(
        "export_data is for members of the export group", "versions.md §6.1", {11: False, 14: True}
    )
    export_checks_fields: bool = rule(
        "an unknown field in export_data is ValueError, not KeyError",
        "recorded in misc-data (17.0); until 16 source of Odoo, BaseModel._export_rows",
        {11: False, 17: True},
    )
    export_reference_text: bool = rule(
        "export_data gives a reference as 'model,id', not as a name",
        "source of Odoo, BaseModel._export_rows",
        {11: False, 16: True},
    )
    export_texts: bool = rule(
        "export_data gives numbers and booleans as text, unless raw_data is set",
        "source of Odoo, Field.convert_to_export",
        {11: True, 13: False},
    )
    export_local_times: bool = rule(
        "export_data gives times in the user's time zone",
        "source of Odoo, Datetime.convert_to_export; recorded in dates-domains (17.0)",
        {11: False, 13: True},
    )
    export_empty_selection: object = rule(
        "an empty selection in export_data", "recorded in core-groups", {11: False, 13: ""}
    )
    export_empty_relation: object = rule(
        "an empty relation in export_data",
        "recorded in core-groups",
        {11: False, 14: ""},
    )
    load_next_row: bool = rule("load returns nextrow", "recorded in core-groups", {11: False, 13: True})
    load_names_field: bool = rule(
        "the messages of load give the field's label in field_name", "recorded in core-groups", {11: False, 15: True}
    )
    load_names_lines: bool = rule(
        "load gives new lines of a one2many their external ids", "odoo/odoo pulls 35995, 63077", {11: False, 14: True}
    )
    metadata_lists_xmlids: bool = rule(
        "get_metadata lists every external id", "versions.md §6.1", {11: False, 16: True}
    )
    aggregator: str = rule(
        "attribute of fields_get that names a field's aggregate function",
        "versions.md §6.4",
        {11: "group_operator", 18: "aggregator"},
    )
