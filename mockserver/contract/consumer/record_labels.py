"""Replace the ids in the calls of a test by labels, so that the calls can be sent to another server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.contract.rewriting import IdRewriter
from mockserver.contract.shapes import shape
from mockserver.orm.database import Change, Database
from mockserver.orm.fields.relational import Many2one
from mockserver.services.named import signature

Step = dict[str, Any]

UNUSED_IDS = 9 * 10**7  # no record has an id above this one; such ids stay numbers, see `contract.labels`


class UnknownRecord(LookupError):
    """A record that no answer in the test contained and that has no external id."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.model = model


class RecordLabels(IdRewriter):
    """The labels of one test: for records that it created or read, and for those with an external id.

    `counter`: the number of labels of each model in all tests.
    """

    def __init__(self, database: Database, counter: Counter[str]) -> None:
        super().__init__(database)
        self._counter = counter
        self._labels: dict[tuple[str, int], str] = {}
        # where a record was found: the step with it in its answer, and the path to its id there
        self._sources: dict[tuple[str, int], tuple[Step, str]] = {}
        self._lookups: list[Step] = []

    def call(self, call: Mapping[str, Any]) -> tuple[dict[str, Any], list[Step]]:
        """Return the call with references for ids, and the steps that find its records with external ids.

        Raises `UnknownRecord`.
        """
        self._lookups = []
        model, method = call["model"], call["method"]
        found = self.database.method(model, method)
        names = tuple(signature(found.function).parameters)[1:] if found else ()
        args, kwargs = self.arguments(model, names, bool(found and found.takes_ids), call["args"], call["kwargs"])
        return {"model": model, "method": method, "args": args, "kwargs": kwargs}, self._lookups

    def id(self, model: str | None, value: Any) -> Any:
        """Return a reference to the record; an id without a record stays."""
        if isinstance(value, bool) or not isinstance(value, int) or model is None or value <= 0:
            return value
        key = model, value
        if key not in self._labels:
            if key in self._sources:
                step, path = self._sources[key]
                step.setdefault("bind", {})[self._new_label(model, value)] = path
                if step["expect"] == {}:
                    self._lookups.append(step)
            elif self.database.store.get(model, value) is None:
                return value if value >= UNUSED_IDS else UNUSED_IDS + value
            else:
                self._label_external(model, value)
        return {"$ref": self._labels[key]}

    def note_answer(self, step: Step, model: str, method: str, value: Any) -> list[str]:
        """Remember the records in an answer; return the labels of those that the call created."""
        if shape(model, method, value).startswith("id") and method in ("create", "copy"):
            labels = [self._new_label(model, id_) for id_ in (value if isinstance(value, list) else [value])]
            step["as"] = labels if isinstance(value, list) else labels[0]
            return labels
        for key, path in self._records_in(model, method, value):
            self._sources.setdefault(key, (step, path))
        return []

    def note_created_with(self, changes: Iterable[Change]) -> None:
        """Remember how to find the records that were created along with others, such as the lines of an order."""
        created = {(change.model, change.id) for change in changes if change.old is None} - self._labels.keys()
        for holder, id_ in [*self._labels] if created else ():
            if self.database.store.get(holder, id_) is not None:
                self._note_related(holder, id_, created)

    def _note_related(self, holder: str, id_: int, created: set[tuple[str, int]]) -> None:
        """Remember the new records that a record refers to; a step that reads it will find them."""
        models = {model for model, _ in created}
        record = self.database.env()[holder].browse(id_)
        for name, field in self.database.registry[holder].fields.items():
            if not field.relational or field.relation not in models:
                continue
            related = record[name].ids
            for index, other in enumerate(related):
                if (field.relation, other) in created:
                    call = {"model": holder, "method": "read", "args": [[{"$ref": self._labels[holder, id_]}], [name]]}
                    path = f"0.{name}.0" if isinstance(field, Many2one) else f"0.{name}.{index}"
                    step = {"call": call, "as_model": field.relation, "expect": {}}
                    self._sources.setdefault((field.relation, other), (step, path))

    def _records_in(self, model: str, method: str, value: Any) -> Iterator[tuple[tuple[str, int], str]]:
        """Yield the records in an answer, each with the path to its id."""
        kind = shape(model, method, value)
        if kind.startswith("ids:") and isinstance(value, list):
            yield from (((model, id_), str(index)) for index, id_ in enumerate(value) if type(id_) is int)
        elif kind.startswith("names:") and isinstance(value, list):
            yield from (((model, pair[0]), f"{index}.0") for index, pair in enumerate(value))
        elif kind.startswith("records:") and isinstance(value, list):
            for index, row in enumerate(value):
                yield from self._records_in_row(model, row, str(index))

    def _records_in_row(self, model: str, row: Any, path: str) -> Iterator[tuple[tuple[str, int], str]]:
        fields = self.database.registry[model].fields
        for name, item in row.items() if isinstance(row, Mapping) else ():
            field = fields.get(name)
            if name == "id":
                yield (model, item), f"{path}.id"
            elif field is None or not field.relation:
                continue
            elif isinstance(field, Many2one) and item:
                yield (
                    (field.relation, item[0] if isinstance(item, list) else item),
                    (f"{path}.{name}.0" if isinstance(item, list) else f"{path}.{name}"),
                )
            elif isinstance(item, list):
                yield from (
                    ((field.relation, id_), f"{path}.{name}.{n}") for n, id_ in enumerate(item) if type(id_) is int
                )

    def _new_label(self, model: str, id_: int) -> str:
        self._counter[model] += 1
        label = f"{model}.{self._counter[model]}"
        self._labels[model, id_] = label
        return label

    def _label_external(self, model: str, id_: int) -> None:
        for row in self.database.store.rows("ir.model.data").values():
            if row.get("model") == model and row.get("res_id") == id_:
                module, name = str(row.get("module")), str(row.get("name"))
                label = self._labels[model, id_] = f"{module}.{name}"
                call = {"model": "ir.model.data", "method": "check_object_reference", "args": [module, name]}
                self._lookups.append({"call": call, "as": ["", label], "as_model": model, "expect": {}})
                return
        raise UnknownRecord(model)
