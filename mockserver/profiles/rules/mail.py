"""Messages, followers, activities and mail."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Mail(Section, title="Messages and mail"):
    message_body_escaped: bool = rule(
        "the body of a posted message is plain text unless body_is_html is given",
        "recorded in flow-mail (17.0, 18.0, 19.0)",
        {11: False, 17: True},
    )
    message_parameters_checked: bool = rule(
        "values that are not supported when posting are refused, not ignored",
        "recorded in flow-mail (17.0, 18.0, 19.0)",
        {11: False, 17: True},
    )
    message_keeps_author_address: bool = rule(
        "a message keeps the address of an author who is a contact",
        "recorded in flow-mail (17.0, 18.0, 19.0)",
        {11: True, 19: False},
    )
    message_refusal: str = rule(
        "error of using a message whose record the user may not use",
        "recorded in flow-rights, flow-activity (17.0); flow-activity (18.0)",
        {
            11: "The requested operation cannot be completed due to security restrictions. Please contact your system"
            " administrator.\n\n(Document type: {kind}, Operation: {mode}) - (Records: {ids}, User: {uid})",
            18: "The requested operation cannot be completed due to security restrictions. Please contact your system"
            " administrator.\n\n(Document type: {kind}, Operation: {mode})\n\nRecords: {ids}, User: {uid}",
        },
    )
    tracking_by_sequence: bool = rule(
        "changes of tracked fields are stored by the sequence of their fields, the highest first",
        "recorded in flow-mail (17.0, 18.0, 19.0)",
        {11: False, 17: True},
    )
