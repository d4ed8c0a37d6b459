"""read_group since 17, and formatted_read_group.

Source: versions.md §6.4; recorded in core-groups (17.0) and json2 (19.0).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from mockserver.orm.bulk import group_by as groups
from mockserver.orm.bulk.group_by import COUNT
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Properties
from mockserver.orm.methods.search import slice_rows
from mockserver.orm.query import domain as domains
from mockserver.orm.query.periods import Periods
from mockserver.orm.query.values import labels
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema import api

FIELD = re.compile(r"(\w+)(?::(\w+)(?:\((\w+)\))?)?")
# a row's key in the answer → the explicit specification, such as {"date": "date:month"}
Named = dict[str, str]
# takes a value of a group; gives what is shown, the group's domain, and its range (None: it has no such thing)
Shown = Callable[[Any], tuple[Any, list[Any], Any]]


def place(records: Recordset, result: dict[str, Any], name: str, value: Any, leaves: list[Any], bounds: Any) -> None:
    """Put one value of the group into its dict, with what it adds to the domain and the ranges."""
    result[name] = value
    result["__domain"] = joined(records, result["__domain"], leaves)
    if bounds is not None:
        result.setdefault("__range", {})[name] = bounds


def joined(records: Recordset, *parts: list[Any]) -> list[Any]:
    """Return the domains joined, in prefix notation; one that holds for all records is left out."""
    normal = [domains.normalize(part) for part in parts if part]
    kept = [part for part in normal if part != [domains.TRUE_LEAF]]
    if records.env.db.profile.rules.flat_domains:
        kept = [[leaf] for part in kept for leaf in part if leaf != "&"] if _only_and(kept) else kept
    return ["&"] * (len(kept) - 1) + [token for part in kept for token in part]


def _only_and(parts: list[list[Any]]) -> bool:
    return not any(token in ("|", "!") for part in parts for token in part)


def _of_set(order: str | None, groupby: Sequence[str], aggregates: Sequence[str]) -> str | None:
    """Return the terms of an order clause that one set of specifications knows."""
    terms = [term.strip() for term in order.split(",")] if order else []
    return ",".join(term for term in terms if term.split()[0] in (*groupby, *aggregates)) or None


def keys_of(records: Recordset, groupby: Sequence[str]) -> Named:
    """Return the groupby keys as written, with their explicit specifications: a date without granularity means
    months."""
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


def _measures(records: Recordset, fields: Sequence[str], keys: Named) -> Named:
    """Return the aggregates asked for; a bare field gives its own, or none where it has none."""
    found: Named = {}
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
        if is_summed(records, known_field(records, name)) and spec not in keys:
            found[name] = f"{name}:sum"
    return found


def is_summed(records: Recordset, field: Field) -> bool:
    """Return whether a group adds up the field when it is merely named."""
    base = groups.base_field(records.env, records._model, field)[1]
    return base.store and base.summed and field.name != "id"


def count_name(levels: Sequence[str], lazy: bool) -> str:
    return f"{levels[0].split(':')[0]}_count" if lazy and len(levels) == 1 else COUNT


def _order(orderby: Any, keys: Named, measures: Named) -> str:
    """Return the order clause with names of the answer replaced by specifications; by default the keys in turn."""
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


def shown_by(records: Recordset, spec: str) -> Shown:
    """How the values of one groupby specification are shown."""
    name, _, granularity = groups.parse(spec)
    env, field = records.env, records._model.fields[name]
    if field.relational or name == "id":
        comodel = env.db.registry.get(field.relation or records._name) or records._model
        without = field.x2many and env.db.profile.rules.any
        nothing: list[Any] = [(name, "not any", [])] if without else [(name, "=", False)]

        def show_record(id_: Any) -> tuple[Any, list[Any], Any]:
            if not id_:
                return False, nothing, None
            return [id_, labels(env, comodel, (id_,)).get(id_) or False], [(name, "=", id_)], None

        return show_record
    if granularity is None:
        return lambda value: (False if value is None else value, [(name, "=", False if value is None else value)], None)
    periods = Periods.of(env, granularity, has_time=field.timed)

    def show_period(start: Any) -> tuple[Any, list[Any], Any]:
        if start is None:
            return False, [(name, "=", False)], False
        first, after = periods.bounds(start)
        leaves = ["&", (name, ">=", first), (name, "<", after)]
        return periods.label(start), leaves, {"from": first, "to": after}

    return show_period


class Grouping(Recordset):
    """Groups of records, since 17."""

    __slots__ = ()

    @api.model(since=17)
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
        """One dict a group: the groupby keys as written, a count, the aggregates, `__domain`, and more.

        `fields` are `field`, `field:function` or `name:function(field)`.  A lazy call groups by the first of
        `groupby` and leaves the others to `__context`; `__range` tells the bounds of periods.
        """
        written = [groupby] if isinstance(groupby, str) else groupby
        levels = written[:1] if lazy else written
        keys = keys_of(self, levels)
        measures = {count_name(levels, lazy): COUNT, **_measures(self, fields, keys)}
        order = _order(orderby, keys, measures)
        found = groups.grouped(self, domain, list(keys.values()), list(measures.values()), order)
        shown = [shown_by(self, spec) for spec in keys.values()]
        results = []
        for values in slice_rows(found, offset, limit):
            result: dict[str, Any] = {**dict(zip(chain(keys, measures), values, strict=True)), "__domain": domain}
            if len(levels) < len(written):
                result["__context"] = {"group_by": list(written[len(levels) :])}
            for name, value, show in zip(keys, values, shown, strict=False):
                place(self, result, name, *show(value))
            results.append(result)
        return results

    @api.model(since=19)
    def formatted_read_group(
        self,
        domain: Any,
        groupby: Sequence[str] = (),
        aggregates: Sequence[str] = (),
        having: Any = (),
        offset: Any = 0,
        limit: Any = None,
        order: str | None = None,
    ) -> list[dict[str, Any]]:
        """One dict a group: its values and aggregates by their specifications, and `__extra_domain`.

        A relation is `[id, name]`, a period `[its beginning, label]`.
        Differs: `having` is left aside.
        """
        found = groups.grouped(self, domain, groupby, aggregates, order or ",".join(groupby))
        shown = [shown_by(self, spec) for spec in groupby]
        results = []
        for values in slice_rows(found, offset, limit):
            result: dict[str, Any] = dict(zip(chain(groupby, aggregates), values, strict=True))
            leaves: list[Any] = []
            for spec, value, show in zip(groupby, values, shown, strict=False):
                result[spec], own, bounds = show(value)
                if bounds:
                    result[spec] = [bounds["from"], result[spec]]
                leaves = joined(self, leaves, own)
            results.append({**result, "__extra_domain": leaves})
        return results

    @api.model(since=19)
    def formatted_read_grouping_sets(
        self,
        domain: Any,
        grouping_sets: Sequence[Sequence[str]],
        aggregates: Sequence[str] = (),
        *,
        order: str | None = None,
    ) -> list[list[dict[str, Any]]]:
        """`formatted_read_group` for each set of specifications."""
        return [
            self.formatted_read_group(domain, groupby, aggregates, order=_of_set(order, groupby, aggregates))
            for groupby in grouping_sets
        ]
