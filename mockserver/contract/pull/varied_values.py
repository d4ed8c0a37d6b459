"""Read the values of records in other languages and for other companies than those of the user who reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mockserver.contract.pull.schema_reader import ALL_ROWS, ModelSchema
from mockserver.contract.pull.scrub import Scrub
from mockserver.contract.pull.source import Ask, Checkpoint, or_none
from mockserver.seed.varied import COMPANIES, TRANSLATIONS

Row = dict[str, Any]
Varied = dict[str, dict[str, dict[str, Any]]]  # field → `translations` or `companies` → {language or company id: value}

_SOURCE_LANGUAGE = "en_US"


class VariedValues:
    """Reads translations and values of companies.

    `allowed`: the companies of the user who reads, the current one first.
    """

    def __init__(self, ask: Ask, checkpoint: Checkpoint, scrub: Scrub | None, allowed: Sequence[int]) -> None:
        self.ask = ask
        self.scrub = scrub
        self.allowed = allowed
        codes = checkpoint.once(["languages"], self._read_languages) or ()
        self.languages = [code for code in codes if code != _SOURCE_LANGUAGE]

    def _read_languages(self) -> list[str] | None:
        """Return the codes of the active languages; None if the user may not read them."""
        rows = or_none(lambda: self.ask("res.lang", "search_read", [[]], {"fields": ["code"], "order": "id"}))
        return None if rows is None else [row["code"] for row in rows]

    def read(self, schema: ModelSchema, rows: Collection[Row]) -> dict[str, Varied]:
        """Return id as text → the values that differ from those of the rows."""
        found: dict[str, Varied] = {}
        for kind, slot, context, names in self._contexts(schema, rows):
            others = self._read_in(context, schema.name, [row["id"] for row in rows], names)
            for row in rows:
                other = others.get(row["id"], {})
                differing = {name: other[name] for name in names if name in other and other[name] != row.get(name)}
                for name, value in self._scrubbed(schema, differing).items():
                    found.setdefault(str(row["id"]), {}).setdefault(name, {}).setdefault(kind, {})[slot] = value
        return found

    def _read_in(self, context: Mapping[str, Any], model: str, ids: list[int], fields: list[str]) -> dict[int, Row]:
        """Return id → values in a context; nothing if the user may not read the records there."""
        options = {"fields": fields, "load": "_classic_write", "context": {**ALL_ROWS, **context}}
        return {row["id"]: row for row in or_none(lambda: self.ask(model, "read", [ids], options)) or ()}

    def _contexts(
        self, schema: ModelSchema, rows: Collection[Row]
    ) -> Iterator[tuple[str, str, dict[str, Any], list[str]]]:
        """Yield each language and company to read in, with its context and the fields that depend on it."""
        read = {name for row in rows for name in row}
        given = {name: schema.fields[name] for name in sorted(read & schema.fields.keys())}
        translated = [name for name, one in given.items() if one.get("translate") and one.get("store", True)]
        by_company = [name for name, one in given.items() if one.get("company_dependent")]
        if translated:
            yield from ((TRANSLATIONS, code, {"lang": code}, translated) for code in self.languages)
        if by_company:
            for id_ in self.allowed[1:]:
                # the first is the current company, and the others keep their records readable; until 12 the company
                # is named by force_company
                allowed = [id_, *(other for other in self.allowed if other != id_)]
                context = {"allowed_company_ids": allowed, "force_company": id_}
                yield COMPANIES, str(id_), context, by_company

    def _scrubbed(self, schema: ModelSchema, values: Row) -> Row:
        if self.scrub is None or not values:
            return values
        fields: Mapping[str, Mapping[str, Any]] = {name: schema.fields[name] for name in values}
        [clean] = self.scrub.rows(schema.name, [values], fields)
        return clean
