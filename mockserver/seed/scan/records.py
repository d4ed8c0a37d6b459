"""Makes the records of a module's data files fit a database that has its models; what does not fit is noted."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.importing import FALSE, TRUE
from mockserver.orm.schema.model import Model
from mockserver.seed.check import Location, Record, check_required, check_value
from mockserver.seed.files import FixtureError
from mockserver.seed.origins import origin
from mockserver.seed.records import find_xmlid, model_xmlid
from mockserver.seed.scan import rights
from mockserver.seed.scan.notes import Notes, Place
from mockserver.seed.scan.values import Commands, DeclaredRecord, Ref, Text, refs

VIEW = "ir.ui.view"
# fields without which a record would mean something else, such as a right for everybody instead of a group
_MEANING: Mapping[str, tuple[str, ...]] = {
    "ir.model.access": ("group_id",), "ir.rule": ("groups",), VIEW: ("inherit_id",),
}  # fmt: skip


class Unfit(ValueError):
    """A value does not fit its field; the text says why."""


def assemble(declared: Sequence[DeclaredRecord], database: Database, notes: Notes) -> list[dict[str, Any]]:
    """Return the records as those of a fixture."""
    return _Assembly(database, notes).run(declared)


@dataclass
class _Made:
    """A record in the making; references in its values are `Ref`s still."""

    place: Place
    model: Model
    name: str  # by which others refer to it
    has_xmlid: bool
    noupdate: bool
    demo: bool
    update: bool
    values: dict[str, Any] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)  # field → why it has no value

    @property
    def label(self) -> str:
        return self.name if self.has_xmlid else f"a {self.model.name}"


class _Assembly:
    def __init__(self, database: Database, notes: Notes) -> None:
        self._database, self._notes = database, notes
        self._made: dict[str, _Made] = {}
        self._known: dict[str, tuple[str, str] | None] = {}

    def run(self, declared: Sequence[DeclaredRecord]) -> list[dict[str, Any]]:
        for record in declared:
            self._add(record)
        while self._drop_unfit():
            pass
        for made in self._made.values():
            for name, why in made.lost.items():
                self._note(made, name, why)
        referred = {ref.xmlid for made in self._made.values() for ref in refs(made.values)}
        return [self._plain(made, referred) for made in self._made.values()]

    # -- from what the files say

    def _add(self, record: DeclaredRecord, **more: Any) -> None:
        model = self._database.registry.get(record.model) or rights.model(record.model, self._database.profile)
        if model is None or model.abstract:
            known = origin(record.model, self._database.profile)
            reason = f"{record.model} is abstract" if model else f"there is no model {record.model}"
            reason += f"; {known}" if known and model is None else ""
            self._notes.add(record.place, f"{record.xmlid or 'a record'} is left out: {reason}")
            return
        name = record.xmlid or f"{record.place.file.partition('/')[0]}.scan_{len(self._made)}"
        made = self._made.get(name)
        if made is None:
            target = self._target(name)
            update = target is not None
            if target and target[0] != model.name:
                self._notes.add(record.place, f"{name} is left out: it is a {target[0]}, not a {model.name}")
                return
            made = _Made(record.place, model, name, bool(record.xmlid), record.noupdate, record.demo, update)
            self._made[name] = made
        made.values |= more
        for field_name, value in record.values.items():
            self._take(made, field_name, value)
        if model.name == VIEW and not made.update and "name" not in made.values:
            made.values["name"] = _name_of_view(made.values)

    def _note(self, made: _Made, field_name: str, text: str) -> None:
        self._notes.add(made.place, f"{made.label}, field {field_name}: {text}")

    def _take(self, made: _Made, name: str, value: Any) -> None:
        known = made.model.fields.get(name)
        if known is None:
            self._note(made, name, f"{made.model.name} has no such field here")
            return
        made.lost.pop(name, None)
        try:
            if known.x2many:
                self._take_many(made, known, value)
            else:
                made.values[name] = self._one(known, value)
        except Unfit as error:
            made.lost[name] = str(error)

    def _one(self, known: Field, value: Any) -> Any:
        """Return a value, or a reference, for a field that is not an x2many; raises Unfit."""
        if isinstance(value, Text):
            value = self._meant(known, value.text)
        if isinstance(value, Ref):
            if not known.takes_reference:
                raise Unfit(f"a {known.type} takes no reference")
            return value
        if value in (None, False, [], ""):
            return False
        if known.type == "boolean" and value == 1:
            return True
        if known.holds in ("line", "text", "markup") and isinstance(value, (int, float)):
            value = str(value)
        if known.relation and not known.x2many and self._database.store.get(known.comodel, value) is None:
            raise Unfit(f"there is no {known.comodel} with the id {value!r}")
        if any(True for _ in refs(value)):
            raise Unfit("references inside it are not read")
        try:
            choices = known.selection if known.holds == "choice" and isinstance(known.selection, list) else None
            check_value(Location("", 0, "", None), known, value, choices)
        except FixtureError as error:
            raise Unfit(str(error).rpartition("': ")[2]) from None
        return value

    def _meant(self, known: Field, text: str) -> Any:
        """Return what a text means for a field; the row of a model may be given by the model's name.  Raises Unfit."""
        if known.relation == "ir.model" and text in self._database.registry:
            return Ref(model_xmlid(self._database.registry[text]))
        return _from_text(known, text)

    def _take_many(self, made: _Made, known: Field, value: Any) -> None:
        if isinstance(value, Ref):
            value = [value]
        if isinstance(value, list) and value and all(isinstance(item, DeclaredRecord) for item in value):
            self._add_lines(made, known, value)
            return
        if value in (None, False, []):
            made.values[known.name] = []
            return
        commands = Commands(value)
        if not commands.readable:
            raise Unfit("it is no list of commands that link, set or create")
        lines = [DeclaredRecord(known.comodel, None, made.place, dict(values)) for values in commands.lines]
        if lines:
            self._add_lines(made, known, lines)
        if commands.targets or not lines:
            made.values[known.name] = commands.targets if commands.replaces else {"add": commands.targets}

    def _add_lines(self, made: _Made, known: Field, lines: Sequence[DeclaredRecord]) -> None:
        """Add the lines of a one2many as records that point to theirs."""
        if not known.relation_field:
            raise Unfit("records that are created inside it are not read")
        for line in lines:
            line.demo, line.noupdate = made.demo, made.noupdate
            self._add(line, **{known.relation_field: Ref(made.name)})

    # -- references

    def _target(self, xmlid: str) -> tuple[str, str] | None:
        """Return `(model, external id)` of a record of the module or the database, or None."""
        if xmlid in self._made:
            return self._made[xmlid].model.name, xmlid
        if xmlid not in self._known:
            found = find_xmlid(self._database, xmlid)
            self._known[xmlid] = (found[0], xmlid) if found else self._model_row(xmlid)
        return self._known[xmlid]

    def _model_row(self, xmlid: str) -> tuple[str, str] | None:
        """Return the row of a model, which has one external id here and one of each module on the real server."""
        table = xmlid.partition(".")[2].removeprefix("model_")
        if ".model_" not in xmlid:
            return None
        models = self._database.registry.values()
        return next((("ir.model", model_xmlid(model)) for model in models if model.table == table), None)

    def _drop_unfit(self) -> bool:
        """Take away references to nothing, and records that cannot be without them; return whether one went."""
        gone = False
        for name, made in list(self._made.items()):
            for key in list(made.values):
                self._resolve(made, key)
            reason = self._unfit(made)
            if reason:
                del self._made[name]
                self._notes.add(made.place, f"{made.label} is left out: {reason}")
                gone = True
        return gone

    def _resolve(self, made: _Made, key: str) -> None:
        """Put right the references of a value, and take away those that lead nowhere."""
        known, value = made.model.fields[key], made.values[key]
        if isinstance(value, Ref):
            found = self._wanted(made, known, value)
            if found is None:
                del made.values[key]
            else:
                made.values[key] = found
            return
        items = value["add"] if isinstance(value, dict) and known.x2many else value
        if known.x2many and isinstance(items, list):
            kept = [self._wanted(made, known, item) if isinstance(item, Ref) else item for item in items]
            whole = [item for item in kept if item is not None]
            made.values[key] = {"add": whole} if isinstance(value, dict) else whole

    def _wanted(self, made: _Made, known: Field, ref: Ref) -> Ref | None:
        found = self._target(ref.xmlid)
        if found is None:
            made.lost[known.name] = f"there is no record {ref.xmlid}"
        elif known.relation and found[0] != known.relation:
            made.lost[known.name] = f"{ref.xmlid} is a {found[0]}, not a {known.relation}"
        else:
            return Ref(found[1])
        return None

    def _unfit(self, made: _Made) -> str:
        """Return why a record cannot be, or an empty text."""
        for key in _MEANING.get(made.model.name, ()):
            if key in made.lost:
                return f"{made.lost[key]}, and without {key} it would mean something else"
        if made.update:
            return ""
        location = Location("", 0, made.model.name, None)
        values = {key: _json(value) for key, value in made.values.items()}
        try:
            check_required(Record(location, made.model.name, None, None, None, False, False, values), made.model)
        except FixtureError as error:
            why = "; ".join(f"{name}: {text}" for name, text in made.lost.items())
            return str(error).partition(f"of {made.model.name}, ")[2] + (f" ({why})" if why else "")
        return ""

    def _plain(self, made: _Made, referred: set[str]) -> dict[str, Any]:
        found: dict[str, Any] = {"model": made.model.name}
        if made.has_xmlid:
            found["xmlid"] = made.name
        elif made.name in referred:
            found["label"] = made.name
        if made.update:
            found["update"] = True
        found |= {"noupdate": True} if made.noupdate else {}
        found |= {"demo": True} if made.demo else {}
        return {**found, "values": {key: _json(value) for key, value in made.values.items()}}


