"""Small random databases over three models, the domains and the orders that one can ask of them.

`item` has every kind of field and a parent, children, a category and tags; `category` is a tree that is never
archived; `tag` is flat and can be archived.
"""

from __future__ import annotations

import functools
import random
from typing import Any

from hypothesis import strategies as st

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.schema.model import Model
from tests.properties.naive import Column, Naive, Table

World = dict[str, dict[int, dict[str, Any]]]  # {model: {id: row}}

FIELDS: dict[str, dict[str, dict[str, Any]]] = {
    "item": {
        "name": {"type": "char"}, "note": {"type": "text"}, "active": {"type": "boolean"}, "flag": {"type": "boolean"},
        "number": {"type": "integer"}, "amount": {"type": "float"}, "day": {"type": "date"},
        "moment": {"type": "datetime"}, "state": {"type": "selection", "selection": [["a", "A"], ["b", "B"]]},
        "parent_id": {"type": "many2one", "relation": "item"},
        "child_ids": {"type": "one2many", "relation": "item", "relation_field": "parent_id"},
        "category_id": {"type": "many2one", "relation": "category"},
        "tag_ids": {"type": "many2many", "relation": "tag"},
    },
    "category": {
        "name": {"type": "char"}, "rank": {"type": "integer"},
        "parent_id": {"type": "many2one", "relation": "category"},
    },
    "tag": {"name": {"type": "char"}, "color": {"type": "integer"}, "active": {"type": "boolean"}},
}  # fmt: skip
ORDERS = {"item": "category_id, name desc, id", "category": "rank desc nulls last, name", "tag": "id"}
SIZES = {"item": 8, "category": 5, "tag": 4}

MODELS = [
    Model.define(name, fields, order=ORDERS[name], log_access=False, description=name)
    for name, fields in FIELDS.items()
]
SCHEMA = {
    name: Table(
        {
            "id": Column("integer"), "display_name": Column("char", stored=False),
            **{n: Column(f["type"], f.get("relation", ""), f.get("relation_field", "")) for n, f in fields.items()},
        },
        order=ORDERS[name], active="active" if "active" in fields else None,
    )
    for name, fields in FIELDS.items()
}  # fmt: skip

NAMES = ["", "a", "A", "ab", "a_b", "a%b", "a\\b", "É", "é", "ß", "日本", "a\nb", "100%", " a", "b "]
PATTERNS = [*NAMES, "%", "_", "a%", "%b", "a\\_b", "\\%", "a\\\\b", "%\\%", "a_", "__", "_%_", "%%a", "zz"]
DAYS = ["1999-12-31", "2024-01-01", "2024-02-29", "2025-06-15"]
MOMENTS = [f"{day} {time}" for day in DAYS[1:3] for time in ("00:00:00", "12:30:45", "23:59:59")]
NUMBERS = [0, 1, -1, 2, 10, 2**31 - 1, -(2**31)]
AMOUNTS = [0.0, 0.1, -1.5, 2.0, 3.14159, 1e6]
POOLS: dict[str, list[Any]] = {
    "char": NAMES, "text": NAMES, "boolean": [True, False], "integer": NUMBERS, "float": AMOUNTS, "date": DAYS,
    "datetime": MOMENTS, "selection": ["a", "b"],
}  # fmt: skip


