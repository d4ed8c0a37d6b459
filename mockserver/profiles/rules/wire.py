"""The protocols: routes, status and content types, errors, sessions, the session information."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Wire(Section, title="On the wire"):
    error_code: int = rule("code of a JSON-RPC error", "versions.md §2.2", {11: 200, 19: 0})
    error_keys: tuple[str, ...] = rule(
        "keys of a JSON-RPC error's data",
        "versions.md §2.2",
        {
            11: ("name", "debug", "message", "arguments", "exception_type"),
            14: ("name", "debug", "message", "arguments", "context"),
            19: ("name", "message", "arguments", "context", "debug"),
        },
    )
    null_result: bool = rule(
        "a method that returns None is answered with result null, not without a result",
        "versions.md §2.1; Inferred: odoo-20 §2",
        {11: False, 20: True},
    )
    exceptions_carry_value: bool = rule(
        "exceptions have a second argument, which appears in their texts",
        "versions.md §2.2, §3.2",
        {11: True, 14: False},
    )
    access_denied: str = rule("text of AccessDenied", "versions.md §3.2", {11: "Access denied", 14: "Access Denied"})
    expired_keeps_id: bool = rule(
        "a session-expired error repeats the request's id", "versions.md §2.2", {11: True, 16: False}
    )
    json_errors_for_unknown_urls: bool = rule(
        "JSON sent to an unknown URL is answered in JSON, status 404", "versions.md §1.2", {11: True, 16: False}
    )
    http_error_text: str = rule(
        "text of an HTTP error in a JSON answer",
        "recorded in core-envelope",
        {11: "{status}: {title}", 12: "{status} {title}: {wide}", 14: "{status} {title}: {description}"},
    )
    login_missing_expires: bool = rule(
        "a route that needs a login is session-expired without one, not 404",
        "recorded in core-envelope (1.6)",
        {11: False},
        {"flectra-1.6": True},
    )
    one_database_known: bool = rule(
        "with one database a request without a session is session-expired, not 404, and no other can be logged in to",
        "recorded in web-session (17.0); the other recordings are of servers with several databases",
        {11: False, 17: True, 18: False},
    )
    wrong_type_status: int = rule(
        "HTTP status of a JSON route called with another content type", "versions.md §1.2", {11: 400, 19: 415}
    )
    rest_flavour: str = rule(
        "REST add-on that is served by default",
        "rest-collisions §4",
        {11: "muk_rest", 12: "odoo_rest_api"},
    )
    escapes_json: bool = rule("answers escape non-ASCII characters", "versions.md §1.1", {11: True, 16: False})
    json_content_type: str = rule(
        "content type of JSON answers",
        "versions.md §1.1",
        {11: "application/json", 16: "application/json; charset=utf-8"},
    )
    xml_content_type: str = rule(
        "content type of XML-RPC answers", "versions.md §1.1", {11: "text/xml", 12: "text/xml; charset=utf-8"}
    )
    json_body_checked: bool = rule(
        "a JSON-RPC body that is not an object, or whose params are not one, has an error of its own",
        "versions.md §1.2",
        {11: False, 16: True},
    )
    token_before_type: bool = rule(
        "a POST of another content type to a JSON route is refused because it has no CSRF token",
        "observed on servers of 11.0, 12.0, 13.0 and 14.0",
        {11: True, 16: False},
    )
    effect_is_text: bool = rule(
        "show_effect in the session information is a text", "observed on servers of 12.0 to 16.0", {11: True, 15: False}
    )
    page_content_type: str = rule(
        "content type of error pages",
        "observed on servers of 11.0 to 16.0",
        {11: "text/html", 16: "text/html; charset=utf-8"},
    )
    options_allowed: bool = rule(
        "the header Allow of XML-RPC's routes names OPTIONS",
        "observed on servers of 14.0 and 16.0",
        {11: False, 16: True},
    )
    invalid_json_text: str = rule(
        "error of a body that is not JSON",
        "versions.md §1.2",
        {11: "Invalid JSON data: {body!r}", 16: "Invalid JSON data"},
    )
    wrong_type_text: str = rule(
        "text of a JSON route called with another content type",
        "versions.md §1.2",
        {
            11: "{path}: Function declared as capable of handling request of type 'json' but called with a request of"
            " type 'http'",
            16: "Request inferred type is compatible with ['http'] but {path!r} is type='json'.",
            19: "Request inferred type is compatible with ['http'] but {path!r} is type='jsonrpc'.",
        },
    )
    session_info_without_login: bool = rule(
        "get_session_info without a session is session-expired, not 404", "versions.md §1.4", {11: True, 16: False}
    )
    companies_told: bool = rule(
        "user_companies are given even when there is only one", "versions.md §5", {11: False, 13: True}
    )
    companies_by_id: bool = rule("user_companies are a mapping by id", "versions.md §5", {11: False, 15: True})
    company_branches: bool = rule("user_companies list branches", "versions.md §5", {11: False, 17: True})
    company_currency_told: bool = rule("user_companies include the currency", "versions.md §5", {11: False, 19: True})
    session_id_length: int = rule("characters of a session id", "versions.md §1.3", {11: 40, 18: 84})
    login_renews_session: bool = rule("a login gives the session another id", "versions.md §1.3", {11: False, 12: True})
    database_header: bool = rule("the header X-Odoo-Database", "versions.md §1.3", {11: False, 19: True})
    web_unknown_model: str = rule(
        "error of call_kw with an unknown model", "versions.md §1.4", {11: "KeyError", 18: "NotFound"}
    )
    button_keywords: bool = rule("call_button takes kwargs", "versions.md §1.4", {11: False, 13: True})
    unknown_database_text: str = rule(
        "error of an unknown database",
        "recorded in core-errors (1.6, 15.0)",
        {
            11: 'FATAL:  database "{name}" does not exist\n',
            15: 'connection to server at "127.0.0.1", port 5432 failed: FATAL:  database "{name}" does not exist\n',
        },
    )
    xmlrpc_before_routes: bool = rule(
        "XML-RPC is handled before routing, sessions and error handling",
        "versions.md §1.1; odoo/service/wsgi_server.py (11.0)",
        {11: True, 12: False},
    )
    xmlrpc_refuses_json: bool = rule(
        "XML-RPC with the content type of JSON is a bad request", "versions.md §1.2", {11: False, 12: True, 16: False}
    )
    xml_declaration: str = rule(
        "first line of an XML-RPC answer",
        "versions.md §3.1",
        {11: "<?xml version='1.0'?>", 18: '<?xml version="1.0"?>'},
    )
    xml_drops_controls: bool = rule(
        "control characters are left out of XML-RPC answers", "versions.md §3.1", {11: False, 15: True}
    )
    xml_datetimes: bool = rule(
        "dateTime.iso8601 in a request arrives as a datetime", "versions.md §3.1", {11: False, 18: True}
    )
    strict_bytes: bool = rule("bytes in an answer must be UTF-8", "versions.md §2.3, §3.1", {11: False, 18: True})
    json2: bool = rule("the JSON-2 endpoint", "versions.md §11", {11: False, 19: True})
    api_keys: bool = rule("an API key in place of the password over RPC", "versions.md §11.1", {11: False, 14: True})
    api_keys_expire: bool = rule("an API key has an expiration date", "versions.md §11.1", {11: False, 18: True})
    session_days: int = rule("days that a session cookie lives", "versions.md §1.3", {11: 90, 16: 7})
    session_in_header: bool = rule(
        "the session id is accepted in the query or in X-Openerp-Session-Id", "versions.md §1.3", {11: True, 16: False}
    )
    failed_login_is_an_answer: bool = rule(
        "a failed web login returns uid false", "versions.md §5", {11: True, 12: False}
    )
    half_login_has_info: bool = rule(
        "the answer to the password of a user with two-factor authentication has session information",
        "versions.md §5",
        {11: True, 16: False},
    )
    unknown_service: str = rule(
        "error of an unknown RPC service",
        "versions.md §2.3, recorded in core-errors; Inferred: odoo-20 §1",
        {11: "UnboundLocalError", 16: "KeyError", 20: "ValueError"},
    )
    db_service: bool = rule(
        "the service db over XML-RPC and JSON-RPC", "versions.md §4.2; Inferred: odoo-20 §1", {11: True, 20: False}
    )
    rpc_notice: bool = rule(
        "the server's log says that XML-RPC and JSON-RPC end with Odoo 22; clients see nothing of it",
        "versions.md §11.6; Inferred: odoo-20 §1",
        {11: False, 19: True},
    )
    qualified_names: bool = rule(
        "argument errors name the class of the method", "recorded in core-errors (15.0, 17.0)", {11: False, 16: True}
    )
    jsonrpc_name: str = rule(
        "how an error names the method behind /jsonrpc",
        "recorded in core-envelope",
        {11: "RPC.jsonrpc", 19: "JSONRPC.jsonrpc"},
    )
    arity_by_unpacking: str | None = rule(
        "too few RPC arguments are a ValueError about unpacking",
        "recorded in core-errors (1.6, 19.0)",
        {11: "three", 12: None, 19: "five"},
    )
    drops_extra_params: bool = rule(
        "unknown parameters of a JSON route are dropped", "versions.md §1.3", {11: False, 13: True}
    )
    context_argument: bool = rule(
        "a surplus positional argument is the context", "versions.md §4.4", {11: True, 13: False}
    )
    plain_routes_refuse_json: bool = rule(
        "plain HTTP routes refuse the content type of JSON", "rest-yezy §1", {11: True, 16: False}
    )
    options_needs_login: bool = rule(
        "OPTIONS on a plain HTTP route is sent to the login page, not 405", "rest-yezy §1", {11: False, 16: True}
    )
    errors_show_rule: bool = rule(
        "the error of a wrong content type names the route's rule, not the path",
        "recorded in yezy-odoo-17.0",
        {11: False, 16: True},
    )
    context_param_replaces: bool = rule(
        "the parameter context of a JSON route replaces the session's context, and does not extend it",
        "source of Odoo, http.JsonRequest",
        {11: True, 16: False},
    )
    login_page_absolute: bool = rule(
        "the redirection to the login page and back contains the whole URL", "rest-yezy §1", {11: True, 16: False}
    )
    plain_errors_told: bool = rule(
        "plain HTTP routes answer AccessError with 403, other user errors with 400",
        "rest-yezy §1",
        {11: False, 16: True},
    )
    web_client_address: str = rule(
        "address of the web client, to which the start page, a login and a logout lead",
        "versions.md §1.4, recorded in web-session (17.0)",
        {11: "/web", 18: "/odoo"},
    )
    login_page_returns: bool = rule(
        "the web client without a session names itself to the login page as the address to return to",
        "versions.md §1.4, recorded in web-session (17.0)",
        {11: False, 18: True},
    )
    old_error_pages: bool = rule(
        "plain error pages begin with the document type of HTML 3.2",
        "recorded in web-dataset (17.0)",
        {11: True, 18: False},
    )
    unknown_action_is_missing: bool = rule(
        "/web/action/load of an unknown id is an error, not false",
        "recorded in web-dataset (17.0); Inferred from 18 on",
        {11: False, 18: True},
    )
    actions_told_in_part: bool = rule(
        "/web/action/load leaves out the fields of an action that the client does not need",
        "recorded in web-dataset (17.0); source of Odoo, ir.actions",
        {11: False, 14: True},
    )
    action_context_param: str = rule(
        "parameter of /web/action/load that adds to the context",
        "versions.md §1.4",
        {11: "additional_context", 18: "context"},
    )
    export_formats: tuple[tuple[str, str], ...] = rule(
        "formats of exports, each with its label",
        "versions.md §1.4; recorded in web-dataset (17.0)",
        {11: (("csv", "CSV"), ("xls", "Excel")), 13: (("xlsx", "XLSX"), ("csv", "CSV"))},
    )
    health_of_database: bool = rule(
        "/web/health can tell of the database server", "versions.md §1.4", {11: False, 16: True}
    )
