"""Messages, followers, activities and mail."""

from __future__ import annotations

from typing import Any

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
        "recorded in flow-rights, flow-activity (17.0), their differences to 18.0 and 19.0",
        {
            11: "The requested operation cannot be completed due to security restrictions. Please contact your system"
            " administrator.\n\n(Document type: {kind}, Operation: {mode}) - (Records: [{ids}], User: {uid})",
            18: "The requested operation cannot be completed due to security restrictions. Please contact your system"
            " administrator.\n\n(Document type: {kind}, Operation: {mode})\n\nRecords: [{ids}], User: {uid}",
            19: "The requested operation cannot be completed due to security restrictions. Please contact your system"
            " administrator.\n\n(Document type: {kind}, Operation: {mode})\n\nRecords: {ids}, User: {uid}",
        },
    )
    message_refused_as_record: bool = rule(
        "who may not use any records of a model is told so, and not that a message of one cannot be used",
        "recorded in flow-rights-1 (17.0), its differences to 18.0",
        {11: True, 18: False},
    )
    message_record_checked: str = rule(
        "when a message is posted on a record that is missing or that the user may not use, that is told: "
        "before or after the author's missing address; empty: a missing record is not told",
        "recorded in flow-rights-1 (17.0), its differences to 18.0 and 19.0",
        {11: "", 18: "after", 19: "before"},
    )
    tracking_by_sequence: bool = rule(
        "changes of tracked fields are stored by the sequence of their fields, the highest first",
        "recorded in flow-mail (17.0, 18.0, 19.0)",
        {11: False, 17: True},
    )
    notification_subject: str = rule(
        "subject of the mail of a message without one",
        "recorded in flow-mail (17.0, 18.0, 19.0); Inferred: 11.0 to 16.0",
        {11: "Re: {name}", 17: "{name}"},
    )
    mail_message_type: str = rule(
        "type of the message of a mail that is no notification",
        "recorded in flow-activity (17.0); Inferred: 11.0 to 16.0",
        {11: "email", 17: "email_outgoing"},
    )
    missing_address_failure: str = rule(
        "why a notification fails whose recipient has no address",
        "odoo-14.0, odoo-17.0 fields of mail.notification",
        {11: "RECIPIENT", 15: "mail_email_missing"},
    )
    creation_text_posted: bool = rule(
        "the message that tells followers of a new record has a text",
        "recorded in flow-mail, flow-crm, flow-project (17.0, 18.0, 19.0)",
        {11: False, 18: True},
    )
    activity_is_users: bool = rule(
        "a new activity is the user's own by default",
        "recorded in flow-activity (17.0, 19.0)",
        {11: True, 19: False},
    )
    activity_is_to_do: bool = rule(
        "a new activity is a to-do by default", "recorded in flow-activity (17.0, 19.0)", {11: False, 19: True}
    )
    done_activities_kept: bool = rule(
        "activities that are done are archived, whatever their type",
        "odoo-19.0 fields of mail.activity.type: keep_done is gone",
        {11: False, 19: True},
    )
    activity_zone_optional: bool = rule(
        "records are found by the state of activities whose responsible user has no time zone",
        "recorded in flow-crm (17.0, 18.0, 19.0)",
        {11: False, 18: True},
    )
    invalid_address_text: str = rule(
        "error of a black list for what is no address",
        "recorded in flow-activity (17.0); its differences to 18.0",
        {11: "Invalid email address {email!r}", 18: "Invalid email address “{email}”"},
    )
    templates_are_jinja: bool = rule(
        "templates of mails have ${object.name}, not {{ object.name }} and t-out",
        "source of Odoo, mail.template",
        {11: True, 15: False},
    )
    no_address: Any = rule(
        "addresses of a mail that goes to contacts", "recorded in flow-activity (17.0, 19.0)", {11: False, 19: ""}
    )
    joining_is_told: bool = rule(
        "a channel tells who joined it", "recorded in flow-activity (17.0, 19.0)", {11: True, 19: False}
    )
    channels_told_in_store: bool = rule(
        "methods that make a channel answer with all records for the web client",
        "flow-activity (17.0), its differences to 18.0",
        {11: False, 18: True},
    )
    templates_are_checked: bool = rule(
        "a template that cannot be rendered is refused when it is written, not when it is sent",
        "flow-activity (17.0), its differences to 19.0",
        {11: False, 19: True},
    )
