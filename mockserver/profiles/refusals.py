"""The texts of AccessError, as data: no right on the model, a record rule, a field of other groups.

Source: versions.md §9.1–9.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

VERBS = {"read": "access", "write": "modify", "create": "create", "unlink": "delete"}


@dataclass(frozen=True, eq=False)
class Refusals:
    """The texts of one generation, with named placeholders.

    `{kind}` is always the model's title, `{model}` its name, `{mode}` the operation, `{verb}` the same in words,
    `{uid}` and `{user}` the user.  A text of details is for members of the group of technical features; None: there
    are no details.
    """

    # no right on the model: `{head}` and `{groups}` are the texts that follow
    model: str
    heads: Mapping[str, str]  # by mode
    groups: str  # `{groups}` is the list
    group_mark: str  # before each group but the first
    group_heading: str  # the field whose name precedes that of a group
    nobody: str
    # a record rule: `{ids}`; details: `{records}`, `{rules}`, `{note}`
    record: str
    record_details: str | None
    names_company: bool  # details give the company of each record that belongs to one of the user's
    company_note: str  # where one of the rules uses companies
    suggests_company: bool
    # fields of other groups: `{fields}`; details: `{lines}`, one a field, or `{groups}`
    names_one_field: bool
    field: str
    field_details: str | None


_ADMINISTRATOR = "Please contact your system administrator."
_RESTRICTED = f"The requested operation cannot be completed due to security restrictions. {_ADMINISTRATOR}\n\n"
_CONTACT = "Contact your administrator to request access if necessary."
_COMPANY_ISSUE = "Note: this might be a multi-company issue."

_12 = Refusals(
    model="{head} {groups}\n\n(Document model: {model}) - (Operation: {mode}, User: {uid})",
    heads={
        "read": "Sorry, you are not allowed to access this document.",
        "write": "Sorry, you are not allowed to modify this document.",
        "create": "Sorry, you are not allowed to create this kind of document.",
        "unlink": "Sorry, you are not allowed to delete this document.",
    },
    groups="Only users with the following access level are currently allowed to do that:\n- {groups}",
    group_mark="\n\t- ",
    group_heading="category_id",
    nobody="Please contact your system administrator if you think this is an error.",
    record=_RESTRICTED + "(Document type: {kind}, Operation: {mode}) - (Records: {ids}, User: {uid})",
    record_details=None,
    names_company=False,
    company_note="",
    suggests_company=False,
    names_one_field=False,
    field=_RESTRICTED + "(Document type: {kind}, Operation: {mode}) - (User: {uid}, Fields: {fields})",
    field_details=None,
)
# 11 has one comma too many where a record may not be changed; recorded from a server
_11 = replace(_12, record=_12.record.replace("User: ", "User:{comma} "))
_13 = replace(
    _12,
    model="{head} {groups} - (Operation: {mode}, User: {uid})",
    heads={
        mode: f"Sorry, you are not allowed to {verb} documents of type '{{kind}}' ({{model}})."
        for mode, verb in VERBS.items()
    },
    groups="This operation is allowed for the groups:\n\t- {groups}",
    nobody="No group currently allows this operation.",
    record=_RESTRICTED + '(Document type: "{kind}" ({model}), Operation: {mode})',
    record_details='The requested operation ("{mode}" on "{kind}" ({model})) was rejected because of the following'
    " rules:\n{rules}\n{note}\n(Records: {records}, User: {user} (id={uid}))",
    company_note=f"\n{_COMPANY_ISSUE}\n",
    field='You do not have enough rights to access the fields "{fields}" on {kind} ({model}).'
    f" {_ADMINISTRATOR}\n\n(Operation: {{mode}})",
    field_details="The requested operation can not be completed due to security restrictions.\n\n"
    "Document type: {kind} ({model})\nOperation: {mode}\nUser: {uid}\nFields:\n{lines}",
)
_14 = replace(
    _13,
    model="{head}\n\n{groups}\n\n" + _CONTACT,
    heads={mode: f"You are not allowed to {verb} '{{kind}}' ({{model}}) records." for mode, verb in VERBS.items()},
    groups="This operation is allowed for the following groups:\n\t- {groups}",
    record="Due to security restrictions, you are not allowed to {verb} '{kind}' ({model}) records.\n\n" + _CONTACT,
    record_details="Due to security restrictions, you are not allowed to {verb} '{kind}' ({model}) records.\n\n"
    "Records: {records}\nUser: {user} (id={uid})\n\nThis restriction is due to the following rules:\n{rules}{note}\n\n"
    + _CONTACT,
    company_note=f"\n\n{_COMPANY_ISSUE}",
)
_15 = replace(_14, names_company=True)
# from here on the details are for the developer mode, which external calls never have
_16 = replace(_15, record_details=None, company_note="")
_17 = replace(
    _16,
    record="Uh-oh! Looks like you have stumbled upon some top-secret records.\n\n"
    "Sorry, {user} (id={uid}) doesn't have '{mode}' access to:\n- {kind} ({model})\n\n"
    "If you really, really need access, perhaps you can win over your friendly administrator with a batch of freshly"
    " baked cookies.",
)
_18 = replace(
    _17,
    suggests_company=True,
    field='You do not have enough rights to access the fields "{fields}" on {kind} ({model}).'
    f" {_ADMINISTRATOR}\n\nOperation: {{mode}}",
    field_details='You do not have enough rights to access the fields "{fields}" on {kind} ({model}).'
    f" {_ADMINISTRATOR}\n\nOperation: {{mode}}\nUser: {{uid}}\nFields:\n{{lines}}",
)
_19 = replace(
    _18,
    group_heading="privilege_id",
    names_one_field=True,
    field='You do not have enough rights to access the field "{fields}" on {kind} ({model}).'
    f" {_ADMINISTRATOR}\n\nOperation: {{mode}}",
    field_details='You do not have enough rights to access the field "{fields}" on {kind} ({model}).'
    f" {_ADMINISTRATOR}\n\nOperation: {{mode}}\nUser: {{uid}}\nGroups: {{groups}}",
)
REFUSALS = {11: _11, 12: _12, 13: _13, 14: _14, 15: _15, 16: _16, 17: _17, 18: _18, 19: _19}

# beside the text of a refused record, from 18 on
SEVERAL_COMPANIES = (
    "\n\nNote: this might be a multi-company issue. Switching company may help - in Odoo, not in real life!"
)
OTHER_COMPANY = (
    "\n\nThis seems to be a multi-company issue, you might be able to access the record by switching to the company:"
    " {company}."
)
FOREIGN_COMPANY = (
    "\n\nThis seems to be a multi-company issue, but you do not have access to the proper company to access the record"
    " anyhow."
)