def _rows(model: str, size: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows with ids from 1 on; parents come before their children, so that there is no loop."""
    values = {n: st.sampled_from(POOLS[f["type"]]) for n, f in FIELDS[model].items() if f["type"] in POOLS}
    ids = {name: st.integers(1, count) for name, count in SIZES.items()}
    if "parent_id" in FIELDS[model]:
        values["parent_id"] = ids[model]
    if model == "item":
        values |= {"category_id": ids["category"], "tag_ids": st.lists(ids["tag"], min_size=1, unique=True).map(tuple)}
    return st.lists(st.fixed_dictionaries({}, optional=values), max_size=size)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """`{model: {id: row}}`; what leads to no record is left out."""
    drawn = {model: dict(enumerate(draw(_rows(model, size)), 1)) for model, size in SIZES.items()}
    for model, rows in drawn.items():
        for id_, row in rows.items():
            if row.get("parent_id", 0) >= id_:
                row.pop("parent_id", None)
            if row.get("category_id") not in drawn["category"]:
                row.pop("category_id", None)
            tags = tuple(tag for tag in row.pop("tag_ids", ()) if tag in drawn["tag"])
            if model == "item" and tags:
                row["tag_ids"] = tags
    return drawn


def _rich() -> World:
    """One world in which everything occurs, the same in every run."""
    dice = random.Random(17)
    world: World = {}
    for model, size in {"category": 5, "tag": 4, "item": 16}.items():
        world[model] = {}
        for id_ in range(1, size + 1):
            row = {n: dice.choice(POOLS[f["type"]]) for n, f in FIELDS[model].items() if f["type"] in POOLS}
            if "parent_id" in FIELDS[model] and id_ > 1:
                row["parent_id"] = dice.randrange(1, id_)
            if model == "item":
                row["category_id"] = dice.randint(1, 5)
                row["tag_ids"] = tuple(dice.sample(range(1, 5), dice.randint(1, 3)))
            world[model][id_] = {name: value for name, value in row.items() if dice.random() < 0.75}
    return world


def database(world: World) -> Database:
    """The world as a database."""
    db = Database("world", profiles.get("odoo-17.0"), Clock())
    db.add_model(*MODELS)
    for model, rows in world.items():
        for id_, row in rows.items():
            db.store.insert(model, {"id": id_, **row})
    return db


def naive(world: World) -> Naive:
    """The world as the naive evaluator takes it."""
    return Naive(SCHEMA, {model: dict(rows) for model, rows in world.items()})


RICH = _rich()


# -- domains

_COMPARISONS = st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "<>"])
_LIKES = st.sampled_from(["like", "not like", "ilike", "not ilike", "=like", "=ilike"])
_IN = st.sampled_from(["in", "not in"])
_EQUALITIES = st.sampled_from(["=", "!=", "=?"])
_EMPTY = st.sampled_from([False, None])


def _leaf(name: str, operators: st.SearchStrategy[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(st.just(name), operators, values)


def _column_leaves(name: str, kind: str) -> st.SearchStrategy[Any]:
    """Leaves on a field that holds no ids."""
    value = st.sampled_from(POOLS[kind])
    with_false = value | st.just(False)
    found = [
        _leaf(name, _EQUALITIES, value | _EMPTY),
        _leaf(name, _IN, st.lists(with_false, max_size=3) | st.just(False)),
        _leaf(name, st.sampled_from(["=", "!="]), st.lists(with_false, max_size=2)),
    ]
    if kind == "datetime":
        found.append(_leaf(name, _COMPARISONS, st.sampled_from(DAYS)))
    if kind == "date":
        found.append(_leaf(name, _COMPARISONS, st.sampled_from(MOMENTS)))
    if kind == "boolean":
        return st.one_of(found)
    found.append(_leaf(name, _COMPARISONS, value))
    patterns = PATTERNS if kind in ("char", "text", "selection") else ["1", "0", "-", "2024", "%1%", "_", "."]
    found.append(_leaf(name, _LIKES, st.sampled_from(patterns)))
    return st.one_of(found)


def _ids(model: str) -> st.SearchStrategy[int]:
    return st.integers(1, SIZES[model])


def _relation_leaves(model: str, name: str, kind: str, comodel: str) -> st.SearchStrategy[Any]:
    """Leaves on a many2one or x2many, but for paths and sub-domains."""
    id_ = _ids(comodel)
    many2one = kind == "many2one"
    # a False among the ids of an x2many is an error of the database, or ignored
    listed = st.lists(id_ | st.just(False) if many2one else id_, max_size=3)
    found = [
        _leaf(name, st.sampled_from(["=", "!="]), id_ | st.just(False) | st.lists(id_, max_size=2)),
        _leaf(name, st.just("=?"), id_ | _EMPTY if many2one else id_),
        _leaf(name, _IN, listed),
        _leaf(name, st.sampled_from(["=", "!=", "ilike", "not ilike", "like", "=like", "=ilike"]),
              st.sampled_from(PATTERNS)),
        _leaf(name, _IN, st.lists(st.sampled_from(NAMES), min_size=1, max_size=2)),
    ]  # fmt: skip
    if many2one:
        found.append(_leaf(name, st.sampled_from(["<", ">="]), id_ | st.sampled_from(NAMES)))
    if comodel != "tag" and (many2one or comodel != model):
        found.append(_leaf(name, st.sampled_from(["child_of", "parent_of"]), _roots(comodel)))
    return st.one_of(found)


def _roots(model: str) -> st.SearchStrategy[Any]:
    id_ = _ids(model)
    return id_ | st.lists(id_, max_size=2) | st.just(False) | st.sampled_from(["a", "zz", "100%"])


def _leaves(model: str, depth: int) -> st.SearchStrategy[Any]:
    found = [st.sampled_from([(1, "=", 1), (0, "=", 1)])]
    found.append(_leaf("id", st.sampled_from(["=", "!=", "=?"]), _ids(model) | st.just(False)))
    found.append(_leaf("id", _COMPARISONS, _ids(model)))
    found.append(_leaf("id", _IN, st.lists(_ids(model) | st.just(False), max_size=4)))
    found.append(_leaf("display_name", st.sampled_from(["=", "not ilike", "=like"]), st.sampled_from(NAMES)))
    if model != "tag":
        found.append(_leaf("id", st.sampled_from(["child_of", "parent_of"]), _roots(model)))
    for name, attributes in FIELDS[model].items():
        kind, comodel = attributes["type"], attributes.get("relation")
        if comodel is None:
            found.append(_column_leaves(name, kind))
            continue
        found.append(_relation_leaves(model, name, kind, comodel))
        if depth:
            path = _leaves(comodel, depth - 1).filter(lambda leaf: isinstance(leaf[0], str))
            found.append(path.map(functools.partial(_through, name)))
            operators = st.sampled_from(["any", "not any"])
            found.append(_leaf(name, operators, _nested(comodel, depth - 1)))
    return st.one_of(found)


def _nested(model: str, depth: int) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: domains(model, depth))


def _through(name: str, leaf: Any) -> Any:
    """A leaf of the comodel as a path through a relational field."""
    return (f"{name}.{leaf[0]}", *leaf[1:])


def _flat(tree: Any) -> list[Any]:
    """A tree as the tokens of prefix notation."""
    if isinstance(tree, tuple) and tree and tree[0] in ("&", "|", "!"):
        return [tree[0], *(token for part in tree[1:] for token in _flat(part))]
    return [tree]


_CACHE: dict[tuple[str, int], st.SearchStrategy[Any]] = {}


def domains(model: str, depth: int = 2) -> st.SearchStrategy[Any]:
    """Domains of a model, with paths and sub-domains `depth` deep."""
    if (model, depth) not in _CACHE:
        trees = st.recursive(
            _leaves(model, depth),
            lambda inner: st.tuples(st.sampled_from("&|"), inner, inner) | st.tuples(st.just("!"), inner),
            max_leaves=4,
        )
        # several trees after each other are joined by an & that is not written
        joined = st.lists(trees.map(_flat), max_size=2).map(lambda parts: [token for part in parts for token in part])
        _CACHE[model, depth] = joined
    return _CACHE[model, depth]


# -- orders


def _terms(model: str) -> st.SearchStrategy[str]:
    many2ones = [name for name, attributes in FIELDS[model].items() if attributes["type"] == "many2one"]
    names = ["id", *FIELDS[model], *many2ones, *(f"{name}.id" for name in many2ones)]
    direction = st.sampled_from(["", " asc", " desc", " ASC", " DESC"])
    nulls = st.sampled_from(["", "", " nulls first", " NULLS LAST"])
    return st.tuples(st.sampled_from(names), direction, nulls).map("".join)


def orders(model: str) -> st.SearchStrategy[str]:
    """Order clauses of a model."""
    return st.lists(_terms(model), min_size=1, max_size=3).map(", ".join)
