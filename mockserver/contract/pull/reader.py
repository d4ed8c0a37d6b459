"""Read models and rows of a live server, each once, and scrub them before they are stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from mockserver.contract.live.errors import RemoteError
from mockserver.contract.pull.schema_reader import (
    ALL_ROWS,
    COMMON,
    GENERATED,
    ModelSchema,
    list_models,
    order_of,
    read_fields,
    read_model,
)
from mockserver.contract.pull.scrub import Scrub
from mockserver.contract.pull.source import Ask, Checkpoint, PullError, or_none
from mockserver.contract.pull.varied_values import Varied, VariedValues
from mockserver.contract.secrets import PARAMETERS, is_plain_parameter, is_secret_field, is_secret_model
from mockserver.orm.fields.base import is_a
from mockserver.orm.fields.relational import One2many

Row = dict[str, Any]

BATCH = 200  # records a call
SMALL_BATCH = 25  # for models with files
_MODES = ("perm_read", "perm_write", "perm_create", "perm_unlink")
# the fields to read of access rights, record rules and groups
RIGHTS = {
    "ir.model.access": ("name", "model_id", "group_id", *_MODES, "active"),
    "ir.rule": ("name", "model_id", "groups", "domain_force", *_MODES, "active"),
    "res.groups": ("name", "implied_ids"),
}  # fmt: skip
# models whose base records are not read again when other records refer to them
REFERENCE_MODELS = (
    "res.country",
    "res.country.state",
    "res.country.group",
    "res.currency",
    "res.lang",
    "res.groups",
    "ir.model",
)


class Reader:
    """Reads models and rows, each once, and scrubs them before they are stored."""

    def __init__(
        self,
        ask: Ask,
        checkpoint: Checkpoint,
        scrub: Scrub | None,
        is_public: Callable[[str], bool],
        related: int = 1,
        companies: Sequence[int] = (),
    ) -> None:
        self.ask = ask
        self.related = related
        self.checkpoint = checkpoint
        self.scrub = scrub
        self.is_public = is_public  # returns whether an external id is one of the base data
        self.notes: list[str] = []
        self.varied: dict[tuple[str, int], Varied] = {}  # (model, id) → values in other languages and companies
        self._varied_values = VariedValues(ask, checkpoint, scrub, companies)
        self._schemas: dict[str, ModelSchema | None] = {}
        self.listed: dict[str, Any] | None = checkpoint.once(["models"], lambda: list_models(ask))

    # -- models

    def model(self, name: str) -> ModelSchema | None:
        """Return the schema of a model; None if the user may not see it."""
        if name not in self._schemas:
            answer = self.checkpoint.once(["model", name], lambda: self._read_schema(name))
            self._schemas[name] = ModelSchema(**answer) if answer else None
        return self._schemas[name]

    def _read_schema(self, name: str) -> dict[str, Any] | None:
        if self.listed is not None and name not in self.listed:
            return None
        about = dict((self.listed or {}).get(name, {}))
        try:
            schema = read_model(self.ask, name, about, self._field_names)
        except PullError:
            return None
        if "order" not in about:
            about["order"] = order_of(self.ask, name, schema.fields)
        if self.scrub is not None:
            given = schema.fields
            schema.defaults = {
                f: self.scrub.value(name, f, given[f], v) if f in given else v for f, v in schema.defaults.items()
            }
        return {**vars(schema), "about": about}

    def _field_names(self, name: str) -> Collection[str]:
        known = self._schemas.get(name)
        return known.fields if known else read_fields(self.ask, name) or ()

    # -- rows

    def ids(self, name: str, domain: list[Any], limit: int | None) -> list[int] | None:
        """Return the ids of the records in a domain, archived ones too; None if the user may not read them."""
        options = {"order": "id", "context": ALL_ROWS, **({"limit": limit} if limit is not None else {})}
        found: list[int] | None = self.checkpoint.once(
            ["ids", name, domain, limit], lambda: or_none(lambda: self.ask(name, "search", [domain], options))
        )
        return found

    def names(self, model: str, ids: Iterable[int]) -> dict[int, tuple[str, bool]]:
        """Return id → (external id, noupdate); the oldest external id, but one of the base data if there is one."""
        found: dict[int, tuple[str, bool]] = {}
        for batch in _batches(sorted(ids), BATCH):
            answer = self.checkpoint.once(["names", model, batch], partial(self._public_names, model, batch))
            found |= {int(id_): (xmlid, noupdate) for id_, (xmlid, noupdate) in answer.items()}
        return found

    def _public_names(self, model: str, ids: list[int]) -> dict[str, tuple[str, bool]]:
        """Return the external ids without those that may reveal personal data."""
        names = self._names(model, ids)
        return {
            i: name
            for i, name in names.items()
            if self.scrub is None or model in REFERENCE_MODELS or self.is_public(name[0])
        }

    def _names(self, model: str, ids: list[int]) -> dict[str, tuple[str, bool]]:
        domain = [("model", "=", model), ("res_id", "in", ids)]
        options = {"fields": ["module", "name", "res_id", "noupdate"], "order": "id"}
        rows = or_none(lambda: self.ask("ir.model.data", "search_read", [domain], options))
        if rows is None:
            answer = or_none(lambda: self.ask(model, "get_metadata", [ids], {})) or ()
            pairs = [(row["id"], row.get("xmlid") or "", bool(row.get("noupdate"))) for row in answer]
        else:
            pairs = [(row["res_id"], f"{row['module']}.{row['name']}", bool(row["noupdate"])) for row in rows]
        found: dict[str, tuple[str, bool]] = {}
        for id_, xmlid, noupdate in pairs:
            well_formed = xmlid.count(".") == 1 and all(xmlid.split("."))
            if well_formed and (str(id_) not in found or self.is_public(xmlid)):
                found[str(id_)] = (xmlid, noupdate)
        return found

    def rows(self, model: str, ids: Iterable[int]) -> Iterator[tuple[Row, tuple[str, bool] | None]]:
        """Yield each existing record that may be read, with its external id."""
        schema = self.model(model)
        if schema is None:
            return
        fields = self._readable(schema)
        if secret := sorted(name for name, given in schema.fields.items() if is_secret_field(name, given)):
            self.notes.append(f"{model}: not read, because their names suggest secrets: {', '.join(secret)}")
        files = any(schema.fields[name]["type"] in ("binary", "image") for name in fields)
        for batch in _batches(sorted(ids), SMALL_BATCH if files else BATCH):
            answer = self.checkpoint.once(["rows", model, batch], partial(self._batch, schema, batch, fields))
            for row in answer["rows"]:
                name = answer["names"].get(str(row["id"]))
                if varied := answer["varied"].get(str(row["id"])):
                    self.varied[model, row["id"]] = varied
                yield row, (name[0], name[1]) if name else None

    def _batch(self, schema: ModelSchema, ids: list[int], fields: list[str]) -> dict[str, Any]:
        rows = self._read(schema, ids, fields)
        if schema.name == PARAMETERS:
            rows = [row for row in rows if is_plain_parameter(str(row["key"]), row.get("value"))]
        names = self._names(schema.name, [row["id"] for row in rows]) if rows else {}
        varied = self._varied_values.read(schema, rows) if rows else {}
        if self.scrub is None:
            return {"rows": rows, "names": names, "varied": varied}
        clean = self.scrub.rows(schema.name, rows, {f: schema.fields[f] for f in fields})
        hidden = {
            str(row["id"])
            for row, alike in zip(rows, clean, strict=True)
            if str(row["id"]) in names and self._reveals(names[str(row["id"])][0], row, alike)
        }
        shown = {id_: name for id_, name in names.items() if id_ not in hidden}
        return {"rows": clean, "names": shown, "varied": varied}

    def _readable(self, schema: ModelSchema) -> list[str]:
        """Return the fields whose values are read; one2many only if their lines are part of the record."""
        if schema.name in RIGHTS:
            return [name for name in RIGHTS[schema.name] if name in schema.fields]
        fields = schema.fields
        return sorted(
            name
            for name in fields
            if _is_readable(schema, name)
            and (not is_a(fields[name]["type"], One2many) or self._is_composed(schema, name))
        )

    def _is_composed(self, schema: ModelSchema, name: str) -> bool:
        """Return whether the lines of a one2many belong to their record: their many2one is required and cascades."""
        comodel, back = schema.fields[name]["relation"], schema.fields[name].get("relation_field")
        if not self.related or not back or not self.may_follow(comodel):
            return False
        return bool(
            self.checkpoint.once(["composed", comodel, back], lambda: self._asks_to_follow(schema, comodel, back))
        )

    def _asks_to_follow(self, schema: ModelSchema, comodel: str, back: str) -> bool:
        domain = [("model", "=", comodel), ("name", "=", back)]
        answer = or_none(
            lambda: self.ask("ir.model.fields", "search_read", [domain], {"fields": ["required", "on_delete", "ttype"]})
        )
        if answer is not None:
            return any(r["required"] and r["on_delete"] == "cascade" and r["ttype"] == "many2one" for r in answer)
        fields = or_none(lambda: self.ask(comodel, "fields_get", [[back]], {})) or {}
        return comodel.startswith(f"{schema.name}.") and bool(fields.get(back, {}).get("required"))

    def may_follow(self, model: str) -> bool:
        """Return whether records of a model may be read when other records refer to them."""
        listed = self.listed is None or model in self.listed
        return bool(model) and model not in GENERATED and not is_secret_model(model) and listed

    def _reveals(self, xmlid: str, row: Row, alike: Row) -> bool:
        if self.is_public(xmlid) or self.scrub is None:
            return False
        return xmlid.startswith("__") or self.scrub.reveals(xmlid, row, alike)

    def _read(self, schema: ModelSchema, ids: list[int], fields: list[str]) -> list[Row]:
        """Return the rows of `read`, many2one as ids; without computed fields if those cannot be read."""
        name = schema.name
        existing = or_none(
            lambda: self.ask(name, "search", [[("id", "in", ids)]], {"context": ALL_ROWS, "order": "id"})
        )
        if not existing:
            return []
        stored = [field for field in fields if schema.fields[field].get("store", True)]
        for wanted in (fields, stored):
            options = {"fields": wanted, "load": "_classic_write", "context": ALL_ROWS}
            try:
                return list(self.ask(name, "read", [sorted(existing)], options))
            except RemoteError as error:
                self.notes.append(f"{name}: {'fields' if wanted is fields else 'records'} left out: {error}")
        return []


def _is_readable(schema: ModelSchema, name: str) -> bool:
    """Return whether the values of a field are read: not log fields, secrets or delegated fields."""
    given = schema.fields[name]
    hidden = (name in COMMON and name != "display_name") or is_secret_field(name, given) or schema.delegated(name)
    return not hidden


def _batches(ids: list[int], size: int) -> Iterator[list[int]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))
