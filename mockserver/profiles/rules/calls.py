"""How a method is found, refused and called."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Calls(Section, title="Calls"):
    copies_neutralised: bool = rule(
        "duplicate_database takes neutralize_database", "versions.md §1.4, §4.2", {11: False, 16: True}
    )
    creates_many: bool = rule("create takes a list of values", "versions.md §6.1", {11: False, 12: True})
    copy_gives_list: bool = rule("copy returns a list of ids", "versions.md §6.1", {11: False, 18: True})
    records_given_as_text: bool = rule(
        "of a method that returns records, other than create, copy and the like, clients get their text, not ids",
        "recorded in flow-activity (17.0), flow-crm (17.0, 18.0, 19.0)",
        {11: True, 19: False},
    )
    check_access_rights_answers: bool = rule(
        "check_access_rights returns True, not None", "versions.md §6.1", {11: True, 18: False}
    )
    checks_access_mode: bool = rule(
        "an unknown access mode is an error", "recorded in core-errors (1.6, 15.0)", {11: False, 12: True}
    )
    private_text: str = rule(
        "error of calling a private method",
        "versions.md §4.3, recorded in core-errors",
        {
            11: "Private methods (such as {method}) cannot be called remotely.",
            17: "Private methods (such as '{model}.{method}') cannot be called remotely.",
        },
    )
    private_first: bool = rule(
        "a private name is refused whether it exists or not", "versions.md §4.3", {11: True, 17: False, 19: True}
    )
    unknown_method_text: str = rule(
        "error of calling an unknown method",
        "versions.md §4.3, recorded in core-errors",
        {
            11: "type object '{model}' has no attribute '{method}'",
            15: "The method '{method}' does not exist on the model '{model}'",
            16: "type object '{model}' has no attribute '{method}'",
            17: "The method '{model}.{method}' does not exist",
        },
    )
    unknown_uid: str = rule(
        "error of a call with an unknown user id",
        "versions.md §4.3",
        {11: "AccessDenied", 12: "TypeError", 14: "MissingError"},
    )
    uid_may_be_text: bool = rule(
        "a user id may be a text with a number", "recorded in core-envelope (1.6, 11.0, 12.0)", {11: False, 12: True}
    )
    identity_check_name: str = rule(
        "name of the window that asks for the password again",
        "recorded in json2-calls (19.0)",
        {11: "Security Control", 19: "Access Control"},
    )
    no_ids_text: str = rule(
        "error of a record method called without arguments",
        "recorded in core-errors",
        {11: "tuple index out of range", 19: "list index out of range"},
    )
    helpers_private: bool = rule(
        "recordset helpers (mapped, filtered …) are refused",
        "versions.md §6; recorded in rights-fields (17.0), web (18.0)",
        {11: False, 17: True},
    )
    late_helpers_private: bool = rule(
        "browse and sudo are refused too",
        "recorded in rights-fields (17.0), web (18.0, 19.0), json2-calls (19.0)",
        {11: False, 19: True},
    )
    rpc_hides_request: bool = rule(
        "methods that ask for the password again can be called by the web client only",
        "recorded in rights-users (17.0); source of Odoo, borrow_request",
        {11: False, 16: True},
    )
    server_action_none: bool = rule(
        "a server action without a next one returns None, not False",
        "odoo/odoo issue 42268; recorded in misc-config (17.0)",
        {11: True, 14: False},
    )
