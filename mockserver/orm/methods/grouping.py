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


def _add_value(
    records: Recordset, result: dict[str, Any], name: str, value: Any, leaves: list[Any], bounds: Any
) -> None:
    """Put one value into the dict of its group, and extend the group's domain and ranges."""
    result[name] = value
    result["__domain"] = join_domains(records, result["__domain"], leaves)
    if bounds is not None:
        result.setdefault("__range", {})[name] = bounds


def join_domains(records: Recordset, *parts: list[Any]) -> list[Any]:
    """Return the domains joined by `&`; those that match every record are left out."""
    normal = [part if _is_leaf(part) else domains.normalize(part) for part in parts if part]
    kept = [part for part in normal if part != [domains.TRUE_LEAF]]
    if records.env.db.profile.rules.flat_domains:
        kept = [operand for part in kept for operand in domains.conjuncts(part)] or [[domains.TRUE_LEAF]]
    return ["&"] * (len(kept) - 1) + [token for part in kept for token in part]


def _is_leaf(domain: list[Any]) -> bool:
    """Return whether a domain is one leaf and so normal; one that came over the wire has lists for leaves."""
    return len(domain) == 1 and type(domain[0]) is tuple and len(domain[0]) == 3 and "any" not in domain[0][1]


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
        whole: Any = join_domains(self, domain) if flat else domain
        rows = [dict(zip(chain(keys, measures), values, strict=True)) for values in slice_rows(found, offset, limit)]
        empty = {name: groups.empty(spec) for name, spec in measures.items()}
        if lazy:
            rows = expanded(self, domain, rows, keys, empty, order)
        rows = filled(self, rows, keys, empty)
        formatters = [formatter(self, spec, [row[name] for row in rows]) for name, spec in keys.items()]
        results = []
        if keys and rows and whole:
            whole = domains.Inner(domains.normalize(whole))  # which joining need not normalise for each group
        for row in rows:
            result: dict[str, Any] = {**row, "__domain": whole}
            if len(levels) < len(written):
                result["__context"] = {"group_by": list(written[len(levels) :])}
            # an aggregate of the same name as a key takes its place
            for name, format_value in zip(keys, formatters, strict=True):
                _add_value(self, result, name, *format_value(result[name]))
            results.append(result)
        return results
