"""read_group since 17.

Source: versions.md §6.4; recorded in core-groups (17.0).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from mockserver.orm.bulk import group_by as groups
from mockserver.orm.bulk.expanding import expanded
from mockserver.orm.bulk.filling import filled
from mockserver.orm.bulk.group_by import COUNT
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Properties
from mockserver.orm.methods.read_values import dicts
from mockserver.orm.methods.search import slice_rows
from mockserver.orm.query import domain as domains
from mockserver.orm.query.dates import parts
from mockserver.orm.query.periods import Periods
from mockserver.orm.query.values import labels
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema import api

FIELD = re.compile(r"(\w+)(?::(\w+)(?:\((\w+)\))?)?")
# a key of the answer → its explicit specification, such as {"date": "date:month"}
Specifications = dict[str, str]
# takes a group's value; returns the value for the answer, the group's domain, and its range or None
Formatter = Callable[[Any], tuple[Any, list[Any], Any]]


class GroupDomains:
    """The domains of groups: that of a call joined by `&` with what the values of a group say.

    A domain that matches every record is left out.
    """

    def __init__(self, records: Recordset, domain: Any = (), *, first: bool = True) -> None:
        """Read the domain of the call, which is the first operand or the last."""
        self._flat = records.env.db.profile.rules.flat_domains
        self._own = self._operands(domains.normalize(domain)) if domain else []
        self._first = first

    def _operands(self, part: list[Any]) -> list[list[Any]]:
        if part == [domains.TRUE_LEAF]:
            return []
        return domains.conjuncts(part) if self._flat and len(part) > 1 else [part]

    def of(self, sections: Sequence[list[Any]]) -> list[Any]:
        """Return the domain of a group of which the sections, normalised domains, say the values."""
        if not self._own and len(sections) == 1 and len(sections[0]) == 1:
            return list(sections[0])
        said = [operand for section in sections for operand in self._operands(section)]
        kept = self._own + said if self._first else said + self._own
        if self._flat and not kept:
            kept = [[domains.TRUE_LEAF]]
        return ["&"] * (len(kept) - 1) + [token for part in kept for token in part]


def groupby_specifications(records: Recordset, groupby: Sequence[str]) -> Specifications:
    """Return `{groupby as written: explicit specification}`; a date without granularity means months."""
    keys = {}
    for spec in groupby:
        name, property_, granularity = groups.parse(spec)
        field = known_field(records, name)
        if property_ and not isinstance(field, Properties):
            raise ValueError(f"Property name {property_!r} has to be used on a property field.")
        keys[spec] = f"{name}:{granularity or 'month'}" if field.dated else spec
    return keys


def known_field(records: Recordset, name: str) -> Field:
    """Return the field of that name; raises read_group's own ValueError."""
    try:
        return records._model.fields[name]
    except KeyError:
        raise ValueError(f"Invalid field {name!r} on model {records._name!r}") from None


def _measures(records: Recordset, fields: Sequence[str], keys: Specifications) -> Specifications:
    """Return the requested aggregates; a bare field means its own function, or none if it has none."""
    found: Specifications = {}
    for spec in fields:
        if spec == COUNT:
            continue
        match = FIELD.match(spec)
        if match is None:
            raise ValueError(f"Invalid field specification {spec!r}.")
        name, function, source = match.groups()
        if function:
            found[name] = f"{source or name}:{function}"
            continue
        own = own_aggregate(records, known_field(records, name))
        if own and spec not in keys:
            found[name] = f"{name}:{own}"
    return found


def own_aggregate(records: Recordset, field: Field) -> str | None:
    """Return the function of a group for the field where none is named."""
    base = groups.base_field(records.env, records._model, field)[1]
    return (field.own_aggregate or base.own_aggregate) if base.store and field.name != "id" else None


def count_name(levels: Sequence[str], lazy: bool) -> str:
    return f"{levels[0].split(':')[0]}_count" if lazy and len(levels) == 1 else COUNT


def _order(orderby: Any, keys: Specifications, measures: Specifications) -> str:
    """Return the order clause in terms of specifications; by default the groupby keys in turn."""
    if not orderby:
        return ",".join(keys.values())
    terms = []
    for part in orderby.split(","):
        term = part.strip()
        for name, spec in chain(reversed(keys.items()), measures.items()):
            bare = name.split(":")[0]
            if term == bare or term.startswith(f"{bare} "):
                term = spec + term[len(bare) :]
                break
        terms.append(term)
    return ",".join(terms)


