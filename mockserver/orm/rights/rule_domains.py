"""The domains of record rules: a subset of Python, parsed without executing it.

It has lists, tuples, constants, `+` of lists, `company_id`, `company_ids`, and paths from `user`, as in
`['|', ('user_id', '=', user.id), ('company_id', 'in', company_ids + [False])]`; conditions, as in
`[(1, '=', 1)] if user.has_group('base.group_system') else [('active', '=', True)]`; and `time.strftime('%Y-%m-%d')`.

Differs: the real server evaluates any Python here; what is not in this list raises an error that names it.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mockserver.orm.rights.access import in_group

if TYPE_CHECKING:
    from mockserver.orm.fields.base import Field
    from mockserver.orm.records.environment import Environment, Recordset
    from mockserver.orm.schema.model import Model

NAMES = ("user", "company_id", "company_ids", "time")
# the functions that may be called; a path cannot have such a name
HAS_GROUP, STRFTIME = "user.has_group()", "time.strftime()"
# what `user.env` has
_ENVIRONMENT = ("company", "companies", "uid", "user")
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda item, items: item in items, ast.NotIn: lambda item, items: item not in items,
}  # fmt: skip
ANY = "*"  # stands for every model, in a set of models that a rule depends on
LONGEST = 20_000  # characters; far beyond any rule, and safe for Python's parser
# path that starts with one of `NAMES`, or a function and its argument → its value
Lookup = Callable[[tuple[str, ...]], Any]


class UnreadableDomain(ValueError):
    """The text is not in the supported subset; the message says what is wrong, and where."""


class Expression:
    """A part of a text whose value depends on the user."""

    def value(self, lookup: Lookup) -> Any:
        """Return its value; raises `UnreadableDomain`."""
        raise NotImplementedError


@dataclass(frozen=True)
class Path(Expression):
    """A path such as `user.company_id.id`, as its names."""

    names: tuple[str, ...]

    def value(self, lookup: Lookup) -> Any:
        found = lookup(self.names)
        if hasattr(found, "_ids"):
            name = self.names[-1]
            raise UnreadableDomain(f"{name!r} is a record; '{name}.id' is its id")
        return found


@dataclass(frozen=True)
class Sum(Expression):
    """The concatenation of two lists."""

    left: Any
    right: Any

    def value(self, lookup: Lookup) -> Any:
        left, right = evaluate(self.left, lookup), evaluate(self.right, lookup)
        if isinstance(left, list) and isinstance(right, list):
            return left + right
        raise UnreadableDomain("only lists can be added")


@dataclass(frozen=True)
class Call(Expression):
    """A call of one of the known functions with one text."""

    function: str
    argument: str

    def value(self, lookup: Lookup) -> Any:
        return lookup((self.function, self.argument))


@dataclass(frozen=True)
class Choice(Expression):
    """`then if test else otherwise`; `and`, `or` and `not` are choices, too.  Records are true if there are any."""

    test: Any
    then: Any
    otherwise: Any

    def value(self, lookup: Lookup) -> Any:
        test = lookup(self.test.names) if isinstance(self.test, Path) else evaluate(self.test, lookup)
        return evaluate(self.then if test else self.otherwise, lookup)


@dataclass(frozen=True)
class Comparison(Expression):
    """A comparison of two values."""

    compare: Callable[[Any, Any], Any]
    left: Any
    right: Any

    def value(self, lookup: Lookup) -> Any:
        try:
            return self.compare(evaluate(self.left, lookup), evaluate(self.right, lookup))
        except TypeError as error:
            raise UnreadableDomain(str(error)) from None


@lru_cache(maxsize=1024)
def parse(text: str) -> Any:
    """Return the text as lists, tuples, constants and expressions; raises `UnreadableDomain`."""
    text = text.strip()
    if len(text) > LONGEST:
        raise UnreadableDomain(f"the text is longer than {LONGEST} characters")
    try:
        tree = ast.parse(text, mode="eval").body
        return _read(tree)
    except SyntaxError as error:
        raise UnreadableDomain(f"{error.msg} (line {error.lineno})") from None
    except (RecursionError, MemoryError):
        raise UnreadableDomain("the text is nested too deeply") from None
    except UnreadableDomain:
        raise
    except ValueError as error:  # a NUL character
        raise UnreadableDomain(str(error)) from None


def _read(node: ast.expr) -> Any:
    if isinstance(node, ast.List):
        return [_read(item) for item in node.elts]
    if isinstance(node, ast.Tuple):
        return tuple(_read(item) for item in node.elts)
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, (str, int, float))):
        return node.value
    if isinstance(node, (ast.Name, ast.Attribute)):
        return _path(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return Sum(_read(node.left), _read(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        operand = node.operand.value if isinstance(node.operand, ast.Constant) else None
        if isinstance(operand, (int, float)):
            return -operand
    if isinstance(node, (ast.IfExp, ast.BoolOp, ast.Compare)) or _is_not(node):
        return _condition(node)
    if isinstance(node, ast.Call):
        return _call(node)
    raise UnreadableDomain(f"{type(node).__name__} is not supported here (line {node.lineno})")


def _is_not(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _condition(node: ast.expr) -> Any:
    if isinstance(node, ast.IfExp):
        return Choice(_read(node.test), _read(node.body), _read(node.orelse))
    if isinstance(node, ast.BoolOp):
        *firsts, last = map(_read, node.values)
        for first in reversed(firsts):
            last = Choice(first, last, first) if isinstance(node.op, ast.And) else Choice(first, first, last)
        return last
    if isinstance(node, ast.Compare):
        if len(node.ops) > 1:
            raise UnreadableDomain(f"a row of comparisons is not supported here (line {node.lineno})")
        return Comparison(_COMPARISONS[type(node.ops[0])], _read(node.left), _read(node.comparators[0]))
    assert isinstance(node, ast.UnaryOp)
    return Choice(_read(node.operand), False, True)


def _call(node: ast.Call) -> Call:
    names = _path(node.func).names if isinstance(node.func, ast.Attribute) else ()
    given = node.args[0] if len(node.args) == 1 and not node.keywords else None
    text = given.value if isinstance(given, ast.Constant) else None
    function = f"{'.'.join(names)}()"
    if not isinstance(text, str) or function not in (HAS_GROUP, STRFTIME):
        raise UnreadableDomain(f"Call is not supported here (line {node.lineno})")
    return Call(function, text)


def _path(node: ast.Name | ast.Attribute) -> Path:
    names: list[str] = []
    at: ast.expr = node
    while isinstance(at, ast.Attribute):
        names.insert(0, at.attr)
        at = at.value
    if not isinstance(at, ast.Name):
        raise UnreadableDomain(f"{type(at).__name__} is not supported here (line {node.lineno})")
    if at.id not in NAMES:
        raise UnreadableDomain(f"name {at.id!r} is not defined (known: {', '.join(NAMES)})")
    if at.id in ("company_id", "company_ids") and names:
        raise UnreadableDomain(f"{at.id!r} has no attribute {names[0]!r}")
    return Path((at.id, *names))


def evaluate(template: Any, lookup: Lookup) -> Any:
    """Return the value of a parsed text; raises `UnreadableDomain`."""
    if isinstance(template, Expression):
        return template.value(lookup)
    if isinstance(template, list):
        return [evaluate(item, lookup) for item in template]
    if isinstance(template, tuple):
        return tuple(evaluate(item, lookup) for item in template)
    return template


def names(env: Environment, visited: set[str]) -> Lookup:
    """Return the function that gives the values of paths and calls, for the user of an environment.

    It adds the models that the values depend on to `visited`.  Raises AccessError for a company in the context that
    the user does not belong to.
    """
    companies, company = env.companies.ids, env.company.id
    user = env.db.env(env.uid).sudo().user

    def lookup(path: tuple[str, ...]) -> Any:
        if path[0] == "company_id":
            return company
        if path[0] == "company_ids":
            return companies
        if path[0] == STRFTIME:
            visited.add(ANY)
            return env.db.clock.moment().strftime(path[1])
        if path[0] == HAS_GROUP:
            return in_group(env, path[1])
        if path[0] == "time":
            raise UnreadableDomain(f"{'.'.join(path)!r} is not supported here")
        if path[1:2] == ("env",):
            return _of_environment(env, path[2:], visited)
        return _follow(user, path[1:], visited)

    return lookup


def _of_environment(env: Environment, path: tuple[str, ...], visited: set[str]) -> Any:
    """Return the value of a path from `user.env`."""
    if not path or path[0] not in _ENVIRONMENT:
        raise UnreadableDomain(f"'user.env' has {', '.join(_ENVIRONMENT)} here, not {'.'.join(path)!r}")
    if path == ("uid",):
        return env.uid
    start = {"company": env.company, "companies": env.companies, "user": env.user}.get(path[0])
    if start is None:
        raise UnreadableDomain(f"'uid' has no attribute {path[1]!r}")
    return _follow(start.sudo(), path[1:], visited)


def _follow(records: Recordset, path: tuple[str, ...], visited: set[str]) -> Any:
    """Return the value at the end of a path of fields, or the `id` or `ids` of the records there."""
    at: Any = records
    for place, name in enumerate(path):
        if name in ("id", "ids"):
            if place < len(path) - 1:
                raise UnreadableDomain(f"{name!r} has no attribute {path[place + 1]!r}")
            return at.id if name == "id" else at.ids
        field = at._model.fields.get(name)
        if field is None:
            raise UnreadableDomain(f"{at._name!r} object has no attribute {name!r}")
        if not field.relational and place < len(path) - 1:
            raise UnreadableDomain(f"'{at._name}.{name}' has no attribute {path[place + 1]!r}")
        add_field_models(at.env, at._model, field, visited)
        at = at[name]
    return at


# -- the models that a rule depends on


def add_field_models(env: Environment, model: Model, field: Field, found: set[str]) -> None:
    """Add the models whose rows determine the value of a field; `ANY` if they are not known."""
    found.add(model.name)
    if field.related:
        at: Model | None = model
        for name in field.related.split("."):
            step = at.fields.get(name) if at is not None else None
            if at is None or step is None:
                found.add(ANY)
                return
            add_field_models(env, at, step, found)
            at = env.db.registry.get(step.comodel)
    elif field.x2many:
        found.add(field.comodel if field.store else ANY)
    elif not field.column:
        found.add(ANY)


def add_domain_models(env: Environment, model: Model, domain: Any, found: set[str]) -> None:
    """Add the models whose rows a compiled domain depends on; conditions on columns of `model` itself add none."""
    for token in domain:
        if not isinstance(token, str) and isinstance(token[0], str):
            _add_leaf_models(env, model, token, found)


def _add_leaf_models(env: Environment, model: Model, leaf: tuple[str, Any, Any], found: set[str]) -> None:
    path, operator, value = leaf
    owner = model
    *steps, last = path.split(".")
    for name in steps:
        if name not in owner.fields or owner.fields[name].comodel not in env.db.registry:
            found.add(ANY)  # a property, or nothing
            return
        add_field_models(env, owner, owner.fields[name], found)
        owner = env.db.registry[owner.fields[name].comodel]
    field = owner.fields.get(last)
    if field is None:
        found.add(ANY)
        return
    comodel = env.db.registry.get(field.comodel)
    if steps or not field.column or field.x2many:
        add_field_models(env, owner, field, found)
    if operator in ("child_of", "parent_of"):
        found.add(field.comodel if field.relational else owner.name)
    if operator in ("any", "not any") and comodel is not None:
        found.add(comodel.name)
        add_domain_models(env, comodel, value, found)
    elif field.relational and _has_text(value):
        found.add(ANY)


def _has_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, (list, tuple)) and any(isinstance(i, str) for i in value))
