"""Group rows: specifications, keys, aggregates and the order of the groups.

A groupby specification is `field` or `field:granularity`, an aggregate `field:function` or `__count`.
Source: versions.md §6.4; recorded in core-groups (17.0).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.errors import DatabaseError
from mockserver.orm.bulk import having as havings
from mockserver.orm.bulk.aggregates import FUNCTIONS, aggregate
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2many, Many2one, Properties
from mockserver.orm.query import domain as domains, order as orders, slots, values
from mockserver.orm.query.dates import parts
from mockserver.orm.query.finding import Found
from mockserver.orm.query.order import Term
from mockserver.orm.query.periods import GRANULARITIES, Periods
from mockserver.orm.rights.access import check_access, check_order
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset

MAX_COLUMNS = 1664  # of one query; Source: PostgreSQL, "Limits"
_SPECIFICATION = re.compile(r"(\w+)(?:\.([\w.]+))?(?::(\w+))?$")
_ORDER = re.compile(
    r"\s*(?P<term>[a-z0-9_]+(\.[\w.]+)?(:[a-z_]+)?)(\s+(?P<direction>desc|asc))?"
    r"(\s+nulls\s+(?P<nulls>first|last))?\s*",
    re.IGNORECASE,
)
COUNT = "__count"
# gives a value of a group: None for NULL, the id of a relation, the local start of a period
Key = Callable[[Row], Any]
# {"key": values, "rows": rows}
Group = Row


class Specification(NamedTuple):
    """`name.path:function`; in a groupby specification, the function is a granularity.

    The path is a property of a properties field, or since 19 a field of a many2one's record.
    """

    name: str
    path: str | None
    function: str | None

    @property
    def rest(self) -> str:
        """The specification of the path, in the model that the field points to."""
        return f"{self.path}:{self.function}" if self.function else str(self.path)


def parse(text: str) -> Specification:
    """Return the parts of a specification; raises the server's ValueError."""
    match = _SPECIFICATION.match(text)
    if match is None:
        raise ValueError(
            f"Invalid aggregate/groupby specification {text!r}.\n"
            '- Valid aggregate specification looks like "<field_name>:<agg>" example: "quantity:sum".\n'
            '- Valid groupby specification looks like "<no_datish_field_name>" or "<datish_field_name>:<granularity>"'
            ' example: "date:month" or "<properties_field_name>.<property>:<granularity>".'
        )
    return Specification(*match.groups())


def grouped(
    records: Recordset,
    domain: Any,
    groupby: Sequence[str],
    aggregates: Sequence[str],
    order: str | None = None,
    having: Any = (),
) -> list[tuple[Any, ...]]:
    """Return one tuple per group: the values of `groupby` (None is NULL), then those of `aggregates`.

    Without `groupby` there is one group, even if no record matches.  `having` is a domain over aggregates, which the
    groups match.  Raises the server's errors for unknown fields and functions, even if no record matches.
    """
    check_access(records, "read")
    env, model = records.env, records._model
    if len(groupby) + len(aggregates) > MAX_COLUMNS:
        raise DatabaseError("errors.TooManyColumns", f"target lists can have at most {MAX_COLUMNS} entries\n")
    if not env.db.profile.rules.restricted_fields_searched:
        check_order(records, ",".join([*groupby, *(spec for spec in aggregates if spec != COUNT)]))
    rules = env.db.profile.rules
    if domains.is_false(domain, rules):
        return [] if groupby else [tuple(empty(spec) for spec in aggregates)]
    keys = [_key(env, model, spec) for spec in groupby]
    measures = [_measure(env, model, spec) for spec in aggregates]
    keep = havings.compiled(having, functools.partial(_measure, env, model)) if having else None
    sorting = _sorting(order)
    terms = _terms(env, model, sorting, dict(zip(groupby, keys, strict=True)))
    joined = [f for f in dict.fromkeys(model.fields[parse(s).name] for s in _field_specifications(groupby, aggregates))
              if isinstance(f, Many2many)]  # fmt: skip
    found = env.found(model, domain)
    if len(groupby) == 1 and not having and {COUNT}.issuperset(aggregates):
        counted = _counted(env, model, groupby[0], sorting, found)
        if counted is not None:
            return [(value, *[number] * len(aggregates)) for value, number in counted]
    rows = _rows_per_link(env, model, found.rows(), joined)
    groups = _groups(rows, keys) if groupby else [{"key": (), "rows": rows}]
    if keep is not None:
        groups = [group for group in groups if keep(group["rows"])]
    groups = list(orders.sort_by(groups, terms))
    alike = [group["rows"] for group in groups]
    measured = zip(*(map(measure, alike) for measure in measures), strict=True) if measures else [()] * len(groups)
    return [(*group["key"], *values) for group, values in zip(groups, measured, strict=True)]


def _field_specifications(*specs: Iterable[str]) -> list[str]:
    return [spec for some in specs for spec in some if spec != COUNT]


def empty(spec: str) -> Any:
    """Return the result of an aggregate that stands for NULL."""
    function = COUNT if spec == COUNT else parse(spec).function
    if function in (COUNT, "count", "count_distinct"):
        return 0
    return [] if function == "array_agg" else False


