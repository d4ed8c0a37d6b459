"""Groups of records since 19: formatted_read_group, and the groups of the web client, which may come with records.

Source: versions.md §6.2, §6.4; Odoo's source of 19.0; recorded in json2-groups, temporal and web (19.0).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from mockserver.orm.bulk import group_by as groups
from mockserver.orm.methods.grouping import GroupDomains, formatter
from mockserver.orm.methods.read_values import dicts
from mockserver.orm.methods.search import slice_rows
from mockserver.orm.query import domain as domains
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema import api

MOST_UNFOLDED = 10  # groups that come with their records although the client did not open them


def progress(
    found: Sequence[Mapping[str, Any]],
    group_by: str,
    bar: Mapping[str, Any],
    *,
    choices: Mapping[Any, str] | None = None,
    shown: int = 0,
) -> dict[str, dict[str, int]]:
    """Return the counts of groups by the first key and, below it, by the values of the bar's field.

    `choices` are the labels of values in keys; of a pair, the key is the item number `shown`.
    """
    bars: dict[str, dict[str, int]] = {}
    for group in found:
        value = group[group_by]
        key = value[shown] if isinstance(value, list) else (choices or {}).get(value, value)
        counts = bars.setdefault(str(key), dict.fromkeys(bar["colors"], 0))
        counted = group[bar["field"]]
        if not isinstance(counted, list) and counted in counts:  # a pair of a many2one is no color
            counts[counted] += group[groups.COUNT]
    return bars


def _in_json(spec: str) -> str:
    """Return the specification whose result JSON can hold: records are listed as an array of ids."""
    return f"{spec.removesuffix(':recordset')}:array_agg" if spec.endswith(":recordset") else spec


def _formatter(records: Recordset, spec: str, values: Sequence[Any]) -> Callable[[Any], tuple[Any, list[Any]]]:
    """Return what gives for each of the groups' values how it is answered, and the leaves of the group's domain."""
    parsed = groups.parse(spec)
    if not parsed.path:
        format_value = formatter(records, spec, values)

        def show(value: Any) -> tuple[Any, list[Any]]:
            shown, leaves, bounds = format_value(value)
            return ([bounds["from"], shown] if bounds else shown), leaves

        return show
    format_target = _formatter(records.env[records._model.fields[parsed.name].comodel], parsed.rest, values)

    def show_path(value: Any) -> tuple[Any, list[Any]]:
        shown, leaves = format_target(value)
        found: list[Any] = [(parsed.name, "any", domains.Inner(leaves))]
        return shown, ["|", (parsed.name, "not any", domains.Inner()), *found] if value is None else found

    return show_path


def _require(holds: Any) -> None:
    """Raise the server's AssertionError, which has no text; pytest would give one to an `assert`."""
    if not holds:
        raise AssertionError


def _terms(order: str | None) -> Iterator[str]:
    return (term.strip() for term in order.split(",")) if order else iter(())


def _order_of_set(order: str | None, specs: Sequence[str]) -> str | None:
    """Return the terms of an order clause that belong to one set of specifications."""
    return ",".join(term for term in _terms(order) if term.split()[0] in specs) or None


