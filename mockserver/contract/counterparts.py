"""Which record of a live server is which record of the mock, and arguments in the ids of the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.contract.client import Client
from mockserver.contract.labels import Labels
from mockserver.orm.database import Database
from mockserver.orm.fields import Field
from mockserver.orm.schema import Model

NOBODY = 89_000_000  # the ids from here on are no record's, on any server
_COMMANDS_WITH_ID = (1, 2, 3, 4)
_VALUES = ("vals", "vals_list", "values", "default")
_DOMAINS = ("domain", "args")

Place = tuple[str, int]  # a model and an id


class NoCounterpart(LookupError):
    """A record of the mock that no record of the live server is known to be."""

    def __init__(self, model: str, id_: int) -> None:
        super().__init__(f"{model} {id_} of the mock is no record that is known on the live server")


class Seen(Labels):
    """Labels that remember which records were met, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.met: list[tuple[str, int]] = []

    def of(self, model: str | None, value: Any) -> Any:
        """The label of an id."""
        if isinstance(value, int) and not isinstance(value, bool):
            self.met.append((model or "", value))
        return super().of(model, value)


class Counterparts:
    """The records of two servers in pairs; both have the same label.

    `known` are pairs to begin with: `(label, model, id of the mock, id of the live server)`.
    """

    def __init__(self, database: Database, known: Iterable[tuple[str, str, int, int]] = ()) -> None:
        self.database = database
        self.here, self.there = Seen(), Seen()
        self._ids: dict[tuple[str, int], int] = {}
        self._taken: set[tuple[str, int]] = set()
        for label, model, here, there in known:
            self.pair(model, here, there, label)

    def pair(self, model: str, here: int, there: int, label: str = "") -> None:
        """From now on the two are one record, unless one of them is another's already."""
        if (model, here) in self._ids or (model, there) in self._taken:
            return
        label = label or f"{model} {len(self._ids) + 1}"
        self._ids[model, here] = there
        self._taken.add((model, there))
        self.here.bind(label, model, here)
        self.there.bind(label, model, there)

    def knows(self, model: str, here: int) -> bool:
        """Whether a record of the mock has a counterpart."""
        return (model, here) in self._ids

    def learn(self) -> None:
        """Pair what both have met in the same places of equal answers."""
        for (model, here), (other, there) in zip(self.here.met, self.there.met, strict=False):
            if model == other and model in self.database.registry:
                self.pair(model, here, there)

    def id(self, model: str | None, here: Any) -> Any:
        """The id there; what is no id stays as it is.

        An id that the mock has no record for becomes one that the live server has none for.  Raises `NoCounterpart`.
        """
        if isinstance(here, bool) or not isinstance(here, int) or model is None or here <= 0:
            return here
        if (model, here) in self._ids:
            return self._ids[model, here]
        if self.database.store.get(model, here) is not None:
            raise NoCounterpart(model, here)
        return here if here >= NOBODY else NOBODY + here % 1_000_000

    def ids(self, model: str | None, value: Any) -> Any:
        """The same of an id or of a list of them."""
        return [self.id(model, item) for item in value] if isinstance(value, (list, tuple)) else self.id(model, value)

    # -- arguments

    def arguments(
        self, model: str, names: Sequence[str], takes_ids: bool, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """What `execute_kw` of the live server takes; `names` are those of the parameters after the ids."""
        sent = list(args)
        head = [self.ids(model, sent.pop(0))] if takes_ids and sent else []
        known = [*names, *[""] * (len(sent) - len(names))]
        rest = [self._argument(model, name, value) for name, value in zip(known, sent, strict=False)]
        return [*head, *rest], {name: self._argument(model, name, value) for name, value in kwargs.items()}

    def _argument(self, model: str, name: str, value: Any) -> Any:
        described = self.database.registry.get(model)
        if described is None:
            return value
        if name in _VALUES:
            if isinstance(value, (list, tuple)):
                return [self._argument(model, name, item) for item in value]
            return self.values(described, value)
        if name in _DOMAINS and isinstance(value, (list, tuple)):
            return self.domain(described, value)
        if name == "context" and isinstance(value, Mapping):
            return {key: self._context(described, key, item) for key, item in value.items()}
        if name == "ids":
            return self.ids(model, value)
        return value

    def _context(self, model: Model, key: str, value: Any) -> Any:
        if key == "allowed_company_ids":
            return self.ids("res.company", value)
        name = key.removeprefix("default_")
        return self.values(model, {name: value})[name] if name != key else value

    def values(self, model: Model, values: Any) -> Any:
        """The values of a create or write."""
        if not isinstance(values, Mapping):
            return values
        return {name: self._value(model.fields.get(name), value, values) for name, value in values.items()}

    def _value(self, field: Field | None, value: Any, values: Mapping[str, Any]) -> Any:
        if field is None:
            return value
        if field.type == "many2one":
            return self.id(field.relation, value)
        if field.type in ("one2many", "many2many") and isinstance(value, (list, tuple)):
            return [self._command(field.relation, item) for item in value]
        if field.type == "reference" and isinstance(value, str):
            model, comma, id_ = value.partition(",")
            return f"{model},{self.id(model, int(id_))}" if comma and id_.isdigit() else value
        if field.type == "many2one_reference":
            return self.id(values.get(field.relation_field or ""), value)
        return value

    def _command(self, comodel: str | None, command: Any) -> Any:
        if not isinstance(command, (list, tuple)) or not command:
            return self.id(comodel, command)
        code, *rest = command
        model = self.database.registry.get(comodel or "")
        if code in _COMMANDS_WITH_ID and rest:
            rest[0] = self.id(comodel, rest[0])
        if code in (0, 1) and len(rest) > 1 and model is not None:
            rest[1] = self.values(model, rest[1])
        if code == 6 and len(rest) > 1:
            rest[1] = self.ids(comodel, rest[1])
        return [code, *rest]

    def domain(self, model: Model, domain: Sequence[Any]) -> list[Any]:
        """A domain."""
        leaves = [item for item in domain if isinstance(item, (list, tuple)) and len(item) == 3]
        companions = {leaf[0]: leaf[2] for leaf in leaves if isinstance(leaf[0], str) and leaf[1] == "="}
        return [
            self._leaf(model, *item, companions) if isinstance(item, (list, tuple)) and len(item) == 3 else item
            for item in domain
        ]

    def _leaf(self, model: Model, path: Any, operator: Any, operand: Any, companions: Mapping[str, Any]) -> list[Any]:
        found, comodel = end(self.database, model, path)
        if operator in ("any", "not any") and isinstance(operand, (list, tuple)) and comodel:
            inner = self.database.registry.get(comodel)
            return [path, operator, operand if inner is None else self.domain(inner, operand)]
        if found is not None and found.type == "many2one_reference":
            comodel = companions.get(found.relation_field or "")
        return [path, operator, self.ids(comodel, operand) if comodel else operand]


def end(database: Database, model: Model, path: Any) -> tuple[Field | None, str | None]:
    """The last field of a path such as `partner_id.country_id`, and the model whose ids it holds, if any."""
    found: Field | None = None
    for name in path.split(".") if isinstance(path, str) else ():
        found = model.fields.get(name)
        if found is None:
            return None, None
        if name == "id":
            return found, model.name
        inner = database.registry.get(found.relation or "")
        if inner is None:
            return found, found.relation
        model = inner
    return found, found.relation if found else None


def places(client: Client, models: Sequence[str]) -> dict[str, Place]:
    """External id → model and id, of the records of a live server; raises `LiveError`."""
    fields = ["module", "name", "model", "res_id"]
    rows = client.call("ir.model.data", "search_read", [[("model", "in", list(models))]], {"fields": fields})
    return {f"{row['module']}.{row['name']}": (row["model"], int(row["res_id"])) for row in rows}


def base(database: Database, client: Client, known: Mapping[str, Place]) -> list[tuple[str, str, int, int]]:
    """The pairs that have the same external id, and the user who is logged in; raises `LiveError`."""
    pairs = []
    for row in database.store.rows("ir.model.data").values():
        xmlid = f"{row.get('module')}.{row.get('name')}"
        model, there = known.get(xmlid, ("", 0))
        if model == row.get("model") and there and row.get("res_id"):
            pairs.append((xmlid, model, int(row["res_id"]), there))
    return [*_own(database, client), *pairs]


def _own(database: Database, client: Client) -> list[tuple[str, str, int, int]]:
    """The user with the partner and the company, whatever their external ids are."""
    admin = database.profile.admin_id
    user = database.env(admin).user
    names = {"partner_id": "res.partner", "company_id": "res.company"}
    (row,) = client.call("res.users", "read", [[client.uid], list(names)], {"load": "_classic_write"})
    own = [("the user", "res.users", admin, client.uid)]
    return own + [(f"the user's {name}", model, int(user[name].id), row[name]) for name, model in names.items()]
