"""Access rights and record rules of fixtures as rows of `ir.access`, for the profiles that have this model.

Fixtures tell rights as `ir.model.access` and `ir.rule`.  Where a right of a group is limited by rules, it becomes one
row for each domain, since the rows of a user's groups add up; a rule without groups becomes a row without a group.
Inferred: odoo-20 §4; Odoo's own rows are not known, so these have the external ids of the rights and rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.orm.rights.tables import LETTERS

RIGHTS, RULES, ACCESS = "ir.model.access", "ir.rule", "ir.access"
EVERYONE = "base.group_everyone"
_ALWAYS = "[(1,'=',1)]"
_ORDER = "crud"

Record = Mapping[str, Any]


def joined(records: Mapping[str, list[Any]], absent: object) -> dict[str, list[Any]]:
    """Return the records of fixtures, by source, with rows of `ir.access`; `absent` stands in the place of old rows."""
    everything = [record for found in records.values() for record in found if isinstance(record, dict)]
    implied = _implied(everything)
    result: dict[str, list[Any]] = {}
    number = max((record["id"] for record in everything if _is_numbered(record)), default=0)
    for source, found in records.items():
        old = [record for record in found if _is_replaced(record)]
        result[source] = [absent if _is_replaced(record) else record for record in found] if old else found
        numbered = any("id" in record for record in old)
        for row in _rows(old, implied):
            if numbered:
                number += 1
                row["id"] = number
            result[source].append(row)
    return result


def _is_replaced(record: Any) -> bool:
    return isinstance(record, dict) and record.get("model") in (RIGHTS, RULES)


def _is_numbered(record: Record) -> bool:
    return record.get("model") == ACCESS and isinstance(record.get("id"), int)


def _implied(records: Iterable[Record]) -> dict[str, set[str]]:
    """Return group → the groups that its members have, itself included, by external id."""
    direct = {
        record["xmlid"]: [item["ref"] for item in record.get("values", {}).get("implied_ids") or () if "ref" in item]
        for record in records
        if record.get("model") == "res.groups" and "xmlid" in record
    }
    found: dict[str, set[str]] = {}
    for group in direct:
        pending, known = [group], found.setdefault(group, set())
        while pending:
            name = pending.pop()
            if name not in known:
                known.add(name)
                pending += direct.get(name, ())
    return found


def _rows(old: Iterable[Record], implied: Mapping[str, set[str]]) -> Iterator[dict[str, Any]]:
    by_model: dict[str, list[Record]] = {}
    for record in old:
        by_model.setdefault(json.dumps(record["values"].get("model_id")), []).append(record)
    for records in by_model.values():
        rights = [record for record in records if record["model"] == RIGHTS]
        rules = [record for record in records if record["model"] == RULES]
        of_groups = [rule for rule in rules if rule["values"].get("groups")]
        yield from (row for rule in rules if rule not in of_groups for row in _restriction(rule))
        for right in rights:
            yield from _permissions(right, of_groups, implied)
        for rule in of_groups:
            yield from _own_permissions(rule, rights, implied)


def _restriction(rule: Record) -> Iterator[dict[str, Any]]:
    """Yield the row of a rule for everybody."""
    yield from _row(rule, None, _letters(rule), _domain(rule), rule.get("xmlid"))


def _permissions(right: Record, rules: Iterable[Record], implied: Mapping[str, set[str]]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a right: what no rule limits, and what each rule for the group leaves."""
    group = _group(right)
    held = implied.get(group, {group})
    limiting = [rule for rule in rules if right["values"].get("active", True) and held & set(_groups(rule))]
    # an operation that one of the rules allows for every record is not limited by the others
    opened = {letter for rule in limiting if not _domain(rule) for letter in _letters(rule)}
    limited = {letter for rule in limiting for letter in _letters(rule)} - opened
    letters, xmlid = _letters(right), right.get("xmlid")
    free = "".join(letter for letter in letters if letter not in limited)
    for domain, left, source in (("", free, right), *((_domain(rule), _letters(rule), rule) for rule in limiting)):
        own = "".join(letter for letter in letters if letter in left and (source is right or letter in limited))
        for row in _row(source, group, own, domain, xmlid):
            yield row
            xmlid = None


def _own_permissions(
    rule: Record, rights: Iterable[Record], implied: Mapping[str, set[str]]
) -> Iterator[dict[str, Any]]:
    """Yield a row for each group of a rule that has its right by a group that it implies, which the rule is not for."""
    groups, xmlid = set(_groups(rule)), rule.get("xmlid")
    for group in sorted(groups):
        held = implied.get(group, {group})
        letters = {
            letter
            for right in rights
            if (own := _group(right)) in held and not groups & implied.get(own, {own})
            for letter in _letters(right)
        }
        own_letters = "".join(letter for letter in _letters(rule) if letter in letters)
        for row in _row(rule, group, own_letters, _domain(rule), xmlid):
            yield row
            xmlid = None


def _row(source: Record, group: str | None, letters: str, domain: str, xmlid: str | None) -> Iterator[dict[str, Any]]:
    """Yield the record of a row, unless it is for no operation."""
    if not letters:
        return
    values = source["values"]
    found = {"name": values.get("name") or "", "model_id": values.get("model_id"), "operation": letters}
    if group:
        found["group_id"] = {"ref": group}
    if domain:
        found["domain"] = domain
    if not values.get("active", True):
        found["active"] = False
    record: dict[str, Any] = {"model": ACCESS, "values": found}
    if xmlid:
        record |= {"xmlid": xmlid, **({"noupdate": True} if source.get("noupdate") else {})}
    yield record


def _letters(record: Record) -> str:
    """Return the letters of the operations that a right or rule is for; a rule is for all unless it says otherwise."""
    values, default = record["values"], record["model"] == RULES
    letters = {letter for mode, letter in LETTERS.items() if values.get(f"perm_{mode}", default)}
    return "".join(letter for letter in _ORDER if letter in letters)


def _domain(rule: Record) -> str:
    """Return the text of a rule's domain; an empty one for every record."""
    text: str = (rule["values"].get("domain_force") or "").strip()
    return "" if text.replace(" ", "") == _ALWAYS else text


def _group(right: Record) -> str:
    """Return the group of a right; every group implies that of a right for all."""
    group = right["values"].get("group_id")
    return group["ref"] if isinstance(group, dict) and "ref" in group else EVERYONE


def _groups(rule: Record) -> list[str]:
    return [item["ref"] for item in rule["values"]["groups"] if isinstance(item, dict) and "ref" in item]
