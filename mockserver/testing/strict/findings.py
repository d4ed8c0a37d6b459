"""What calls used that the mock does not have: models, methods and fields, with what to paste, and what it does not
compute."""

from __future__ import annotations

import json
import keyword
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from mockserver.orm.database import Database
from mockserver.orm.schema.elsewhere import elsewhere
from mockserver.seed.files import nearest
from mockserver.seed.origins import field_origin, origin, pack_of
from mockserver.server.app import App
from mockserver.services.call import LABEL_LENGTH, printable
from mockserver.services.named_arguments import public_methods
from mockserver.testing.journal.entry import JournalEntry
from mockserver.testing.journal.gaps import named
from mockserver.testing.journal.mentions import mentioned
from mockserver.testing.journal.wording import plural
from mockserver.testing.strict import guesses

Key = TypeVar("Key")

# limits, since a client may send any amount
MAX_FINDINGS = 100
MAX_FIELDS = 50
MAX_VALUES = 5
# services whose calls name a model but not one of its methods
_NO_METHODS = ("page", "file", "report")


def call_text(entry: JournalEntry) -> str:
    """Return the call as text, such as `res.partner.write([7], vals={'name': 'A'})`."""
    return f"{printable(entry.target)}({entry.written(90)})"


@dataclass
class Finding:
    """A missing model, method or field; `first` is the first call that used it."""

    model: str
    first: JournalEntry
    times: int = 0
    fields: dict[str, list[Any]] = field(default_factory=dict)

    def describe(self, what: str) -> str:
        """Return the text: `what` is missing, and the calls that used it."""
        more = f", and {plural(self.times - 1, 'more call')}" if self.times > 1 else ""
        return f"{what}\ncalled: {call_text(self.first)}{more}"


