"""Values, their description, and what creating, writing and deleting check."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule
from mockserver.profiles.wording import FLECTRA_BROKEN_KEY, FOREIGN_KEY, NOT_NULL

_MODIFIED = "One of the records you are trying to modify has already been deleted (Document type: {kind})."


class Values(Section, title="Values, writing and deleting"):
    unknown_fields_refused: bool = rule(
        "an unknown field in read, create and write is an error, not ignored",
        "recorded in core-types (12.0, 13.0)",
        {11: False, 13: True},
    )
    unknown_field_text: str = rule(
        "text of an unknown field in read and order",
        "versions.md §7.2",
        {11: "Invalid field {field!r} on model {model!r}", 19: "Invalid field {field!r} on {model!r}"},
    )
    unknown_field_in_values_text: str = rule(
        "text of an unknown field in create and write",
        "versions.md §9.5",
        {11: "Invalid field {field!r} on model {model!r}", 19: "Invalid field {field!r} in {model!r}"},
    )
    partner_write_reads_values: bool = rule(
        "writing a contact first reads the fields that change: an unknown one is a KeyError",
        "recorded in web (18.0, 19.0)",
        {11: False, 19: True},
    )
    copied_field: str = rule(
        "field of ir.model.fields that says whether values are copied",
        "source of Odoo, ir_model",
        {11: "copy", 12: "copied"},
    )
    custom_active: bool = rule(
        "the field x_active archives records, as active does",
        "recorded in domains-* (11.0–14.0)",
        {11: False, 14: True},
    )
    field_names_model_label: bool = rule(
        "the display name of a field has the label of its model, not the name",
        "recorded in flow-mail (17.0, 18.0, 19.0)",
        {11: False, 17: True},
    )
    missing_name: str | None = rule(
        "display name of a record whose name is NULL",
        "recorded in domains-*, partner-edges (1.6, 11.0–17.0)",
        {11: "False", 16: "", 17: None},
    )
    empty_name: str | None = rule(
        "display name of a record whose name is ''", "recorded in domains-* (1.6, 11.0–17.0)", {11: "", 17: None}
    )
    state_names_country: bool = rule(
        "display name of a state: 'New York (US)', not 'New York'",
        "recorded in partners-* (1.6, 11.0, 12.0)",
        {11: False, 12: True},
    )
    last_update: bool = rule("the field __last_update", "versions.md §7.1", {11: True, 17: False})
    missing_on_write: str = rule(
        "writing a missing record of a model without rules",
        "versions.md §9.4",
        {11: "modified", 16: "nothing"},
    )
    missing_on_write_with_rules: str = rule(
        "writing a missing record of a model with rules",
        "versions.md §9.4, core-crud (1.6)",
        {11: "modified", 13: "missing"},
    )
    missing_on_unlink: bool = rule(
        "deleting a missing record of a model with rules is an error",
        "recorded in core-errors (12.0, 13.0)",
        {11: False, 13: True},
    )
    required_restricts: bool = rule(
        "the foreign key of a mandatory many2one prevents the deletion of its target",
        "rest-yezy §10; source of Odoo, Many2one",
        {11: False, 13: True},
    )
    unlink_rights_first: bool = rule(
        "deleting a protected user checks access rights first",
        "recorded in yezy-odoo-17.0",
        {11: False, 15: True},
    )
    missing_text: str = rule(
        "error of reading or copying a missing record",
        "versions.md §9.4, recorded in core-errors",
        {
            11: "Record does not exist or has been deleted.\n\n(Records: [{id}], User: {uid})",
            13: "Record does not exist or has been deleted.\n(Record: {model}({id},), User: {uid})",
        },
        {"flectra-1.6": "Record does not exist or has been deleted."},
    )
    modified_text: str = rule(
        "error of writing a missing record, where that is not the error of reading one",
        "versions.md §9.4, recorded in core-errors",
        {11: f"{_MODIFIED}\n\n(Records: {{ids}}, User: {{uid}})"},
        {"flectra-1.6": _MODIFIED},
    )
    users_from_panel: bool = rule(
        "a user created without a login is a RedirectWarning",
        "recorded in core-errors (1.6, 15.0)",
        {11: True, 16: False},
    )
    settings_asked_only: bool = rule(
        "default_get of res.config.settings gives the groups, modules and parameters that are asked for, not all",
        "source of Odoo, ResConfigSettings._get_classified_fields; recorded in misc-config (17.0)",
        {11: False, 16: True},
    )
    constraint_prefix: bool = rule(
        "constraint errors begin with 'The operation cannot be completed: '", "versions.md §9.6", {11: False, 16: True}
    )
    constraint_names: bool = rule(
        "a constraint error is the constraint's name, in a call whose context has no language",
        "recorded in core-errors (13.0, 14.0, 15.0), i18n-base (14.0)",
        {11: False, 13: True, 16: False},
    )
    not_null_text: str = rule(
        "text of a missing mandatory value",
        "versions.md §9.6, recorded in core-errors, core-types (1.6)",
        NOT_NULL,
        {"flectra-1.6": FLECTRA_BROKEN_KEY},
    )
    foreign_key_text: str = rule(
        "text of a broken foreign key",
        "versions.md §9.6, recorded in core-types",
        FOREIGN_KEY,
        {"flectra-1.6": FLECTRA_BROKEN_KEY},
    )
    foreign_key_names_field: bool = rule(
        "the error of a broken foreign key names the field, not the constraint",
        "recorded in core-commands, core-types (19.0)",
        {11: False, 19: True},
    )
    foreign_key_unknown: str = rule(
        "how the error of a broken foreign key names the table of a many2many",
        "recorded in core-commands",
        {11: "Unknown", 16: "unknown"},
    )
    driver_quotes_end: bool = rule(
        "the database's error for a text used as an id quotes the end of its statement",
        "recorded in core-errors",
        {11: True, 12: False, 14: True, 17: False},
    )
    custom_name_in_table: bool = rule(
        "the name of a custom field is checked by a constraint of the table, not by the model",
        "recorded in core-types, misc-models (17.0)",
        {11: False, 17: True},
    )
    custom_field_model: str = rule(
        "model of a custom field that is created without model_id",
        "recorded in core-types",
        {11: "none", 16: "checked", 17: "given"},
    )
    partner_country_read: bool = rule(
        "writing a missing country on a contact is a MissingError, as its telephone number is formatted anew",
        "recorded in core-commands",
        {11: False, 15: True, 16: False},
    )
    computing_reads_target: bool = rule(
        "a missing record that a stored field is computed through is a MissingError, not the foreign key's error",
        "recorded in core-commands (17.0, 18.0, 19.0)",
        {11: True, 18: False},
    )
    fields_of_a_model_first: bool = rule(
        "deleting a model that a module defines tells of the fields that lead to it, if there are some",
        "recorded in core-errors (14.0, 17.0), misc-models (17.0)",
        {11: False, 14: True},
    )
    base_labels_writable: bool = rule(
        "label and help of a field that a module defines may be written",
        "recorded in misc-models (17.0)",
        {11: False, 16: True},
    )
    module_model_unlink_text: str = rule(
        "error of deleting a model that a module defines",
        "recorded in core-errors",
        {
            11: "Model '{name}' contains module data and cannot be removed!",
            12: "Model '{name}' contains module data and cannot be removed.",
            18: "Model “{name}” contains module data and cannot be removed.",
            19: "This column contains module data and cannot be removed!",
        },
    )
    html_is_text: bool = rule(
        "what is written to an HTML field and is no text becomes 'Unknown error when sanitizing'",
        "recorded in temporal (18.0, 19.0)",
        {11: False, 18: True},
    )
    iso_datetimes: bool = rule(
        "a datetime may have a T between date and time",
        "recorded in core-types (11.0–13.0)",
        {11: True, 13: False},
    )
    bin_size_of_column: bool = rule(
        "bin_size of a custom binary field is the length of its base64 text",
        "recorded in core-types (11.0–13.0)",
        {11: True, 13: False},
    )
    binary_structs: bool = rule(
        "a binary field reads as {content, size}, and bin_size in the context has no effect",
        "Inferred: odoo-20 §7",
        {11: False, 20: True},
    )
    datetime_cut: bool = rule("microseconds in a datetime text are dropped", "versions.md §7.3", {11: True, 13: False})
    many2one_list_empties: bool = rule(
        "many2one given [id, name] in write becomes empty", "versions.md §10", {11: False, 13: True}
    )
    x2many_takes_ids: bool = rule("an x2many accepts a plain list of ids", "versions.md §10", {11: False, 13: True})
    unchecked_dates: str = rule(
        "when an invalid date text is the database's error, not Python's",
        "versions.md §9.5, recorded in core-errors (1.6, 15.0)",
        {11: "always", 12: "on create", 16: "never"},
    )
    untranslated_fields_listed: bool = rule(
        "get_field_translations lists a field that is not translated",
        "recorded in i18n-base (16.0, 17.0)",
        {11: False, 16: True, 17: False},
    )
    translated_langs_checked: bool = rule(
        "update_field_translations refuses a language that is not active",
        "recorded in i18n-base (16.0, 17.0)",
        {11: False, 17: True},
    )
    source_listed_last: bool = rule(
        "get_field_translations lists the source after the translations",
        "recorded in i18n (18.0, 19.0)",
        {11: False, 18: True, 19: False},
    )
    related_checked: bool = rule(
        "the error of a bad value for a related field in write names that field, not its source",
        "recorded in rights-users (17.0); source of Odoo, BaseModel.write",
        {11: False, 12: True},
    )
    email_formatted_normalised: bool = rule(
        "email_formatted has the bare addresses in lower case",
        "recorded in misc-partners (17.0); source of Odoo, res.partner",
        {11: False, 15: True},
    )
    data_selections_checked: bool = rule(
        "a selection whose values come from data, such as a language, is checked",
        "recorded in i18n-base (17.0), i18n (18.0, 19.0)",
        {11: True, 18: False},
    )
    repeated_barcode_text: str = rule(
        "error of a barcode that another contact has",
        "recorded in companies-2 (17.0)",
        {11: "An other user already has this barcode", 15: "Another partner already has this barcode"},
    )
    contact_keeps_no_address: bool = rule(
        "every write to a contact copies the address of its company",
        "source of Odoo, res_partner",
        {11: True, 12: False},
    )
    lists_created: bool = rule(
        "`create` takes a list of values",
        "recorded in core-crud (11.0, 12.0)",
        {11: False, 12: True},
    )
    lines_created_together: str = rule(
        "when the lines that a one2many creates are created by one call",
        "recorded in partner-edges (11.0–16.0); source of Odoo, One2many",
        {11: "never", 12: "on create", 13: "always"},
    )
    partner_names_first: bool = rule(
        "a search for contacts lists those found by display name first; a negated one looks at the name alone",
        "recorded in partner-edges (11.0–16.0)",
        {11: True, 16: False},
    )
    category_empty_name_matches: bool = rule(
        "('category_id', '=', '') finds what has any tag",
        "recorded in partner-edges (11.0–16.0)",
        {11: True, 17: False},
    )
    category_names_reach_down: bool = rule(
        "a search for a tag also matches the names of its parents",
        "recorded in i18n (17.0, 18.0)",
        {11: False, 18: True},
    )
    reads_without_id: bool = rule(
        "read of an id that is 0, False or None gives a record without values",
        "versions.md §7.2; recorded in json2-calls (19.0)",
        {11: False, 18: True},
    )
    search_read_reads_found: bool = rule(
        "search_read does not look at the fields if no record is found",
        "source of Odoo, BaseModel.search_read",
        {11: True, 17: False},
    )
    lang_checked: bool = rule(
        "an unknown language in the context is an error", "versions.md §7.3", {11: False, 18: True}
    )
    log_fields_readonly: bool = rule(
        "fields_get reports create_uid and the like as readonly",
        "recorded in core-crud (1.6, 15.0)",
        {11: False, 12: True},
    )
    display_name_searchable: bool = rule(
        "fields_get reports display_name as searchable", "versions.md §7.1", {11: False, 18: True}
    )
    stored_is_sortable: bool = rule(
        "fields_get reports every stored field as sortable, also x2many and binary ones",
        "recorded in core-crud (1.6, 15.0)",
        {11: True, 14: False},
    )
    not_described: tuple[str, ...] = rule(
        "attributes that fields_get does not give yet",
        "versions.md §6.4, recorded in misc-models (17.0)",
        {
            11: ("name", "exportable", "trim", "default_export_compatible", "groupable"),
            12: ("name", "exportable", "default_export_compatible", "groupable"),
            16: ("default_export_compatible", "groupable"),
            17: ("groupable",),
            18: (),
        },
    )
    lists_in_words: bool = rule(
        "texts list names in words: `A, B, and C`",
        "recorded in flow-product-1 (18.0)",
        {11: False, 18: True},
    )
    moments_by_language: bool = rule(
        "times in texts are written in the forms of the language, not as `Apr 1, 2031, 12:00:00 AM`",
        "recorded in flow-product-4 (17.0, 18.0, 19.0)",
        {11: False, 19: True},
    )
