"""The methods that the web client calls: web_read and its relatives.

Source: versions.md §6.2; Odoo's source of 19.0; web_search_read recorded in core-groups (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.orm.bulk import group_by as groups
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2one, Many2oneReference, Reference
from mockserver.orm.methods.formatted_grouping import progress
from mockserver.orm.methods.grouping import groupby_specifications
from mockserver.orm.query.values import labels, translated_selection
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema import api

# what to read: {field: {"fields": specification, "limit": int, "order": clause, "context": {…}}}, all optional
Specification = Mapping[str, Mapping[str, Any]]
MAX_VALUES = 1_000_000  # of one answer


def _with_length(
    self: Recordset, domain: Any, records: list[dict[str, Any]], offset: Any, limit: Any, count_limit: Any
) -> dict[str, Any]:
    if not records:
        return {"length": 0, "records": []}
    length = len(records) + (offset or 0)
    full = len(records) == limit and not (count_limit and count_limit <= length)
    if limit and (full or self.env.context.get("force_search_count")):
        length = self.search_count(domain or [])
        length = min(length, count_limit) if count_limit else length
    return {"length": length, "records": records}


def _read_many2one(records: Recordset, field: Field, wanted: Mapping[str, Any], results: list[dict[str, Any]]) -> None:
    targets = records.env[field.comodel].browse(dict.fromkeys(r[field.name] for r in results if r[field.name]))
    targets = targets.with_context(**wanted.get("context") or {})
    inner = {name: spec for name, spec in wanted["fields"].items() if name != "display_name"}
    read = {found["id"]: found for found in targets.web_read(inner)}
    if "display_name" in wanted["fields"]:
        for id_, name in labels(targets.env, targets._model, read).items():
            read[id_]["display_name"] = name or False
    for result in results:
        result[field.name] = read.get(result[field.name], False)


def _read_lines(records: Recordset, field: Field, wanted: Mapping[str, Any], results: list[dict[str, Any]]) -> None:
    name = field.name
    lines = records.env[field.comodel].browse(dict.fromkeys(id_ for r in results for id_ in r[name]))
    if wanted.get("order"):
        lines = lines.search([("id", "in", lines.ids)], 0, None, wanted["order"])
        rank = {id_: index for index, id_ in enumerate(lines._ids)}
        for result in results:
            result[name] = sorted((id_ for id_ in result[name] if id_ in rank), key=rank.__getitem__)
    if "fields" not in wanted:
        return
    if wanted.get("limit") is not None:
        # lines beyond the limit are listed by id alone
        lines = lines.browse(dict.fromkeys(id_ for r in results for id_ in r[name][: wanted["limit"]]))
    lines = lines.with_context(**wanted.get("context") or {})
    read = {found["id"]: found for found in lines.web_read(wanted["fields"])}
    for result in results:
        result[name] = [read.get(id_) or {"id": id_} for id_ in result[name]]


def _read_reference(records: Recordset, field: Field, wanted: Mapping[str, Any], results: list[dict[str, Any]]) -> None:
    env, model_field = records.env, field.relation_field or "res_model"
    for result in results:
        if not result[field.name]:
            continue
        if isinstance(field, Reference):
            comodel, _, id_ = result[field.name].partition(",")
        else:
            comodel, id_ = env[records._name].browse(result["id"])[model_field], result[field.name]
        target = env[comodel].browse(int(id_)).exists() if comodel in env else None
        if not target:
            result[field.name] = False
            if isinstance(field, Many2oneReference):
                result[model_field] = False
        elif "fields" in wanted:
            found = target.with_context(**wanted.get("context") or {}).web_read(wanted["fields"])[0]
            if isinstance(field, Reference):
                found["id"] = {"id": int(id_), "model": comodel}
            result[field.name] = found


def _check_size(results: list[dict[str, Any]], specification: Specification) -> None:
    """Raise ValueError for an answer of too many values: a path to lines and back multiplies them with each step.

    The results share what they have in common, so only the answer as text would be long.
    """
    weights: dict[int, int] = {}

    def weight(result: dict[str, Any], wanted: Specification) -> int:
        known = weights.get(id(result))
        if known is None:
            known = len(result)
            for name, inner in wanted.items():
                if deeper := _inner(inner):
                    value = result.get(name)
                    for item in value if isinstance(value, list) else [value]:
                        known += weight(item, deeper) if isinstance(item, dict) else 1
            weights[id(result)] = known
        return known

    nests = any(_inner(deeper) for inner in specification.values() for deeper in _inner(inner).values())
    if nests and sum(weight(result, specification) for result in results) > MAX_VALUES:
        raise ValueError(f"the specification asks for more than {MAX_VALUES} values")


def _inner(wanted: Any) -> Specification:
    fields = wanted.get("fields") if isinstance(wanted, Mapping) else None
    return fields if isinstance(fields, Mapping) else {}


def _with_missing(
    records: Recordset, vals: Mapping[str, Any], wanted: Specification, results: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the results with the missing records that were written, if all that is wanted are written values.

    The server has these values in memory, and does not look for the record.  Source: recorded in json2-values (19.0).
    """
    fields = records._model.fields
    if not wanted or any(name not in vals or not fields[name].column or fields[name].relational for name in wanted):
        return results
    written = {name: fields[name].to_read(fields[name].to_store(vals[name]), True) for name in wanted}
    found = {result["id"]: result for result in results}
    return [found.get(id_) or {"id": id_, **written} for id_ in records._ids]


