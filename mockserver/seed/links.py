"""What definitions of models say of each other: comodels, paths and orders that must exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mockserver.orm.database import Database
from mockserver.orm.schema.model import MAGIC_FIELDS
from mockserver.seed.files import Fixture, FixtureError, nearest
from mockserver.seed.origins import pack_of

# a definition of a model in a fixture
Definition = Mapping[str, Any]


class Problem(NamedTuple):
    """A key of a definition that names what does not exist; `field` is None for a key of the model itself."""

    model: str
    field: str | None
    key: str
    text: str

    def at(self, source: str) -> str:
        """Return the problem with its place, in one line."""
        field = f", field {self.field!r}" if self.field else ""
        return f"{source}: model {self.model}{field}, {self.key}: {self.text}"


class Links:
    """The models that a database and fixtures have together, by which definitions are checked.

    `definitions`: what the fixtures say of models, any number of times each.  `absent`: models that they say are not
    there, so that nothing is known of them.
    """

    def __init__(
        self, database: Database, definitions: Iterable[Mapping[str, Definition]], absent: Collection[str] = ()
    ) -> None:
        self._registry = database.registry
        self._profile = database.profile
        self._absent = frozenset(absent)
        self._definitions: dict[str, list[Definition]] = {}
        for models in definitions:
            for name, definition in models.items():
                # one that is malformed is reported when it is loaded
                if isinstance(definition, Mapping) and isinstance(definition.get("fields", {}), Mapping):
                    self._definitions.setdefault(name, []).append(definition)

    @classmethod
    def of(cls, database: Database, fixtures: Collection[Fixture]) -> Links:
        """Return the links of a database and of the fixtures that are loaded into it; classes define models too."""
        absent = {name for fixture in fixtures for name in fixture.get("absent", ())}
        for fixture in fixtures:
            for model_class in fixture.get("classes", ()):
                inherited = getattr(model_class, "_inherit", None) or ()
                names = (
                    getattr(model_class, "_name", None),
                    *([inherited] if isinstance(inherited, str) else inherited),
                )
                absent.update(name for name in names if name)
        return cls(database, (fixture.get("models", {}) for fixture in fixtures), absent)

    def check(self, source: str, models: Mapping[str, Definition]) -> None:
        """Raise FixtureError for the first problem of these definitions."""
        for problem in self.problems(models):
            raise FixtureError(problem.at(source))

    def problems(self, models: Mapping[str, Definition]) -> Iterator[Problem]:
        """Yield the problems of these definitions."""
        for name, definition in models.items():
            yield from self._of_model(name, definition)
            for field, attributes in definition.get("fields", {}).items():
                for key, text in self._of_field(name, attributes):
                    yield Problem(name, field, key, text)

    def missing(self, models: Mapping[str, Definition]) -> list[str]:
        """Return the comodels of these definitions that do not exist."""
        fields = [field for definition in models.values() for field in definition.get("fields", {}).values()]
        return sorted(
            {field["relation"] for field in fields if field.get("relation") and not self._has(field["relation"])}
        )

    # -- of a model

    def _of_model(self, name: str, definition: Definition) -> Iterator[Problem]:
        known = self._fields(name)
        if known is None:
            return
        named: dict[str, list[str]] = {
            "order": [_field_of_term(term) for term in str(definition.get("order") or "").split(",")],
            "rec_name": [definition.get("rec_name") or ""],
            "rec_names_search": [str(path).partition(".")[0] for path in definition.get("rec_names_search") or ()],
            "parent_name": [definition.get("parent_name") or ""],
        }
        for key, fields in named.items():
            for field in fields:
                if field and field not in known:
                    yield Problem(name, None, key, f"unknown field {field!r}{nearest(field, known)}")

    # -- of a field

    def _of_field(self, model: str, attributes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        comodel = attributes.get("relation")
        if comodel and not self._has(comodel):
            yield "relation", f"unknown model {comodel!r}{self._hint(comodel)}"
        elif comodel and (known := self._fields(comodel)) is not None:
            for key in ("relation_field", "mirror"):
                name = attributes.get(key)
                if name and name not in known:
                    yield key, f"{comodel} has no field {name!r}{nearest(name, known)}"
        path = attributes.get("related")
        if isinstance(path, str) and (text := self._broken(model, path)):
            yield "related", text

    def _hint(self, comodel: str) -> str:
        if pack := pack_of(comodel, self._profile):
            return f'; the pack {pack!r} has it: "requires": ["{pack}"]'
        near = nearest(comodel, {*self._registry, *self._definitions})
        return near or f'; if the fixture does without it, say so: "absent": ["{comodel}"]'

    def _broken(self, model: str, path: str) -> str | None:
        """Return what is wrong with a path of fields, or None."""
        at: str | None = model
        before = ""
        for step in path.split("."):
            known = self._fields(at) if at else {}
            if known is None:
                return None
            if at is None:
                return f"{before} is no relation, so it has no field {step!r}"
            if step not in known:
                return f"{at} has no field {step!r}{nearest(step, known)}"
            at, before = known[step], step
        return None

    # -- what there is

    def _has(self, model: str) -> bool:
        return model in self._registry or model in self._definitions or model in self._absent

    def _fields(self, model: str) -> dict[str, str | None] | None:
        """Return the fields that a model will have, with their comodels; None if they are not known."""
        if model in self._absent or not self._has(model):
            return None
        found: dict[str, str | None] = dict.fromkeys((*MAGIC_FIELDS, "display_name"))
        found |= {"create_uid": "res.users", "write_uid": "res.users"}
        if model in self._registry:
            found |= {name: field.relation for name, field in self._registry[model].fields.items()}
        for definition in self._definitions.get(model, ()):
            for other in (*definition.get("inherits", ()), *definition.get("inherit", ())):
                inner = self._fields(other) if other != model else {}
                if inner is None:
                    return None
                found |= inner
            for name, attributes in definition.get("fields", {}).items():
                if isinstance(attributes, Mapping):  # anything else is reported where fields are checked
                    found[name] = attributes.get("relation", found.get(name))
        return found


def _field_of_term(term: str) -> str:
    """Return the field of a term of an order, such as `name` of `"name" desc` or `country_id` of `country_id.code`."""
    return (term.split() or [""])[0].strip('"').partition(".")[0]
