"""Calls of methods of models, with arguments that more or less fit."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from mockserver.orm.schema.model import Model
from tests.fuzz import questions
from tests.fuzz.values import TEXTS, Values

# chosen more often than the others
BUSINESS = (
    "res.partner", "res.users", "res.company", "product.product", "product.template", "sale.order", "sale.order.line",
    "purchase.order", "purchase.order.line", "account.move", "account.move.line", "account.payment", "stock.picking",
    "stock.move", "stock.move.line", "stock.quant", "crm.lead", "project.project", "project.task", "hr.employee",
    "hr.leave", "hr.leave.allocation", "account.analytic.line", "helpdesk.ticket", "calendar.event", "mail.message",
    "ir.attachment", "account.invoice", "uom.uom", "account.tax", "ir.model.fields", "ir.model", "ir.rule",
    "ir.filters",
    "base.automation", "ir.actions.server", "mail.activity", "res.partner.category", "ir.config_parameter",
    "res.groups",
)  # fmt: skip
# methods that take long because they do much: they load packs, or are called with the whole database
LEFT_OUT = frozenset({"button_immediate_install", "button_install", "update_list", "button_immediate_upgrade"})


class ModelCall(NamedTuple):
    """A method of a model with its arguments."""

    model: Any
    method: Any
    args: Any
    kwargs: Any


def model_name(values: Values) -> Any:
    """Return the name of a model."""
    if values.spoilt():
        return values.pick("no.model", "base", "", "res_partner", "res.partner ", values.hostile())
    known = values.database.registry
    names = [name for name in BUSINESS if name in known]
    return values.random.choice(names if values.chance(0.6) else list(known))


def call(values: Values) -> ModelCall:
    """Return a call at random."""
    name = model_name(values)
    model = values.database.registry.get(name) if isinstance(name, str) else None
    if model is None:
        values.fair = False
        return ModelCall(name, values.pick("read", "search", "create", values.hostile()), [values.hostile()], {})
    if values.chance(0.75):
        method = values.random.choice(list(MAKERS))
        args, kwargs = MAKERS[method](values, model)
    else:
        method, args, kwargs = _any_method(values, model)
    if values.chance(0.25) and isinstance(kwargs, dict):
        kwargs = {**kwargs, "context": values.context()}
    if values.spoilt():
        args, kwargs = values.pick((values.hostile(), kwargs), (args[:-1], kwargs), ([*args, values.hostile()], kwargs),
                                   (args, values.hostile()), (args, {**kwargs, "x": 1}))  # fmt: skip
    return ModelCall(name, method, args, kwargs)


def _any_method(values: Values, model: Model) -> tuple[str, list[Any], Any]:
    """Return any method of the model, public or not, with ids and arguments by the names of its parameters."""
    methods = values.database.env()[model.name]._methods
    name = values.random.choice([name for name in methods if name not in LEFT_OUT])
    method = methods[name]
    args: list[Any] = [values.ids(model.name)] if method.takes_ids else []
    for parameter in list(inspect.signature(method.function).parameters.values())[1:]:
        plain = parameter.kind == parameter.POSITIONAL_OR_KEYWORD
        if plain and (parameter.default is parameter.empty or values.chance(0.3)):
            args.append(_argument(values, model, parameter.name))
        else:
            break
    return name, args, {}


def _argument(values: Values, model: Model, name: str) -> Any:
    made: dict[str, Callable[[], Any]] = {
        "domain": lambda: questions.domain(values, model.name), "fields": lambda: questions.fields(values, model),
        "vals": lambda: values.vals(model.name), "values": lambda: values.vals(model.name),
        "order": lambda: questions.order(values, model), "limit": lambda: values.pick(1, 5, None),
        "offset": lambda: values.pick(0, 1), "name": values.text, "ids": lambda: values.ids(model.name),
    }  # fmt: skip
    if name in made and not values.spoilt():
        return made[name]()
    return values.hostile()


Made = tuple[list[Any], dict[str, Any]]


def _search(values: Values, model: Model) -> Made:
    keywords: dict[str, Any] = {"limit": questions.number(values, 1, 5, 40, 80)}
    if values.chance(0.4):
        keywords["order"] = questions.order(values, model)
    if values.chance(0.3):
        keywords["offset"] = questions.number(values, 0, 1, 10, 99999)
    return [questions.domain(values, model.name)], keywords


def _search_read(values: Values, model: Model) -> Made:
    args, keywords = _search(values, model)
    return args, {**keywords, "fields": questions.fields(values, model)}


def _read(values: Values, model: Model) -> Made:
    return [values.ids(model.name), questions.fields(values, model)], {}


def _write(values: Values, model: Model) -> Made:
    return [values.ids(model.name, 3), values.vals(model.name)], {}


def _create(values: Values, model: Model) -> Made:
    if values.chance(0.2):
        return [[values.vals(model.name, create=True) for _ in range(values.random.randrange(3))]], {}
    return [values.vals(model.name, create=True)], {}


def _ids(values: Values, model: Model) -> Made:
    return [values.hostile() if values.spoilt() else values.ids(model.name, 2)], {}


def _name_search(values: Values, model: Model) -> Made:
    operator = values.pick("ilike", "=", "like", "not ilike", "=ilike", "!=", "in")
    return [values.text(), questions.domain(values, model.name), operator, values.pick(1, 8, 80)], {}


def _read_group(values: Values, model: Model) -> Made:
    arguments = [
        questions.domain(values, model.name),
        questions.aggregates(values, model),
        questions.groupby(values, model),
    ]
    options = {"limit": questions.number(values, 1, 10, None), "lazy": values.pick(True, False)}
    if values.chance(0.3):
        options["orderby"] = questions.order(values, model)
    return arguments, options if values.chance(0.5) else {}


def _load(values: Values, model: Model) -> Made:
    names = [
        field
        for field in (questions.field_name(values, model, paths=False) for _ in range(3))
        if isinstance(field, str)
    ]
    header = [
        f"{name}{values.pick('', '', '/id', '/.id', '/name')}" for name in [*names, values.pick("id", ".id", "name")]
    ]
    cells = [*TEXTS, "base.main_partner", "x.y", "1,5", "TRUE", "2026-01-31", "__import__.a_1", "x" * 50]
    table = [[values.random.choice(cells) for _ in header] for _ in range(values.random.randrange(4))]
    if values.spoilt():
        args = values.pick([header, values.hostile()], [values.hostile(), table], [header, [row[:-1] for row in table]])
        return args, {}
    return [header, table], {}


def _onchange(values: Values, model: Model) -> Made:
    method = values.database.env()[model.name]._methods["onchange"]
    empty: Any = {} if "fields_spec" in inspect.signature(method.function).parameters else ""
    given = values.vals(model.name)
    names = list(given) if isinstance(given, dict) else []
    names += values.random.sample(list(model.fields), min(5, len(model.fields)))
    spec = values.hostile() if values.spoilt() else dict.fromkeys(names, empty)
    return [values.ids(model.name, 1), given, values.pick(names[0], [names[0]], []), spec], {}


def _specification(values: Values, model: Model, depth: int = 1) -> Any:
    if values.spoilt():
        return values.hostile()
    made: dict[str, Any] = {}
    for field in values.random.sample(list(model.fields.values()), min(4, len(model.fields))):
        comodel = values.database.registry.get(field.comodel or "")
        nested = depth and comodel is not None and values.chance(0.5)
        made[field.name] = {"fields": _specification(values, comodel, depth - 1)} if nested and comodel else {}
    return made


def _web_read(values: Values, model: Model) -> Made:
    return [values.ids(model.name), _specification(values, model)], {}


def _web_search_read(values: Values, model: Model) -> Made:
    args, keywords = _search(values, model)
    return [*args, _specification(values, model)], keywords


def _web_save(values: Values, model: Model) -> Made:
    return [values.ids(model.name, 1), values.vals(model.name), _specification(values, model)], {}


def _web_read_group(values: Values, model: Model) -> Made:
    return [
        questions.domain(values, model.name),
        questions.aggregates(values, model),
        questions.groupby(values, model),
    ], {}


def _fields_only(values: Values, model: Model) -> Made:
    return [questions.fields(values, model)], {}


def _export(values: Values, model: Model) -> Made:
    paths = [str(questions.field_name(values, model)).replace(".", "/") for _ in range(3)]
    return [values.ids(model.name), [*paths, values.pick("id", ".id", "name")]], {}


def _message(values: Values, model: Model) -> Made:
    return [values.ids(model.name, 1)], {
        "body": values.text(),
        "subject": values.text(),
        "partner_ids": values.ids("res.partner"),
    }


def _right(values: Values, model: Model) -> Made:
    return [values.pick("read", "write", "create", "unlink", "x")], {"raise_exception": values.pick(True, False)}


def _progress(values: Values, model: Model) -> Made:
    bar = {"field": questions.field_name(values, model, paths=False), "colors": {"draft": "success"}}
    group = questions.field_name(values, model, paths=False)
    return [questions.domain(values, model.name), group, values.hostile() if values.spoilt() else bar], {}


def _text(values: Values, model: Model) -> Made:
    return [values.text()], {}


def _views(values: Values, model: Model) -> Made:
    return [[[False, values.pick("list", "form", "search", "kanban", "tree", "x")]]], {}


MAKERS: dict[str, Callable[[Values, Model], Made]] = {
    "search": _search, "search_count": lambda v, m: ([questions.domain(v, m.name)], {}), "search_read": _search_read,
    "read": _read, "write": _write, "create": _create, "unlink": _ids, "copy": _ids, "exists": _ids, "name_get": _ids,
    "name_search": _name_search, "name_create": _text, "read_group": _read_group, "fields_get": _fields_only,
    "default_get": _fields_only, "load": _load, "onchange": _onchange, "web_read": _web_read, "web_save": _web_save,
    "web_search_read": _web_search_read, "web_read_group": _web_read_group, "export_data": _export,
    "get_metadata": _ids, "message_post": _message, "check_access_rights": _right, "action_archive": _ids,
    "get_views": _views, "toggle_active": _ids, "read_progress_bar": _progress,
}  # fmt: skip
