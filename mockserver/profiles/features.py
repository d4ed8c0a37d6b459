"""What changed from one generation to the next, as data: one entry a difference.

A generation is the Odoo major version whose behaviour a server has: Flectra 1.6 is of generation 11.
Each entry gives the value from a generation on; `Profile` has an attribute of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.profiles.refusals import REFUSALS
from mockserver.profiles.wording import DOMAIN_ERRORS, FOREIGN_KEY, NOT_NULL

FIRST, LAST = 11, 19


@dataclass(frozen=True)
class Feature:
    """One difference: `values` maps the generation from which on a value holds to that value.

    `title` says in a few words what a client sees; `source` where it was read or recorded.
    """

    name: str
    title: str
    values: Mapping[int, Any]
    source: str

    def at(self, generation: int) -> Any:
        """The value in a generation."""
        return self.values[max(start for start in self.values if start <= generation)]


def _feature(name: str, title: str, source: str, values: Mapping[int, Any]) -> Feature:
    return Feature(name, title, values, source)


_V = "versions.md "
_S = "source of Odoo, "

WIRE = (
    _feature("error_code", "code of a JSON-RPC error", _V + "§2.2", {11: 200, 19: 0}),
    _feature(
        "error_keys", "keys of a JSON-RPC error's data", _V + "§2.2",
        {11: ("name", "debug", "message", "arguments", "exception_type"),
         14: ("name", "debug", "message", "arguments", "context"),
         19: ("name", "message", "arguments", "context", "debug")},
    ),
    _feature(
        "exceptions_carry_value", "exceptions have a second argument, which shows in their texts", _V + "§2.2, §3.2",
        {11: True, 14: False},
    ),
    _feature("access_denied", "text of AccessDenied", _V + "§3.2", {11: "Access denied", 14: "Access Denied"}),
    _feature("expired_keeps_id", "a session-expired error echoes the request's id", _V + "§2.2",
             {11: True, 16: False}),
    _feature(
        "json_errors_for_unknown_urls", "JSON sent to an unknown URL is answered in JSON, status 404", _V + "§1.2",
        {11: True, 16: False},
    ),
    _feature(
        "wrong_type_status", "HTTP status of a JSON route called with another content type", _V + "§1.2",
        {11: 400, 19: 415},
    ),
    _feature("rest_flavour", "REST add-on that is served unless another is chosen", "rest-collisions §4",
             {11: "muk_rest", 12: "odoo_rest_api"}),
    _feature("escapes_json", "answers escape non-ASCII characters", _V + "§1.1", {11: True, 16: False}),
    _feature("json_content_type", "content type of JSON answers", _V + "§1.1",
             {11: "application/json", 16: "application/json; charset=utf-8"}),
    _feature("xml_content_type", "content type of XML-RPC answers", _V + "§1.1",
             {11: "text/xml", 12: "text/xml; charset=utf-8"}),
    _feature("json_body_checked", "JSON-RPC that is no object, or has params that are no mapping, is answered",
             _V + "§1.2", {11: False, 16: True}),
    _feature("invalid_json_text", "text of a body that is no JSON", _V + "§1.2",
             {11: "Invalid JSON data: {body!r}", 16: "Invalid JSON data"}),
    _feature(
        "wrong_type_text", "text of a JSON route called with another content type", _V + "§1.2",
        {11: "{path}: the function handles requests of type 'json' but was called with a request of type 'http'",
         16: "Request inferred type is compatible with ['http'] but {path!r} is type='json'.",
         19: "Request inferred type is compatible with ['http'] but {path!r} is type='jsonrpc'."},
    ),
    _feature("session_info_without_login", "get_session_info without a session is session-expired, not 404",
             _V + "§1.4", {11: True, 16: False}),
    _feature("companies_told", "user_companies are told even when there is one", _V + "§5", {11: False, 13: True}),
    _feature("companies_by_id", "user_companies are a mapping by id", _V + "§5", {11: False, 15: True}),
    _feature("company_branches", "user_companies tell branches", _V + "§5", {11: False, 17: True}),
    _feature("company_currency_told", "user_companies tell the currency", _V + "§5", {11: False, 19: True}),
    _feature("session_id_length", "characters of a session id", _V + "§1.3", {11: 40, 18: 84}),
    _feature("login_renews_session", "a login gives the session another id", _V + "§1.3", {11: False, 12: True}),
    _feature("database_header", "the header X-Odoo-Database", _V + "§1.3", {11: False, 19: True}),
    _feature("web_unknown_model", "error of call_kw with an unknown model", _V + "§1.4",
             {11: "KeyError", 18: "NotFound"}),
    _feature("button_keywords", "call_button takes kwargs", _V + "§1.4", {11: False, 13: True}),
    _feature(
        "unknown_database_text", "error of an unknown database", "recorded in core-errors (1.6, 15.0)",
        {11: 'FATAL:  database "{name}" does not exist\n',
         15: 'connection to server at "127.0.0.1", port 5432 failed: FATAL:  database "{name}" does not exist\n'},
    ),
    _feature("xmlrpc_before_routes", "XML-RPC is answered before there are routes, sessions and errors",
             _V + "§1.1; odoo/service/wsgi_server.py (11.0)", {11: True, 12: False}),
    _feature("xmlrpc_refuses_json", "XML-RPC with the content type of JSON is a bad request", _V + "§1.2",
             {11: False, 12: True, 16: False}),
    _feature("xml_declaration", "first line of an XML-RPC answer", _V + "§3.1",
             {11: "<?xml version='1.0'?>", 18: '<?xml version="1.0"?>'}),
    _feature("xml_drops_controls", "control characters are left out of XML-RPC answers", _V + "§3.1",
             {11: False, 15: True}),
    _feature("xml_datetimes", "dateTime.iso8601 in a request arrives as a datetime", _V + "§3.1",
             {11: False, 18: True}),
    _feature("strict_bytes", "bytes in an answer must be UTF-8", _V + "§2.3, §3.1", {11: False, 18: True}),
    _feature("json2", "the JSON-2 endpoint", _V + "§11", {11: False, 19: True}),
    _feature("api_keys", "an API key in place of the password over RPC", _V + "§11.1", {11: False, 14: True}),
    _feature("api_keys_expire", "an API key has an expiration date", _V + "§11.1", {11: False, 18: True}),
    _feature("session_days", "days that a session cookie lives", _V + "§1.3", {11: 90, 16: 7}),
    _feature("session_in_header", "the session id by query or X-Openerp-Session-Id", _V + "§1.3",
             {11: True, 16: False}),
    _feature("failed_login_is_an_answer", "a failed web login answers uid false", _V + "§5", {11: True, 12: False}),
    _feature(
        "unknown_service", "error of an unknown RPC service", _V + "§2.3, recorded in core-errors",
        {11: "UnboundLocalError", 16: "KeyError"},
    ),
    _feature("qualified_names", "argument errors name the class of the method", "recorded in core-errors (15.0, 17.0)",
             {11: False, 16: True}),
    _feature("arity_by_unpacking", "too few RPC arguments are a ValueError about unpacking",
             "recorded in core-errors (1.6, 19.0)", {11: "three", 12: None, 19: "five"}),
    _feature("drops_extra_params", "unknown parameters of a JSON route are dropped", _V + "§1.3",
             {11: False, 13: True}),
    _feature("context_argument", "a surplus positional argument is the context", _V + "§4.4", {11: True, 13: False}),
    _feature("plain_routes_refuse_json", "plain HTTP routes refuse the content type of JSON", "rest-yezy §1",
             {11: True, 16: False}),
    _feature("options_needs_login", "OPTIONS on a plain HTTP route is sent to the login page, not 405", "rest-yezy §1",
             {11: False, 16: True}),
    _feature("errors_show_rule", "a wrong content type is told with the route's rule, not the path",
             "recorded in yezy-odoo-17.0", {11: False, 16: True}),
    _feature("context_param_replaces", "the param context of a JSON route replaces the session's, not adds to it",
             _S + "http.JsonRequest", {11: True, 16: False}),
    _feature("login_page_absolute", "the redirection to the login page and back names the whole URL",
             "rest-yezy §1", {11: True, 16: False}),
    _feature("plain_errors_told", "plain HTTP routes answer AccessError with 403, other user errors with 400",
             "rest-yezy §1", {11: False, 16: True}),
)  # fmt: skip

CALLS = (
    _feature("creates_many", "create takes a list of values", _V + "§6.1", {11: False, 12: True}),
    _feature("copy_gives_list", "copy answers a list of ids", _V + "§6.1", {11: False, 18: True}),
    _feature("check_access_rights_answers", "check_access_rights answers True, not nothing", _V + "§6.1",
             {11: True, 18: False}),
    _feature("checks_access_mode", "an unknown access mode is an error", "recorded in core-errors (1.6, 15.0)",
             {11: False, 12: True}),
    _feature(
        "private_text", "error of calling a private method", _V + "§4.3, recorded in core-errors",
        {11: "Private methods (such as {method}) cannot be called remotely.",
         17: "Private methods (such as '{model}.{method}') cannot be called remotely."},
    ),
    _feature("private_first", "a private name is refused whether it exists or not", _V + "§4.3",
             {11: True, 17: False, 19: True}),
    _feature(
        "unknown_method_text", "error of calling an unknown method", _V + "§4.3, recorded in core-errors",
        {11: "type object '{model}' has no attribute '{method}'",
         15: "The method '{method}' does not exist on the model '{model}'",
         17: "The method '{model}.{method}' does not exist"},
    ),
    _feature("unknown_uid", "error of a call with an unknown user id", _V + "§4.3",
             {11: "AccessDenied", 12: "TypeError", 14: "MissingError"}),
    _feature("no_ids_text", "error of a record method called without arguments", "recorded in core-errors",
             {11: "tuple index out of range", 19: "list index out of range"}),
    _feature("helpers_private", "recordset helpers (mapped, sudo, filtered …) are refused", _V + "§6",
             {11: False, 17: True}),
)  # fmt: skip

VALUES = (
    _feature("unknown_on_create", "an unknown field in create", _V + "§9.5", {11: "ignored", 14: "ValueError"}),
    _feature("unknown_on_write", "an unknown field in write", _V + "§9.5",
             {11: "ignored", 13: "KeyError", 14: "ValueError"}),
    _feature("unknown_on_read", "an unknown field in read", _V + "§7.2",
             {11: "ignored", 13: "KeyError", 14: "ValueError"}),
    _feature("unknown_field_text", "text of an unknown field in read and order", _V + "§7.2",
             {11: "Invalid field {field!r} on model {model!r}", 19: "Invalid field {field!r} on {model!r}"}),
    _feature("unknown_field_in_values_text", "text of an unknown field in create and write", _V + "§9.5",
             {11: "Invalid field {field!r} on model {model!r}", 19: "Invalid field {field!r} in {model!r}"}),
    _feature("copied_field", "field of ir.model.fields that tells whether values are copied", _S + "ir_model",
             {11: "copy", 12: "copied"}),
    _feature("last_update", "the field __last_update", _V + "§7.1", {11: True, 17: False}),
    _feature("missing_on_write", "writing a missing record of a model without rules", _V + "§9.4",
             {11: "modified", 13: "modified", 16: "nothing"}),
    _feature("missing_on_write_with_rules", "writing a missing record of a model with rules",
             _V + "§9.4, core-crud (1.6)",
             {11: "modified", 13: "missing"}),
    _feature("missing_on_unlink", "deleting a missing record of a model with rules is an error", _V + "§9.4",
             {11: False, 14: True}),
    _feature("required_restricts", "a mandatory many2one keeps its target from being deleted by its foreign key",
             "rest-yezy §10; source of Odoo, Many2one", {11: False, 13: True}),
    _feature("unlink_rights_first", "deleting a user who must stay is first a matter of access rights",
             "recorded in yezy-odoo-17.0", {11: False, 15: True}),
    _feature("missing_names_record", "the MissingError names the record and the user", _V + "§9.4",
             {11: False, 13: True}),
    _feature("users_from_panel", "a user created without a login is a RedirectWarning",
             "recorded in core-errors (1.6, 15.0)", {11: True, 16: False}),
    _feature("constraint_prefix", "constraint errors begin with 'The operation cannot be completed: '", _V + "§9.6",
             {11: False, 16: True}),
    _feature("constraint_names", "a constraint error is the constraint's name", "recorded in core-errors (15.0)",
             {11: False, 15: True, 16: False}),
    _feature("not_null_text", "text of a missing mandatory value", _V + "§9.6, recorded in core-errors", NOT_NULL),
    _feature("foreign_key_text", "text of a broken foreign key", _V + "§9.6, recorded in core-types", FOREIGN_KEY),
    _feature("driver_quotes_end", "reading a text as an id: the database quotes the end of its statement",
             "recorded in core-errors (1.6, 15.0)", {11: True, 16: False}),
    _feature("bare_model_name", "text of removing a model of a module", "recorded in core-errors",
             {11: "Model '{name}' contains module data and cannot be removed!",
              14: "Model '{name}' contains module data and cannot be removed.",
              18: "Model “{name}” contains module data and cannot be removed.",
              19: "This column contains module data and cannot be removed!"}),
    _feature("datetime_cut", "microseconds in a datetime text are cut", _V + "§7.3", {11: True, 13: False}),
    _feature("many2one_list_empties", "many2one given [id, name] in write becomes empty", _V + "§10",
             {11: False, 13: True}),
    _feature("x2many_takes_ids", "an x2many takes a plain list of ids", _V + "§10", {11: False, 13: True}),
    _feature("unchecked_dates", "when a bad date text is the database's error, not Python's",
             _V + "§9.5, recorded in core-errors (1.6, 15.0)", {11: "always", 12: "on create", 16: "never"}),
    _feature("lang_checked", "an unknown language in the context is an error", _V + "§7.3", {11: False, 18: True}),
    _feature("log_fields_readonly", "fields_get calls create_uid and the like readonly",
             "recorded in core-crud (1.6, 15.0)", {11: False, 12: True}),
    _feature("display_name_searchable", "fields_get calls display_name searchable", _V + "§7.1",
             {11: False, 18: True}),
    _feature("stored_is_sortable", "fields_get calls every stored field sortable, lines and files too",
             "recorded in core-crud (1.6, 15.0)", {11: True, 14: False}),
    _feature("not_described", "attributes that fields_get does not give yet", _V + "§6.4",
             {11: ("name", "exportable", "trim"), 12: ("name", "exportable"), 16: ()}),
)  # fmt: skip

DOMAINS = (
    _feature("negation_takes_null", "('f', '!=', 'x') and 'not like' take NULL in", _V + "§8.4",
             {11: False, 13: True}),
    _feature("empty_is_null", "'= False' takes '' and 0 in, and 0 counts as NULL", _V + "§8.4", {11: False, 18: True}),
    _feature("zero_in_list_is_null", "0 in a list of `in` is read as NULL", _V + "§8.4", {11: True, 16: False}),
    _feature("domain_sets", "19's set rules: '= []' is empty, False is an empty set", _V + "§8.4",
             {11: False, 19: True}),
    _feature("any", "the operators any and not any", _V + "§8.1", {11: False, 17: True}),
    _feature("not_equal_like", "the operators not =like and not =ilike", _V + "§8.1", {11: False, 19: True}),
    _feature("path_negation", "'!' before a path means that no such record is reached", _V + "§8.6",
             {11: False, 17: True}),
    _feature("domain_errors", "class and text of domain errors", _V + "§8.2, §8.3, recorded in core-errors",
             DOMAIN_ERRORS),
    _feature("order_text_shows_value", "the error of a bad order shows it", _V + "§8.9", {11: False, 14: True}),
    _feature("order_unknown_field", "text of an unknown field in order", _V + "§8.9, recorded in core-errors",
             {11: "Sorting field {field} not found on model {model}",
              14: "Invalid field {field!r} on model {model!r}"}),
    _feature("order_nulls", "nulls first and nulls last in order", _V + "§8.9", {11: False, 17: True}),
    _feature("order_needs_column", "ordering by a field without a column is an error", _V + "§8.9",
             {11: False, 18: True}),
    _feature("user_timezone_dates", "a date compared with a datetime is in the user's time zone", _V + "§8.7",
             {11: False, 19: True}),
    _feature("hierarchy_sees_archived", "child_of walks through archived records", _V + "§8.6", {11: False, 17: True}),
)  # fmt: skip

BULK = (
    _feature("group_functions",
             "read_group's fields may name a function ('field:avg'); before, they must name the groupby",
             _S + "BaseModel._read_group_raw", {11: False, 12: True}),
    _feature("group_by_many2many", "read_group groups by a many2many", _S + "BaseModel._read_group_raw",
             {11: False, 15: True}),
    _feature("group_defaults", "read_group without fields adds up every field", _S + "BaseModel._read_group_raw",
             {11: True, 17: False}),
    _feature("group_total_has_id", "read_group without groupby tells the lowest id, and no __domain",
             _S + "BaseModel._read_group_raw", {11: True, 17: False}),
    _feature("group_offset_needs_limit", "read_group leaves an offset without a limit aside",
             _S + "BaseModel._read_group_raw", {11: True, 17: False}),
    _feature("group_domain_first", "a group's __domain begins with the call's own domain",
             _S + "BaseModel._read_group_format_result", {11: False, 17: True}),
    _feature("group_ranges", "read_group tells the bounds of periods in __range, by field or by groupby",
             _V + "§6.4", {11: None, 15: "field", 16: "groupby"}),
    _feature("group_unknown_field", "error of an unknown groupby in read_group", "recorded in core-errors (1.6, 15.0)",
             {11: "KeyError", 14: "ValueError"}),
    _feature("group_weeks", "weeks of a group begin on the language's first day, not on Monday",
             _S + "BaseModel._read_group_process_groupby", {11: False, 16: True}),
    _feature("flat_domains", "a domain that the server joins is flat ('&', '&', a, b, c)",
             _S + "Domain.__iter__", {11: False, 19: True}),
    _feature("export_needs_group", "export_data is for members of the export group", _V + "§6.1",
             {11: False, 14: True}),
    _feature("export_texts", "export_data gives numbers and booleans as text, unless raw_data is set",
             _S + "Field.convert_to_export", {11: True, 13: False}),
    _feature("export_empty_selection", "an empty selection in export_data", _S + "Selection.convert_to_export",
             {11: False, 14: ""}),
    _feature("export_empty_relation", "an empty relation in export_data",
             _S + "BaseModel._export_rows; recorded in core-groups (17.0)", {11: False, 16: ""}),
    _feature("load_details", "load tells nextrow, and a field's label in its messages", _S + "BaseModel.load",
             {11: False, 13: True}),
    _feature("metadata_lists_xmlids", "get_metadata lists every external id", _V + "§6.1", {11: False, 16: True}),
    _feature("aggregator", "attribute of fields_get that names a field's sum", _V + "§6.4",
             {11: "group_operator", 18: "aggregator"}),
)  # fmt: skip

RIGHTS = (
    _feature("refusals", "texts of AccessError", _V + "§9.1–9.3", REFUSALS),
    _feature("restricted_fields_searched", "fields of other groups can be searched, sorted and grouped by", "Odoo 17.0",
             {11: True, 17: False}),
    _feature("group_choice_fields", "fields_get of users has fields for the choice of groups, which nothing reads",
             "rest-yezy §3", {11: True, 19: False}),
    _feature("passwords_are_stars", "a user's password reads as '********' for those who may not write the user",
             _V + "§7.3", {11: True, 12: False}),
    _feature("companies_in_context", "allowed_company_ids in the context chooses the companies", "Odoo 13.0",
             {11: False, 13: True}),
)  # fmt: skip

FILES = (
    _feature("content_field", "field that /web/content and /web/image read unless told", _V + "§1.4",
             {11: "datas", 16: "raw"}),
    _feature("file_name_field", "field that names a file unless told", _V + "§1.4", {11: "datas_fname", 13: "name"}),
    _feature("nameless_file", "name of a file that has none", _S + "ir.http, ir.binary",
             {11: "{model}-{id}-{field}", 16: "{table}-{id}-{field}"}),
    _feature("unique_seconds", "seconds that a file asked for with `unique` may be kept", _S + "http.STATIC_CACHE",
             {11: 7 * 24 * 3600, 14: 365 * 24 * 3600}),
    _feature("files_inline", "files that are no download are called inline, private, and are sandboxed",
             _S + "http.Stream", {11: False, 16: True}),
    _feature("empty_attachment_is_file", "an attachment without content is an empty file, not 404", _S + "http.Stream",
             {11: False, 16: True}),
    _feature("upload_needs_callback", "upload_attachment must be given a callback", _V + "§1.4", {11: True, 14: False}),
    _feature("report_needs_token", "/report/download must be given a token, which comes back as a cookie",
             _V + "§1.4", {11: True, 15: False}),
)  # fmt: skip

GROUPS: dict[str, tuple[Feature, ...]] = {
    "On the wire": WIRE,
    "Calls": CALLS,
    "Values, writing and deleting": VALUES,
    "Domains and order": DOMAINS,
    "Rights": RIGHTS,
    "Groups, export and import": BULK,
    "Files and reports": FILES,
}
FEATURES: tuple[Feature, ...] = tuple(feature for features in GROUPS.values() for feature in features)