class FormattedGrouping(Recordset):
    """Groups of records, since 19."""

    __slots__ = ()
    _declared_by = "Base"  # the class that errors of Python name

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
        """Return a dict for each group: values and aggregates by their specifications, and `__extra_domain`.

        A relation is `[id, name]`, a period `[start, label]`.
        """
        measures = [_in_json(spec) for spec in aggregates]
        _require(groupby or measures)
        found = groups.grouped(self, domain, groupby, measures, order or ",".join(groupby), having)
        if limit and not offset:
            _ = len(found) < limit  # a text raises TypeError, as on the server
        rows = slice_rows(found, offset, limit)
        if not rows:
            return []
        columns = list(zip(*rows, strict=True))
        formatted = [
            list(map(_formatter(self, spec, column), column)) for spec, column in zip(groupby, columns, strict=False)
        ]
        shown = [[value for value, _ in column] for column in formatted]
        sections = zip(*([leaves for _, leaves in column] for column in formatted), strict=True)
        joined = GroupDomains(self)
        answered = {
            **dict(zip(chain(groupby, measures), columns, strict=True)),
            **dict(zip(groupby, shown, strict=True)),
            "__extra_domain": list(map(joined.of, sections if groupby else [()] * len(rows))),
        }
        return dicts(answered, len(rows))

    @api.model(since=20, name="read_group")
    def read_group_20(
        self,
        domain: Any,
        groupby: Sequence[str] = (),
        aggregates: Sequence[str] = (),
        having: Any = (),
        offset: Any = 0,
        limit: Any = None,
        order: str | None = None,
    ) -> list[list[Any]]:
        """Return a list for each group: its values, then the aggregates; a relation is an id, a period its start.

        Inferred: odoo-20 §5.
        """
        if not groupby and not aggregates:
            raise ValueError("Need groupby or aggregates.")
        measures = [_in_json(spec) for spec in aggregates]
        found = groups.grouped(self, domain, groupby, measures, order or ",".join(groupby), having)
        return [[False if value is None else value for value in row] for row in slice_rows(found, offset, limit)]

    @api.model(since=19)
    def formatted_read_grouping_sets(
        self,
        domain: Any,
        grouping_sets: Sequence[Sequence[str]],
        aggregates: Sequence[str] = (),
        *,
        order: str | None = None,
    ) -> list[list[dict[str, Any]]]:
        """Return the groups of `formatted_read_group` for each set of specifications."""
        if not grouping_sets:
            raise ValueError("The 'grouping_sets' parameter cannot be empty.")
        return [
            self.formatted_read_group(domain, groupby, aggregates, order=_order_of_set(order, [*groupby, *aggregates]))
            for groupby in grouping_sets
        ]

    @api.model(since=19, name="web_read_group")
    def web_read_group_19(
        self,
        domain: Any,
        groupby: Sequence[str],
        aggregates: Sequence[str] = (),
        limit: Any = None,
        offset: Any = 0,
        order: str | None = None,
        *,
        auto_unfold: bool = False,
        opening_info: Any = None,
        unfold_read_specification: Any = None,
        unfold_read_default_limit: Any = 80,
        groupby_read_specification: Any = None,
    ) -> dict[str, Any]:
        """Return `{"groups": [dict], "length": int}` of the first level of `groupby`; see `formatted_read_group`.

        The groups that `opening_info` names as not folded, `[{"value", "folded", "offset", "limit",
        "progressbar_domain", "groups"}]`, have `__records`, or `__groups` of the next level; with `auto_unfold` other
        groups have them, too.  `groupby_read_specification` maps a relation to what is read of its records, as
        `__values`.
        """
        _require(isinstance(groupby, (list, tuple)) and groupby)
        own, measures = groupby[:1], [*aggregates, *([] if groups.COUNT in aggregates else [groups.COUNT])]
        found = self.formatted_read_group(
            domain, own, measures, (), offset, limit, _order_of_set(order, [*own, *measures])
        )
        length = len(found) + (offset or 0) if found else 0
        if found and limit and len(found) == limit:
            length = len(groups.grouped(self, domain, own, ()))
        if (groupby_read_specification or {}).get(own[0]):
            _add_values(self, found, own[0], groupby_read_specification[own[0]])
        if unfold_read_specification is not None:
            _Unfolding(self, domain, groupby, aggregates, order, {
                "auto_unfold": auto_unfold, "unfold_read_specification": unfold_read_specification,
                "unfold_read_default_limit": unfold_read_default_limit,
                "groupby_read_specification": groupby_read_specification,
            }).unfold(found, opening_info or ())  # fmt: skip
        return {"groups": found, "length": length}

    @api.model(since=19, name="read_progress_bar")
    def read_progress_bar_19(
        self, domain: Any, group_by: str, progress_bar: Mapping[str, Any]
    ) -> dict[str, dict[str, int]]:
        """Return `{group: {value of progress_bar["field"]: count}}` for the values in `progress_bar["colors"]`."""
        found = self.formatted_read_group(domain, [group_by, progress_bar["field"]], [groups.COUNT])
        return progress(found, group_by, progress_bar)


def _add_values(records: Recordset, found: list[dict[str, Any]], spec: str, specification: Any) -> None:
    """Add what is read of the record that each group stands for."""
    comodel = records.env[records._model.fields[spec].comodel]
    ids = [group[spec][0] for group in found if group[spec]]
    read = {row["id"]: row for row in comodel.browse(ids).call("web_read", specification)}
    for group in found:
        group["__values"] = read.get(group[spec][0]) if group[spec] else {"id": False}


class _Unfolding:
    """How groups come with their records, or with the groups of the next level."""

    def __init__(
        self,
        records: FormattedGrouping,
        domain: Any,
        groupby: Sequence[str],
        aggregates: Sequence[str],
        order: str | None,
        options: dict[str, Any],
    ) -> None:
        self.records, self.domain, self.groupby, self.aggregates = records, domain, groupby, aggregates
        self.order, self.options = order, options

    def unfold(self, found: list[dict[str, Any]], opening_info: Sequence[Mapping[str, Any]]) -> None:
        """Add the content of the groups that are open."""
        known = {info["value"]: info for info in opening_info}
        opened = 0
        for group in found:
            value = group[self.groupby[0]]
            info = known.get(value[0] if isinstance(value, list) else value)
            if info is not None:
                if not info["folded"]:
                    self._add_content(group, info)
            elif self.options["auto_unfold"] and opened < MOST_UNFOLDED and not self._folded(value):
                opened += 1
                self._add_content(group, {})

    def _folded(self, value: Any) -> bool:
        """Return whether a group is closed at first: that of the records without a related one is."""
        field = self.records._model.fields.get(groups.parse(self.groupby[0]).name)
        return value is False and field is not None and field.relational

    def _add_content(self, group: dict[str, Any], info: Mapping[str, Any]) -> None:
        domain = [*self.domain, *group["__extra_domain"], *(info.get("progressbar_domain") or ())]
        offset, limit = info.get("offset") or 0, info.get("limit", self.options["unfold_read_default_limit"])
        if offset and offset >= group[groups.COUNT]:
            group["__offset"] = offset = 0
        if len(self.groupby) > 1:
            group["__groups"] = self.records.web_read_group_19(
                domain, self.groupby[1:], self.aggregates, limit, offset, self.order,
                opening_info=info.get("groups"), **self.options,
            )  # fmt: skip
            return
        specs = [*self.groupby, *self.aggregates, groups.COUNT]
        order = ",".join(term for term in _terms(self.order) if term.split()[0] not in specs and ":" not in term)
        records = self.records.call("search", domain, offset, limit, order or None)
        group["__records"] = records.web_read(self.options["unfold_read_specification"])