def _groups(rows: Sequence[Row], keys: Sequence[Key]) -> list[Group]:
    gathered: dict[tuple[Any, ...], list[Row]] = {}
    for key, row in zip(zip(*(map(get, rows) for get in keys), strict=True), rows, strict=True):
        gathered.setdefault(key, []).append(row)
    return [{"key": key, "rows": found} for key, found in gathered.items()]


def _counted(
    env: Environment, model: Model, spec: str, sorting: Sequence[_Sorting], found: Found
) -> list[tuple[Any, int]] | None:
    """Return the values of a column in order, each with the number of its rows; None if the rows must be looked at."""
    field = model.fields.get(spec)
    if field is None or not field.column or field.dated or field.x2many or not slots.plain(env, field):
        return None
    if any(one.term not in (spec, COUNT) for one in sorting):
        return None
    tally = found.tally(spec)
    if tally is None:
        return None
    if field.null_key is not None and None in tally:
        tally = {**tally, field.null_key: tally.get(field.null_key, 0) + tally[None]}
        del tally[None]
    terms: list[Term] = []
    for one in sorting:
        if one.term == COUNT:
            terms.append(one.by(lambda row: tally[row[spec]]))
        elif isinstance(field, Many2one):
            terms += orders.terms(env, model, one.part)
        else:
            terms.append(one.by(itemgetter(spec)))
    terms.append(Term(itemgetter(spec), False, False, column=spec))
    return [(row[spec], tally[row[spec]]) for row in orders.sort_by([{spec: value} for value in tally], terms)]


def _rows_per_link(env: Environment, model: Model, rows: Sequence[Row], fields: Sequence[Field]) -> Sequence[Row]:
    """Return each row once per linked record, since it counts in the group of each."""
    every = env.with_context(active_test=False)
    for field in fields:
        rows = [{**row, field.name: id_} for row in rows for id_ in values.value(every, model, field, row) or (None,)]
    return rows


# -- values of a row, and aggregates


def _reader(env: Environment, model: Model, field: Field) -> Key:
    """Return the function that gets a stored field from a row; raises the server's ValueError for other fields."""
    owner, base = base_field(env, model, field)
    if not groupable(env, model, field):
        raise ValueError(env.db.profile.rules.not_in_sql_text.format(model=owner.name, field=base.name))
    if isinstance(field, Many2many) or field.column:
        return slots.getter(env, field)
    return lambda row: values.value(env, model, field, row)


def groupable(env: Environment, model: Model, field: Field) -> bool:
    """Return whether records can be grouped by the field."""
    base = base_field(env, model, field)[1]
    return base.store and base.grouped


def base_field(env: Environment, model: Model, field: Field) -> tuple[Model, Field]:
    """Return the field itself, or the one of the parent model from which it is inherited."""
    while field.inherited and field.related:
        many2one, _, name = field.related.partition(".")
        model = env.db.registry[model.fields[many2one].comodel]
        field = model.fields[name]
    return model, field


def _key(env: Environment, model: Model, spec: str) -> Key:
    parsed = parse(spec)
    name, path, granularity = parsed
    if name not in model.fields:
        raise ValueError(f"Invalid field {name!r} on model {model.name!r}")
    field, rules = model.fields[name], env.db.profile.rules
    if isinstance(field, Properties):
        raise ValueError(
            f"Grouping by a property is not supported here: {spec!r}"
            if path
            else "You must choose the property you want to group by."
        )
    if path:
        return _key_of_target(env, model, field, spec, parsed)
    if granularity and not field.dated:
        raise ValueError(f"Granularity set on a no-datetime field or property: {spec!r}")
    read = _reader(env, model, field)
    if not field.dated:
        null = field.null_key
        return read if null is None else lambda row: null if (value := read(row)) is None else value
    if granularity in parts.NAMES and rules.date_parts:
        number = parts.Part.of(env, granularity, has_time=field.timed).number
        shown: Callable[[int], float] = float if rules.group_float_parts else int
        return lambda row: None if (text := read(row)) is None else shown(number(text))
    if not granularity:
        raise ValueError(f"Granularity not set on a date(time) field: {spec!r}")
    if granularity not in GRANULARITIES:
        raise ValueError(f"Granularity specification isn't correct: {granularity!r}")
    periods = Periods.of(env, granularity, has_time=field.timed)
    return lambda row: None if (text := read(row)) is None else periods.start(text)


def _key_of_target(env: Environment, model: Model, field: Field, spec: str, parsed: Specification) -> Key:
    """Return the key of a path: that of the record to which the many2one points, as far as the user may read it."""
    if not env.db.profile.rules.group_paths:
        raise ValueError(f"Property set on a non properties field: {parsed.path!r}")
    if not isinstance(field, Many2one):
        raise ValueError(f"Only many2one path is accepted for the {spec!r} groupby spec")
    comodel, read = env.db.registry[field.comodel], _reader(env, model, field)
    check_access(env[comodel.name], "read")
    inner, targets = _key(env, comodel, parsed.rest), env.db.store.rows(comodel.name)

    def key(row: Row) -> Any:
        target = targets.get(read(row) or 0)
        return inner(target) if target is not None and env.readable(comodel.name, [target]) else None

    return key


