"""Assemble the models and records of a fixture from the rows that were read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from mockserver.contract.pull.definitions import Defaults, Definitions
from mockserver.contract.pull.identities import Identities
from mockserver.contract.pull.pulled_rows import PulledRows
from mockserver.contract.pull.reader import Reader
from mockserver.contract.pull.records import Records
from mockserver.contract.pull.schema_reader import ModelSchema
from mockserver.contract.pull.source import PullError
from mockserver.orm.database import Database
from mockserver.orm.rights.access import groups_field
from mockserver.seed import build as seed
from mockserver.seed.files import Fixture, FixtureError
from mockserver.seed.links import Links
from mockserver.seed.records import CUSTOM, model_xmlid
from mockserver.seed.varied import TRANSLATIONS


class Assembly:
    """Assembles a fixture on top of the base data; `server` holds the user and the time of reading."""

    def __init__(self, pulled: PulledRows, base: Database, server: Mapping[str, Any]) -> None:
        self.pulled = pulled
        self.reader: Reader = pulled.reader
        self.base = base
        self.base_names = pulled.base
        self.server = server
        self.notes: list[str] = []

    def content(self, schemas: Mapping[str, ModelSchema]) -> Fixture:
        """Return the definitions of the models and the records of the fixture, and the models that it does without."""
        self._name_modules(schemas)
        identities = Identities(self.pulled, self.base, self._model_names(schemas))
        groups = {*self.base_names, *(x for (model, _), x in identities.xmlids.items() if model == "res.groups")}
        definitions = Definitions(self.base, schemas, groups)
        references = {key: identities.reference(*key) for key in (*identities.ids, *identities.xmlids)}
        moment = datetime.fromisoformat(self.server["moment"])
        models = definitions.all(
            self.pulled.rows, Defaults(self.server["uid"], self.server["company"], moment, references)
        )
        links = Links(self.base, (models,))
        absent = links.missing(models)
        self.notes += _without_loose_ends(models, Links(self.base, (models,), absent))
        records = Records(self.pulled, identities, self._scratch_database({"absent": absent, "models": models}))
        found = list(records.all())
        definitions.relax(models, {m: f for m, f in records.missing.items() if f})
        found += self._admin(identities)
        found += self._languages({record.get("xmlid") for record in found})
        self.notes += definitions.notes
        self.notes += _count_notes(records.lost, "refers to records that were not pulled: {} left empty")
        self.notes += _count_notes(records.invalid, "{} left empty: no value for a field of that type")
        return {**({"absent": absent} if absent else {}), "models": models, "records": found}

    def _name_modules(self, schemas: Mapping[str, ModelSchema]) -> None:
        """Set the defining module of each model."""
        rows = {name: row for name, row in (self.reader.listed or {}).items() if name in schemas}
        names = self.reader.names("ir.model", [row["id"] for row in rows.values()])
        for name, row in rows.items():
            xmlid, _ = names.get(row["id"], ("", False))
            first = str(row.get("modules") or "").split(", ")[0]
            module = xmlid.partition(".")[0] if xmlid.endswith(f".model_{name.replace('.', '_')}") else first
            schemas[name].about = {**schemas[name].about, "module": module}

    def _model_names(self, schemas: Mapping[str, ModelSchema]) -> dict[int, str]:
        """Return id on the server → external id, of the models in the fixture or the base data."""
        found = {}
        for name, row in (self.reader.listed or {}).items():
            known = self.base.registry.get(name)
            if known is not None:
                found[row["id"]] = model_xmlid(known)
            elif name in schemas:
                custom = CUSTOM if name.startswith("x_") else "base"
                found[row["id"]] = f"{schemas[name].about.get('module') or custom}.model_{name.replace('.', '_')}"
        return found

    def _scratch_database(self, fixture: Fixture) -> Database:
        scratch = self.base.clone("scratch")
        try:
            seed.load(scratch, fixture, source="the pulled models")
        except FixtureError as error:
            raise PullError(str(error)) from None
        return scratch

    def _admin(self, identities: Identities) -> Iterator[dict[str, Any]]:
        """Yield the update that gives the administrator the groups and companies of the user who read."""
        name = groups_field(self.base.env())
        held = self.base.store.rows("res.users")[self.base.profile.admin_id].get(name, ())
        new = [ref for id_ in self.server["groups"] if isinstance(ref := identities.reference("res.groups", id_), dict)]
        new = [ref for ref in new if ref["ref"] not in self.base_names]
        values: dict[str, Any] = {}
        if new:
            by_id = {found: xmlid for xmlid, found in self.base_names.items()}
            values[name] = [{"ref": by_id["res.groups", id_]} for id_ in held] + sorted(new, key=lambda ref: ref["ref"])
        companies = [ref for id_ in self.server["companies"] if (ref := identities.reference("res.company", id_))]
        if len(companies) > 1:
            values["company_ids"] = companies
        if values:
            yield {"model": "res.users", "xmlid": "base.user_admin", "update": True, "values": values}

    def _languages(self, written: Collection[Any]) -> Iterator[dict[str, Any]]:
        """Yield updates that activate the languages of translations, but for records that are written anyway."""
        used = {code for varied in self.reader.varied.values() for slots in varied.values()
                for code in slots.get(TRANSLATIONS, ())}  # fmt: skip
        by_id = {id_: xmlid for xmlid, (model, id_) in self.base_names.items() if model == "res.lang"}
        for id_, row in self.base.store.rows("res.lang").items():
            if row["code"] in used and not row.get("active") and (xmlid := by_id.get(id_)) and xmlid not in written:
                yield {"model": "res.lang", "xmlid": xmlid, "update": True, "values": {"active": True}}

    def check(self, fixture: Fixture) -> None:
        """Raise `PullError` for a fixture that does not load."""
        try:
            seed.load(self.base.clone("check"), fixture, source="the pulled fixture")
        except FixtureError as error:
            raise PullError(f"what was pulled does not load here: {error}") from None


def _count_notes(found: Mapping[str, int], text: str) -> list[str]:
    return [f"{where}: {text.format(f'{count} value' + 's' * (count > 1))}" for where, count in sorted(found.items())]


def _without_loose_ends(models: dict[str, Any], links: Links) -> list[str]:
    """Remove what leads to fields that were not pulled; return notes about it."""
    notes = []
    for model, field, key, text in list(links.problems(models)):
        target = models[model] if field is None else models[model]["fields"][field]
        target.pop(key, None)
        if key == "relation_field":  # its lines are not known
            target["store"] = False
        notes.append(f"{model}{'.' + field if field else ''}: without {key}, because {text}")
    return notes
