"""What the web client calls: web_read and its relatives.

Source: versions.md §6.2; web_search_read recorded in core-groups (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.orm import groups
from mockserver.orm.api import model, record
from mockserver.orm.environment import Recordset
from mockserver.orm.fields import Field
from mockserver.orm.methods.grouping import keys_of
from mockserver.orm.values import labels

# what to read: {field: {"fields": specification, "limit": int, "order": clause, "context": {…}}}, all optional
Specification = Mapping[str, Mapping[str, Any]]


@model()
def web_search_read(
    self: Recordset,
    domain: Any,
    specification: Specification,
    offset: Any = 0,
    limit: Any = None,
    order: str | None = None,
    count_limit: Any = None,
) -> dict[str, Any]:
    """`{"length": total, "records": [dict]}`; the total is at most `count_limit`, where that is given."""
    found = self.call("search_fetch", domain, list(specification), offset, limit, order)
    records = found.call("web_read", specification)
    if not records:
        return {"length": 0, "records": []}
    length = len(records) + (offset or 0)
    full = len(records) == limit and not (count_limit and count_limit <= length)
    if limit and (full or self.env.context.get("force_search_count")):
        length = self.call("search_count", domain, count_limit)
    return {"length": length, "records": records}


@record()
def web_read(self: Recordset, specification: Specification) -> list[dict[str, Any]]:
    """The records as a specification describes them; without fields nothing but the ids."""
    names = list(specification) or ["id"]
    if names == ["id"]:
        return [{"id": id_} for id_ in self._ids]
    results: list[dict[str, Any]] = self.call("read", names, None)
    for name, wanted in specification.items():
        field = self._model.fields.get(name)
        if field is None or not results:
            continue
        if field.type == "many2one" and "fields" in wanted:
            _read_many2one(self, field, wanted, results)
        elif field.type in ("one2many", "many2many") and wanted:
            _read_lines(self, field, wanted, results)
        elif field.type in ("reference", "many2one_reference") and wanted:
            _read_reference(self, field, wanted, results)
    return results


def _read_many2one(records: Recordset, field: Field, wanted: Mapping[str, Any], results: list[dict[str, Any]]) -> None:
    targets = records.env[field.comodel].browse(dict.fromkeys(r[field.name] for r in results if r[field.name]))
    targets = targets.with_context(**wanted.get("context") or {})
    inner = {name: spec for name, spec in wanted["fields"].items() if name != "display_name"}
    read = {found["id"]: found for found in targets.call("web_read", inner)}
    if "display_name" in wanted["fields"]:
        for id_, name in labels(targets.env, targets._model, read).items():
            read[id_]["display_name"] = name or False
    for result in results:
        result[field.name] = read.get(result[field.name], False)


def _read_lines(records: Recordset, field: Field, wanted: Mapping[str, Any], results: list[dict[str, Any]]) -> None:
    name = field.name
    lines = records.env[field.comodel].browse(dict.fromkeys(id_ for r in results for id_ in r[name]))
    if wanted.get("order"):
        lines = lines.call("search", [("id", "in", lines.ids)], 0, None, wanted["order"])
        place = {id_: index for index, id_ in enumerate(lines._ids)}
        for result in results:
            result[name] = sorted((id_ for id_ in result[name] if id_ in place), key=place.__getitem__)
    if "fields" not in wanted:
        return
    if wanted.get("limit") is not None:
        # lines beyond the limit are there, but not read
        lines = lines.browse(dict.fromkeys(id_ for r in results for id_ in r[name][: wanted["limit"]]))
    lines = lines.with_context(**wanted.get("context") or {})
    read = {found["id"]: found for found in lines.call("web_read", wanted["fields"])}
    for result in results:
        result[name] = [read.get(id_) or {"id": id_} for id_ in result[name]]


def _read_reference(records: Recordset, field: Field, wanted: Mapping[str, Any], results: list[dict[str, Any]]) -> None:
    env, companion = records.env, field.relation_field or "res_model"
    for result in results:
        if not result[field.name]:
            continue
        if field.type == "reference":
            comodel, _, id_ = result[field.name].partition(",")
        else:
            comodel, id_ = env[records._name].browse(result["id"])[companion], result[field.name]
        target = env[comodel].browse(int(id_)).exists() if comodel in env else None
        if not target:
            result[field.name] = False
            if field.type == "many2one_reference":
                result[companion] = False
        elif "fields" in wanted:
            found = target.with_context(**wanted.get("context") or {}).call("web_read", wanted["fields"])[0]
            if field.type == "reference":
                found["id"] = {"id": int(id_), "model": comodel}
            result[field.name] = found


@record()
def web_save(
    self: Recordset, vals: Mapping[str, Any], specification: Specification, next_id: int | None = None
) -> list[dict[str, Any]]:
    """Write the records, or create one where there are none, and read it; `next_id` is read instead."""
    if self:
        self.call("write", vals)
        saved = self
    else:
        saved = self.call("create", vals)
    if next_id:
        saved = self.browse(next_id)
    return saved.with_context(bin_size=True).call("web_read", specification)  # type: ignore[no-any-return]


@model()
def web_read_group(
    self: Recordset,
    domain: Any,
    fields: Any,
    groupby: Any,
    limit: Any = None,
    offset: Any = 0,
    orderby: Any = False,
    lazy: bool = True,
) -> dict[str, Any]:
    """`{"groups": [dict], "length": how many groups there are in all}`."""
    found = self.call("read_group", domain, fields, groupby, offset, limit, orderby, lazy)
    length = len(found) + (offset or 0) if found else 0
    if found and limit and len(found) == limit:
        written = [groupby] if isinstance(groupby, str) else groupby
        keys = keys_of(self, written[:1] if lazy else written)
        length = max(limit, len(groups.grouped(self, domain, list(keys.values()), ())))
    return {"groups": found, "length": length}


@model()
def read_progress_bar(
    self: Recordset, domain: Any, group_by: str, progress_bar: Mapping[str, Any]
) -> dict[str, dict[str, int]]:
    """`{group: {value of progress_bar["field"]: count}}` for the values that `progress_bar["colors"]` names."""
    name = progress_bar["field"]
    bars: dict[str, dict[str, int]] = {}
    for group in self.call("read_group", domain, [groups.COUNT], [group_by, name], lazy=False):
        key = group[group_by][0] if isinstance(group[group_by], list) else group[group_by]
        counts = bars.setdefault(str(key), dict.fromkeys(progress_bar["colors"], 0))
        if group[name] in counts:
            counts[group[name]] += group[groups.COUNT]
    return bars