def _last_level(groupby: Any) -> bool:
    return isinstance(groupby, str) or len(groupby) == 1


class Web(Recordset):
    """Reading and saving for the web client."""

    __slots__ = ()
    _declared_by = "Base"  # the class that errors of Python name

    @api.model(since=13, until=15, name="web_search_read")
    def web_search_read_13(
        self,
        domain: Any = None,
        fields: Sequence[str] | None = None,
        offset: Any = 0,
        limit: Any = None,
        order: str | None = None,
    ) -> dict[str, Any]:
        """Return `{"length": total, "records": [dict]}` with the records of `search_read`."""
        return self.web_search_read_16(domain, fields, offset, limit, order)

    @api.model(since=16, until=16, name="web_search_read")
    def web_search_read_16(
        self,
        domain: Any = None,
        fields: Sequence[str] | None = None,
        offset: Any = 0,
        limit: Any = None,
        order: str | None = None,
        count_limit: Any = None,
    ) -> dict[str, Any]:
        """Return `{"length": total, "records": [dict]}`; the total is at most `count_limit`, where that is given."""
        records = self.search_read(domain, fields, offset, limit, order)
        return _with_length(self, domain, records, offset, limit, count_limit)

    @api.model(since=17)
    def web_search_read(
        self,
        domain: Any,
        specification: Specification,
        offset: Any = 0,
        limit: Any = None,
        order: str | None = None,
        count_limit: Any = None,
    ) -> dict[str, Any]:
        """Return `{"length": total, "records": [dict]}`; the total is at most `count_limit`, where that is given."""
        found = self.search_fetch(domain, list(specification), offset, limit, order)
        return _with_length(self, domain, found.web_read(specification), offset, limit, count_limit)

    @api.versions(since=17)
    def web_read(self, specification: Specification) -> list[dict[str, Any]]:
        """Return the records as a specification describes them; an empty one means the ids alone."""
        names = list(specification) or ["id"]
        if names == ["id"]:
            return [{"id": id_} for id_ in self._ids]
        results: list[dict[str, Any]] = self.read(names, None)
        for name, wanted in specification.items():
            field = self._model.fields.get(name)
            if field is None or not results:
                continue
            if isinstance(field, Many2one) and "fields" in wanted:
                _read_many2one(self, field, wanted, results)
            elif field.x2many and wanted:
                _read_lines(self, field, wanted, results)
            elif isinstance(field, (Reference, Many2oneReference)) and wanted:
                _read_reference(self, field, wanted, results)
        _check_size(results, specification)
        return results

    @api.versions(since=17)
    def web_save(
        self, vals: Mapping[str, Any], specification: Specification, next_id: int | None = None
    ) -> list[dict[str, Any]]:
        """Write the records, or create one if there are none; read them, or the record `next_id` instead."""
        if self:
            self.write(vals)
            saved = self
        else:
            saved = self.create(vals)
        if next_id:
            saved = self.browse(next_id)
        results = saved.with_context(bin_size=True).web_read(specification)
        return results if next_id or len(results) >= len(saved) else _with_missing(saved, vals, specification, results)

    @api.versions(since=19)
    def web_save_multi(
        self, vals_list: Sequence[Mapping[str, Any]], specification: Specification
    ) -> list[dict[str, Any]]:
        """Write each record with its own values, and read them."""
        if len(self) != len(vals_list):
            raise ValueError("Each record must have a corresponding vals entry.")
        for record_, vals in zip(self, vals_list, strict=True):
            record_.write(vals)
        return self.with_context(bin_size=True).web_read(specification)

    @api.model(since=19)
    def web_name_search(
        self,
        name: str,
        specification: Specification,
        domain: Any = None,
        operator: str = "ilike",
        limit: Any = 100,
    ) -> list[dict[str, Any]]:
        """Return the records that `name_search` finds, as a specification describes them."""
        found = self.name_search(name, domain, operator, limit)
        if list(specification) == ["display_name"]:
            return [{"id": id_, "display_name": shown, "__formatted_display_name": shown} for id_, shown in found]
        return self.browse(id_ for id_, _ in found).web_read(specification)

    @api.versions(since=19)
    def web_resequence(
        self, specification: Specification, field_name: str = "sequence", offset: int = 0
    ) -> list[dict[str, Any]]:
        """Number the records in the order of the call, and read them."""
        if field_name not in self._model.fields:
            return []
        for number, record_ in enumerate(self, start=offset):
            record_.write({field_name: number})
        return self.web_read(specification)

    @api.model(since=13, until=16, name="web_read_group")
    def web_read_group_13(
        self,
        domain: Any,
        fields: Any,
        groupby: Any,
        limit: Any = None,
        offset: Any = 0,
        orderby: Any = False,
        lazy: bool = True,
        expand: bool = False,
        expand_limit: Any = None,
        expand_orderby: Any = False,
    ) -> dict[str, Any]:
        """Return `{"groups": [dict], "length": int}`; with `expand` each group has its records as `__data`."""
        answer = Web.web_read_group(self, domain, fields, groupby, limit, offset, orderby, lazy)
        for group in answer["groups"] if expand and len(answer["groups"]) and _last_level(groupby) else ():
            group["__data"] = self.web_search_read(group["__domain"], fields, 0, expand_limit, expand_orderby or None)
        return answer

    @api.model(since=17, until=18)
    def web_read_group(
        self,
        domain: Any,
        fields: Any,
        groupby: Any,
        limit: Any = None,
        offset: Any = 0,
        orderby: Any = False,
        lazy: bool = True,
    ) -> dict[str, Any]:
        """Return `{"groups": [dict], "length": number of all groups}`."""
        found = self.read_group(domain, fields, groupby, offset, limit, orderby, lazy)
        length = len(found) + (offset or 0) if found else 0
        if found and limit and len(found) == limit:
            written = [groupby] if isinstance(groupby, str) else groupby
            keys = groupby_specifications(self, written[:1] if lazy else written)
            length = max(limit, len(groups.grouped(self, domain, list(keys.values()), ())))
        return {"groups": found, "length": length}

    @api.model(until=18)
    def read_progress_bar(
        self, domain: Any, group_by: str, progress_bar: Mapping[str, Any]
    ) -> dict[str, dict[str, int]]:
        """Return `{group: {value of progress_bar["field"]: count}}` for the values in `progress_bar["colors"]`."""
        name = progress_bar["field"]
        fields = [group_by.partition(":")[0], name]
        found = self.read_group(domain, fields, [group_by, name], lazy=False)
        if not self.env.db.profile.rules.progress_by_label:
            return progress(found, group_by, progress_bar)
        choices = dict(translated_selection(self.env, self._model.fields[fields[0]]) or ())
        return progress(found, group_by, progress_bar, choices=choices, shown=1)