def formatter(records: Recordset, spec: str, values: Iterable[Any] = ()) -> Formatter:
    """Return the function that formats the values of one groupby specification; of these, names are read together."""
    name, _, granularity = groups.parse(spec)
    env, field = records.env, records._model.fields[name]
    if field.relational or name == "id":
        comodel = env.db.registry.get(field.relation or records._name) or records._model
        rules = env.db.profile.rules
        every = domains.Inner() if rules.flat_domains else domains.Inner([domains.TRUE_LEAF])
        nothing: list[Any] = [(name, "not any", every)] if field.x2many and rules.any else [(name, "=", False)]
        named = labels(env, comodel, filter(None, values))

        def show_record(id_: Any) -> tuple[Any, list[Any], Any]:
            if not id_:
                return False, nothing, None
            label = named[id_] if id_ in named else labels(env, comodel, (id_,)).get(id_)
            return [id_, False if label is None else label], [(name, "=", id_)], None

        return show_record
    if granularity is None:
        return lambda value: (_shown(value), [(name, "=", _shown(value))], None)
    if granularity in parts.NAMES:
        part = f"{name}.{granularity}"
        return lambda value: (_shown(value), [(part, "=", _shown(value))], None)
    periods = Periods.of(env, granularity, has_time=field.timed)

    def show_period(start: Any) -> tuple[Any, list[Any], Any]:
        if start is None:
            return False, [(name, "=", False)], False
        first, after = periods.bounds(start)
        leaves = ["&", (name, ">=", first), (name, "<", after)]
        return periods.label(start), leaves, {"from": first, "to": after}

    return show_period


def _shown(value: Any) -> Any:
    return False if value is None else value


def as_dicts(found: Sequence[Sequence[Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the groups as dicts; an aggregate of the same name as a key takes its place."""
    return dicts(dict(zip(names, zip(*found, strict=True), strict=True)), len(found)) if found else []


def _describe(rows: Sequence[dict[str, Any]], name: str, format_value: Formatter) -> list[list[Any]]:
    """Format the values of a key in its groups, and return what the domains of these say of it."""
    found = [format_value(row[name]) for row in rows]
    for row, (value, _, bounds) in zip(rows, found, strict=True):
        row[name] = value
        if bounds is not None:
            row.setdefault("__range", {})[name] = bounds
    return [leaves for _, leaves, _ in found]


class Grouping(Recordset):
    """Groups of records, since 17."""

    __slots__ = ()

    @api.model(since=17, until=19)
    def read_group(
        self,
        domain: Any,
        fields: Sequence[str],
        groupby: str | Sequence[str],
        offset: Any = 0,
        limit: Any = None,
        orderby: Any = False,
        lazy: bool = True,
    ) -> list[dict[str, Any]]:
        """Return a dict for each group: the groupby keys as written, a count, the aggregates, `__domain`, and more.

        `fields` are `field`, `field:function` or `name:function(field)`.  A lazy call groups by the first of
        `groupby` and puts the others into `__context`; `__range` has the bounds of periods.
        """
        written = [groupby] if isinstance(groupby, str) else groupby
        levels = written[:1] if lazy else written
        keys = groupby_specifications(self, levels)
        measures = {count_name(levels, lazy): COUNT, **_measures(self, fields, keys)}
        order = _order(orderby, keys, measures)
        found = groups.grouped(self, domain, list(keys.values()), list(measures.values()), order)
        flat = self.env.db.profile.rules.flat_domains
        whole: Any = GroupDomains(self, domain).of(()) if flat else domain
        rows = as_dicts(slice_rows(found, offset, limit), [*keys, *measures])
        empty = {name: groups.empty(spec) for name, spec in measures.items()}
        if lazy:
            rows = expanded(self, domain, rows, keys, empty, order)
        rows = filled(self, rows, keys, empty)
        if not keys or not rows:
            return [{**row, "__domain": whole} for row in rows]
        sections = [_describe(rows, name, formatter(self, spec, [row[name] for row in rows]))
                    for name, spec in keys.items()]  # fmt: skip
        joined = GroupDomains(self, whole)
        for row, said in zip(rows, zip(*sections, strict=True), strict=True):
            row["__domain"] = joined.of(said)
            if len(levels) < len(written):
                row["__context"] = {"group_by": list(written[len(levels) :])}
        return rows
