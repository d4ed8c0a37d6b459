"""read_group until 16, which interprets its arguments differently from later servers.

Source: versions.md §6.4; Odoo's source of 11.0 and 15.0 (`BaseModel._read_group_raw`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockserver.errors import UserError
from mockserver.orm.bulk import group_by as groups
from mockserver.orm.bulk.aggregates import FUNCTIONS
from mockserver.orm.bulk.expanding import expanded
from mockserver.orm.bulk.filling import filled
from mockserver.orm.bulk.group_by import COUNT
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2many
from mockserver.orm.methods.grouping import (
    FIELD,
    GroupDomains,
    Specifications,
    as_dicts,
    count_name,
    formatter,
    known_field,
    own_aggregate,
)
from mockserver.orm.methods.search import slice_rows
from mockserver.orm.query import order as orders
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema import api

_NOT_READ = "Fields in 'groupby' must appear in the list of fields to read (perhaps it's missing in the list view?)"


def _explicit(records: Recordset, spec: str) -> str:
    """Return the specification with its granularity; a date without one means months."""
    name, _, granularity = spec.partition(":")
    if name not in records._model.fields and records.env.db.profile.rules.group_unknown_field == "KeyError":
        raise KeyError(name)
    return f"{name}:{granularity or 'month'}" if known_field(records, name).dated else name


def _check_groupby(records: Recordset, name: str, fields: Sequence[str]) -> None:
    rules = records.env.db.profile.rules
    if not rules.group_functions and name not in fields:
        raise AssertionError(_NOT_READ)
    field = groups.base_field(records.env, records._model, records._model.fields[name])[1]
    if field.store and (rules.group_by_many2many if isinstance(field, Many2many) else field.column):
        return
    error = UserError if rules.group_no_column == "UserError" else AssertionError
    raise error(rules.group_no_column_text.format(model=records._name, field=name))


def _measures(records: Recordset, fields: Sequence[str], grouped: Sequence[str]) -> Specifications:
    """Return the requested aggregates, by their names in the answer."""
    if not records.env.db.profile.rules.group_functions:
        known = [records._model.fields[name] for name in fields if name in records._model.fields]
        return {
            f.name: f"{f.name}:{own}"
            for f in known
            if f.name not in (*grouped, "sequence") and (own := _own_aggregate(records, f))
        }
    found: Specifications = {}
    for spec in fields:
        if spec in ("sequence", COUNT):
            continue
        name, source, function = _parsed(records, spec)
        if function and source not in grouped:
            if name in found:
                raise UserError(f"Output name {name!r} is used twice.")
            found[name] = f"{source}:{function}"
    return found


def _own_aggregate(records: Recordset, field: Field) -> str | None:
    return own_aggregate(records, field) if field.column else None


def _parsed(records: Recordset, spec: str) -> tuple[str, str, str | None]:
    """Return `(name, field, function)`; the function is None for a bare field that has none."""
    match = FIELD.match(spec)
    if match is None:
        raise UserError(f"Invalid field specification {spec!r}.")
    name, function, source = match.groups()
    unknown = not function and name not in records._model.fields
    if unknown and records.env.db.profile.rules.group_unknown_field == "KeyError":
        return name, name, None
    field = known_field(records, source or name)
    if not function:
        return name, name, _own_aggregate(records, field)
    if not (field.store and field.column) or isinstance(field, Many2many):
        raise UserError(f"Cannot aggregate field {field.name!r}.")
    if function not in FUNCTIONS:
        raise UserError(f"Invalid aggregation function {function!r}.")
    return name, field.name, function


def _order(records: Recordset, orderby: Any, keys: Specifications, measures: Specifications) -> str:
    """Return the order clause in terms of specifications; other fields are left out, or an error if unknown."""
    if not orderby:
        return ",".join(keys.values())
    orders.parse(orderby, records.env.db.profile.rules)
    known = {**measures, **keys, **{spec.partition(":")[0]: explicit for spec, explicit in keys.items()}}
    terms = []
    for part in orderby.split(","):
        name, *direction = part.split()
        if name in known:
            terms.append(" ".join((known[name], *direction)))
        elif records.env.db.profile.rules.group_unknown_field == "ValueError":
            known_field(records, name)
    return ",".join(terms)


def _total(records: Recordset, domain: Any, measures: Specifications) -> dict[str, Any]:
    """Return the one group of a call without groupby."""
    first = {"id": "id:min"} if records.env.db.profile.rules.group_total_has_id else {}
    specs = {**first, **measures}
    (values,) = groups.grouped(records, domain, (), list(specs.values()))
    # the server does not convert the database's NULL to False here
    return {name: None if value is False else value for name, value in zip(specs, values, strict=True)}


def _describe(
    records: Recordset, row: dict[str, Any], keys: dict[str, Any], written: list[str], joined: GroupDomains
) -> None:
    """Add labels, `__domain`, `__range`, and `__context` for the remaining levels to the row."""
    rules = records.env.db.profile.rules
    sections: list[list[Any]] = []
    bounds: dict[str, Any] = {}
    for spec, format_value in keys.items():
        row[spec], leaves, bounds[spec] = format_value(row[spec])
        sections.append(leaves)
    by_field = {"field": True, "groupby": False}.get(rules.group_ranges or "")
    dates = [spec for spec in written if records._model.fields[spec.partition(":")[0]].dated]
    if by_field is not None and dates:
        row["__range"] = {spec.partition(":")[0] if by_field else spec: bounds.get(spec) or False for spec in dates}
    row["__domain"] = joined.of(sections)
    if len(written) > len(keys):
        row["__context"] = {"group_by": written[len(keys) :]}


class OldGrouping(Recordset):
    """Groups of records, until 16."""

    __slots__ = ()

    @api.model(until=16, name="read_group")
    def read_group_11(
        self,
        domain: Any,
        fields: Sequence[str],
        groupby: str | Sequence[str],
        offset: Any = 0,
        limit: Any = None,
        orderby: Any = False,
        lazy: bool = True,
    ) -> list[dict[str, Any]]:
        """Return a dict for each group: the groupby keys as written, a count, the aggregates and `__domain`."""
        rules = self.env.db.profile.rules
        if not fields and rules.group_defaults:
            fields = [f.name for f in self._model.fields.values() if f.store]
        written = [groupby] if isinstance(groupby, str) else list(dict.fromkeys(groupby))
        keys = {spec: _explicit(self, spec) for spec in (written[:1] if lazy else written)}
        for spec in keys:
            _check_groupby(self, spec.partition(":")[0], fields)
        measures = {**_measures(self, fields, [spec.partition(":")[0] for spec in keys])}
        order = _order(self, orderby, keys, measures)
        measures = {count_name(list(keys), lazy): COUNT, **measures}
        if not keys:
            return [_total(self, domain, measures)]
        found = groups.grouped(self, domain, list(keys.values()), list(measures.values()), order)
        first = 0 if rules.group_offset_needs_limit and not limit else offset
        rows = as_dicts(slice_rows(found, first, limit), [*keys, *measures])
        # the groups that are filled in have the count of a lazy call
        empty = {
            count_name(list(keys)[:1], lazy=True): 0,
            **{name: False for name in measures if measures[name] != COUNT},
        }
        rows = expanded(self, domain, rows, keys, empty, order) if lazy else rows
        rows = filled(self, rows, keys, empty)
        formatters = {spec: formatter(self, explicit, [row[spec] for row in rows]) for spec, explicit in keys.items()}
        joined = GroupDomains(self, domain if rows else (), first=rules.group_domain_first)
        for row in rows:
            _describe(self, row, formatters, written, joined)
            row.pop("id", None)  # not part of the answer, even if its count was asked for
        return rows