def _measure(env: Environment, model: Model, spec: str) -> Callable[[Sequence[Row]], Any]:
    if spec == COUNT:
        return len
    name, path, function = parse(spec)
    rules = env.db.profile.rules
    if path and rules.group_paths:
        raise ValueError(f"Invalid {spec!r}, this dot notation is not supported")
    if name not in model.fields:
        raise ValueError(f"Invalid field {name!r} on model {model.name!r} for {spec!r}.")
    if not function:
        raise ValueError(f"Aggregate method is mandatory for {name!r}")
    if function == "sum_currency" and rules.currency_sum:
        return _currency_sum(env, model, model.fields[name])
    if function not in FUNCTIONS:
        raise ValueError(f"Invalid aggregate method {function!r} for {spec!r}.")
    field = model.fields[name]
    if function == "recordset" and not (field.relational or name == "id"):
        raise ValueError(f"Aggregate method {function!r} can be only used on relational field (or id) (for {spec!r}).")
    if isinstance(field, Many2many) and not rules.many2many_aggregates:
        raise ValueError(rules.not_in_sql_text.format(model=model.name, field=name))
    read = _reader(env, model, field)
    compute = aggregate(field, function)
    if function == "recordset":
        comodel = field.relation or model.name
        return lambda rows: f"{comodel}{tuple(compute([read(row) for row in rows]))!r}"
    nothing, shown = empty(spec), _to_seconds if field.timed else _unchanged
    return lambda rows: nothing if (found := compute([read(row) for row in rows])) is None else shown(found)


def _to_seconds(found: Any) -> Any:
    """Return an aggregate of times without the fractions that `create_date` and `write_date` have in rows."""
    if isinstance(found, list):
        return [_to_seconds(one) for one in found]
    return found[:19] if isinstance(found, str) else found


def _unchanged(found: Any) -> Any:
    return found


def _currency_sum(env: Environment, model: Model, field: Field) -> Callable[[Sequence[Row]], Any]:
    """Return the aggregate that adds amounts up in the currency of the company."""
    if field.type != "monetary":
        raise ValueError(f'Aggregator "sum_currency" only works on currency field for {field.name!r}')
    amount, currency = _reader(env, model, field), model.fields[field.currency_field or "currency_id"]
    currencies = env.sudo()["res.currency"]

    def compute(rows: Sequence[Row]) -> Any:
        found = [(amount(row), values.value(env, model, currency, row)) for row in rows]
        rates = {id_: currencies.browse(id_)["rate"] or 1.0 for id_ in {id_ for _, id_ in found if id_}}
        present = [value / rates.get(id_, 1.0) for value, id_ in found if value is not None]
        return sum(present) if present else False

    return compute


# -- the order of the groups


class _Sorting(NamedTuple):
    """One term of an order of groups, and the part of the order that says it."""

    part: str
    term: str
    descending: bool
    nulls_first: bool

    def by(self, key: Key) -> Term:
        """Return the sort key that sorts by these values."""
        return Term(key, self.descending, self.nulls_first)


def _sorting(order: str | None) -> list[_Sorting]:
    """Return the terms of an order."""
    found = []
    for part in order.split(",") if order else ():
        match = _ORDER.fullmatch(part)
        if match is None:
            raise ValueError(f"Invalid order {order!r} for _read_group()")
        descending = (match["direction"] or "").lower() == "desc"
        nulls_first = descending if match["nulls"] is None else match["nulls"].lower() == "first"
        found.append(_Sorting(part, match["term"], descending, nulls_first))
    return found


def _terms(env: Environment, model: Model, sorting: Sequence[_Sorting], keys: dict[str, Key]) -> list[Term]:
    """Return the sort keys; groups that compare equal are sorted by their values."""
    terms: list[Term] = []
    for one in sorting:
        if isinstance(model.fields.get(one.term), Many2one) and one.term in keys:
            terms += [found._replace(key=_key_of_first_row(found.key)) for found in orders.terms(env, model, one.part)]
        elif one.term in keys:
            terms.append(one.by(_group_value(list(keys).index(one.term))))
        else:
            terms.append(one.by(_by_measure(env, model, one.part, one.term)))
    return terms + [Term(_group_value(index), False, False) for index in range(len(keys))]


def _by_measure(env: Environment, model: Model, part: str, term: str) -> Key:
    try:
        measure = _measure(env, model, term)
    except ValueError as error:
        raise ValueError(f"Order term {part!r} is not a valid aggregate nor valid groupby") from error
    nothing = empty(term)

    def key(group: Group) -> Any:
        found = measure(group["rows"])
        # an aggregate without values is NULL, which sorts separately
        return None if found is nothing and found is False else found

    return key


def _group_value(index: int) -> Key:
    return lambda group: group["key"][index]


def _key_of_first_row(key: Key) -> Key:
    return lambda group: key(group["rows"][0])
