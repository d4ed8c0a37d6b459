"""The server's AccessErrors: no right on a model, a record rule, a field of other groups.

Source: versions.md §9.1–9.3; the texts are those of the profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.errors import AccessError
from mockserver.profiles.refusals import FOREIGN_COMPANY, OTHER_COMPANY, SEVERAL_COMPANIES, VERBS

if TYPE_CHECKING:
    from mockserver.orm.fields.base import Field
    from mockserver.orm.records.environment import Recordset
    from mockserver.orm.rights.tables import RecordRule

_MAX_RECORDS = 6  # the number of records that a text names


class OtherCompanyError(AccessError):
    """An AccessError that does not occur in another company; the client gets that company as a suggestion."""

    def __init__(self, message: str, company: Recordset) -> None:
        super().__init__(message)
        self.context = {"suggested_company": {"id": company.id, "display_name": company.display_name}}


def _placeholders(records: Recordset, mode: str) -> dict[str, Any]:
    env = records.env
    return {
        "kind": records._model.description, "model": records._name, "mode": mode, "verb": VERBS[mode],
        "uid": env.uid, "user": env.user.name, "comma": "" if mode == "read" else ",",
    }  # fmt: skip


def model_refusal(records: Recordset, mode: str, groups: Iterable[Recordset]) -> AccessError:
    """Return the error for a mode of the model to which only the given groups have a right."""
    texts, placeholders = records.env.db.profile.rules.refusals, _placeholders(records, mode)
    pairs = sorted((group[texts.group_heading].name or "", group.name) for group in groups)
    pairs.sort(key=lambda pair: not pair[0])  # those without a heading come last
    named = texts.group_mark.join("/".join(filter(None, pair)) for pair in pairs)
    who = texts.groups.format(groups=named) if named else texts.nobody
    text = records.env.db.profile.own_model_refusal or texts.model
    return AccessError(text.format(head=texts.heads[mode].format(**placeholders), groups=who, **placeholders))


def record_refusal(records: Recordset, mode: str, rules: Sequence[RecordRule]) -> AccessError:
    """Return the error for records that the given rules refuse."""
    env = records.env
    texts, placeholders = env.db.profile.rules.refusals, _placeholders(records, mode)
    by_company = any("company_id" in rule.domain for rule in rules)
    if texts.record_details and _sees_details(records):
        shown = ", ".join(_record_text(record, by_company) for record in records.sudo()[:_MAX_RECORDS])
        names = "\n".join(f"- {rule.name}" for rule in rules)
        note = texts.company_note if by_company else ""
        return AccessError(texts.record_details.format(records=shown, rules=names, note=note, **placeholders))
    text = texts.record.format(ids=records.ids[:_MAX_RECORDS], **placeholders)
    if not (by_company and texts.suggests_company and "company_id" in records._model.fields):
        return AccessError(text)
    companies = records.sudo()[:_MAX_RECORDS].mapped("company_id")
    if len(companies) > 1:
        return AccessError(text + SEVERAL_COMPANIES)
    if not companies:
        return AccessError(text)
    if companies in env.user.company_ids:
        return OtherCompanyError(text + OTHER_COMPANY.format(company=companies.display_name), companies)
    return AccessError(text + FOREIGN_COMPANY)


def _sees_details(records: Recordset) -> bool:
    return all(_in_group(records, name) for name in ("base.group_no_one", "base.group_user"))


def _in_group(records: Recordset, xmlid: str) -> bool:
    from mockserver.orm.rights.access import user_groups

    group = records.env.ref(xmlid, raise_if_not_found=False)
    return group is not None and group._ids[0] in user_groups(records.env)


def _record_text(record: Recordset, by_company: bool) -> str:
    by_company = by_company and record.env.db.profile.rules.refusals.names_company
    named = by_company and "company_id" in record._model.fields and record.company_id
    if named and named in record.env.user.company_ids:
        return f"{record.display_name} (id={record.id}, company={named.display_name})"
    return f"{record.display_name} (id={record.id})"


def field_refusal(records: Recordset, mode: str, fields: Sequence[Field]) -> AccessError:
    """Return the error for fields restricted to other groups; some generations name only the first."""
    texts, placeholders = records.env.db.profile.rules.refusals, _placeholders(records, mode)
    if texts.names_one_field:
        fields = fields[:1]
    separator = ", " if texts.field_details is None else ","
    names = [field.name for field in fields]
    placeholders["fields"] = separator.join(names)
    if texts.field_details is None or not _in_group(records, "base.group_no_one"):
        return AccessError(texts.field.format(**placeholders))
    lines = "\n".join(
        f"- {field.name} ({_groups_text(records, field)})" for field in sorted(fields, key=lambda f: f.name)
    )
    return AccessError(texts.field_details.format(lines=lines, groups=_groups_text(records, fields[0]), **placeholders))


def _groups_text(records: Recordset, field: Field) -> str:
    """Return the groups of a field as text, such as `allowed for groups 'Administration / Settings'`."""
    if field.groups == ".":
        return "always forbidden"
    named = [name.strip() for name in (field.groups or "").split(",")]
    parts = []
    for heading, names in (
        ("allowed", [name for name in named if not name.startswith("!")]),
        ("forbidden", [name[1:] for name in named if name.startswith("!")]),
    ):
        groups = [records.env.sudo().ref(name, raise_if_not_found=False) for name in names]
        known = sorted((group for group in groups if group), key=lambda group: group._ids[0])
        if known:
            parts.append(f"{heading} for groups {', '.join(repr(group.display_name) for group in known)}")
    return "; ".join(parts)