class Findings:
    """What the calls of one server used in vain, a finding each with its first call."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._models: dict[str, Finding] = {}
        self._methods: dict[tuple[str, str], Finding] = {}
        self._fields: dict[str, Finding] = {}
        self._gaps: dict[str, Finding] = {}

    def add(self, entry: JournalEntry) -> None:
        """Note what a call used in vain."""
        call = entry.call
        if call is None or call.service in _NO_METHODS or call.uid is None:
            return
        model, method, database = call.model, call.method, self._app.databases.get(call.db or "")
        if database is None or not isinstance(model, str) or not isinstance(method, str):
            return
        if model not in database.registry:
            self._note(self._models, model, model, entry)
            self._note_fields(self._models, model, entry, database)
        elif database.method(model, method) is not None:
            self._note_fields(self._fields, model, entry, database)
            for gap in (*named(database, model, method, entry.bound.args, entry.bound.ids), *call.unmet):
                self._note(self._gaps, gap, model, entry)
        elif entry.error is not None and not method.startswith("_"):
            self._note(self._methods, (model, method), model, entry)

    def texts(self) -> list[str]:
        """Return the findings as texts."""
        return [
            *(self._unknown_model(finding) for finding in self._models.values()),
            *(self._unknown_method(method, finding) for (_, method), finding in self._methods.items()),
            *(self._unknown_fields(finding) for finding in self._fields.values()),
            *(finding.describe(gap) for gap, finding in self._gaps.items()),
        ]

    def _note(self, findings: dict[Key, Finding], key: Key, model: str, entry: JournalEntry) -> None:
        if key in findings or len(findings) < MAX_FINDINGS:
            findings.setdefault(key, Finding(model, entry)).times += 1

    def _note_fields(self, findings: dict[str, Finding], model: str, entry: JournalEntry, database: Database) -> None:
        """Note the missing fields: of the model, or of one that a path or a line refers to."""
        absent = list(guesses.missing(database.registry, model, mentioned(entry.bound.args)))
        for owner in {owner for owner, _, _ in absent} - ({model} if findings is self._models else set()):
            self._note(findings, owner, owner, entry)
        for owner, name, value in absent:
            known = findings[owner].fields if owner in findings else {}
            if name in known or len(known) < MAX_FIELDS:
                values = known.setdefault(name, [])
                if value is not None and len(values) < MAX_VALUES:
                    values.append(value)

    # -- texts

    def _unknown_model(self, finding: Finding) -> str:
        model = finding.model
        known = {name for database in self._app.databases.values() for name in database.registry}
        told = origin(model, self._app.profile)
        head = finding.describe(f"there is no model {printable(model)!r}{'' if told else nearest(model, known)}")
        head = f"{head}\n{told[:1].upper()}{told[1:]}" if told else head
        if pack_of(model, self._app.profile) or not _pasted(model):
            return head
        return f"{head}\n{self._fixture(finding, description=model)}"

    def _unknown_method(self, method: str, finding: Finding) -> str:
        database = self._database(finding.model)
        hint = ""
        if database is not None:
            hint = elsewhere(database.registry, finding.model, method)
            hint = hint or nearest(method, public_methods(finding.model, database))
        told = f"{finding.model} has no method {printable(method)!r}{hint}"
        if database is not None:
            told = "\n".join((told, *named(database, finding.model, method, {})))
        head = finding.describe(told)
        return f"{head}\n{_override(finding.first)}" if _pasted(method) else head

    def _unknown_fields(self, finding: Finding) -> str:
        database = self._database(finding.model)
        model = database.registry[finding.model] if database else None
        lines: list[str] = []
        untold: dict[str, list[Any]] = {}
        for name, values in finding.fields.items():
            # suggest custom fields for custom fields only
            like = (
                other for other in (model.fields if model else ()) if other.startswith("x_") == name.startswith("x_")
            )
            told = field_origin(model, name, self._app.profile) if model else ""
            untold |= {} if told or not _pasted(name) else {name: values}
            lines.append(
                f"{finding.model} has no field {printable(name)!r}{f'; {told}' if told else nearest(name, like)}"
            )
        head = finding.describe("\n".join(lines))
        return f"{head}\n{self._fixture(replace(finding, fields=untold))}" if untold else head

    def _database(self, model: str) -> Database | None:
        """Return the first database that has the model."""
        return next((d for d in self._app.databases.values() if model in d.registry), None)

    def _fixture(self, finding: Finding, description: str | None = None) -> str:
        registry = next(iter(self._app.databases.values())).registry
        guessed = {
            name: guesses.definition(name, values, registry, finding.model) for name, values in finding.fields.items()
        }
        entry = guesses.entry(finding.model, guessed or {"name": {"type": "char"}}, description)
        return f"{_FIXTURE}\n{textwrap.indent(entry, '        ')}\n    }}}}"


_FIXTURE = 'If the real server has it, say so in a fixture (the types are guessed):\n\n    {"models": {'


def _pasted(name: str) -> bool:
    """Return whether a name is worth being pasted: no real one is longer than what is shown of it."""
    return len(name) <= LABEL_LENGTH


def _override(entry: JournalEntry) -> str:
    """Return the lines of a test that add the method to the model."""
    ids = "" if entry.ids else ", ids=False"
    named: Mapping[str, Any] = entry.args
    usable = all(name.isidentifier() and not keyword.iskeyword(name) for name in named)
    positional = [f"value{number}" for number in range(1, len(entry.positional) + 1)]
    names = ["records", *positional, *named] if usable else ["records", "*args", "**kwargs"]
    method = entry.method if entry.method.isidentifier() and not keyword.iskeyword(entry.method) else "answer"
    head = f"{json.dumps(entry.model)}, {json.dumps(entry.method)}"
    return (
        "If the real server has it, say in the test what it does, or only what it answers:\n\n"
        f"    @mockserver.on_call({head}{ids})\n"
        f"    def {method}({', '.join(names)}):\n"
        "        return True\n\n"
        f"    mockserver.respond({head}, True{ids})"
    )