def _json(value: Any) -> Any:
    """Return a value with its references as fixtures have them."""
    if isinstance(value, Ref):
        return {"ref": value.xmlid}
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    return [_json(item) for item in value] if isinstance(value, list) else value


def _from_text(known: Field, text: str) -> Any:
    """Return what the text of a data file means for a field; raises Unfit."""
    if known.holds == "record" and not text.strip():
        return False
    try:
        return _CONVERSIONS[known.type](text.strip()) if known.type in _CONVERSIONS else _choice(known, text)
    except ValueError:
        raise Unfit(f"{text!r} is no value of a {known.type}") from None


def _name_of_view(values: Mapping[str, Any]) -> str:
    """Return the name that the server gives a view without one: its model and its type."""
    kind = values.get("type") or next(iter(re.findall(r"<(\w+)[\s/>]", str(values.get("arch")))), "")
    return f"{values.get('model') or ''} {kind}".strip() or VIEW


def _truth(text: str) -> bool:
    if text.lower() in TRUE or text.lower() in FALSE or not text:
        return text.lower() in TRUE
    raise ValueError(text)


def _choice(known: Field, text: str) -> Any:
    """Return the key of a choice that is named by its label; any other text as it is."""
    if known.holds == "record" and known.relation:
        raise Unfit(f"a record is not looked for by its name: {text!r}")
    labels = known.selection if known.holds == "choice" and isinstance(known.selection, list) else []
    keys = [key for key, _ in labels]
    return next((key for key, label in labels if label == text and text not in keys), text)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


_CONVERSIONS: Mapping[str, Any] = {"integer": int, "float": _number, "monetary": _number, "boolean": _truth}
