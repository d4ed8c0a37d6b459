"""Read the records of a pull: the selected ones, and those that they refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from mockserver.contract.pull.reader import REFERENCE_MODELS, RIGHTS, Reader, Row
from mockserver.contract.pull.schema_reader import ModelSchema
from mockserver.contract.pull.source import Progress
from mockserver.orm.fields.base import TYPES
from mockserver.orm.fields.relational import Many2many, Many2one, One2many, Reference
from mockserver.seed.varied import COMPANIES

Ids = dict[str, dict[int, None]]  # model → ids, in order


class PulledRows:
    """The rows of records, and of those they refer to, to a depth; `base` has the base records by external id."""

    def __init__(self, reader: Reader, base: Mapping[str, tuple[str, int]], progress: Progress) -> None:
        self.reader = reader
        self.base = base
        self.related = reader.related
        self.rows: dict[str, dict[int, Row]] = {}
        self.names: dict[tuple[str, int], tuple[str, bool]] = {}
        self._progress = progress
        self._seen: Ids = defaultdict(dict)
        self._done = 0

    def gather(self, chosen: Mapping[str, Iterable[int]], depth: int = 0) -> None:
        """Read records and follow their references."""
        level: Ids = {model: dict.fromkeys(ids) for model, ids in chosen.items()}
        while level:
            found: dict[str, Ids] = {how: defaultdict(dict) for how in ("part", "follow", "name")}
            while level:  # parts of a record, such as lines, are read along with it
                found["part"].clear()
                for model, ids in sorted(level.items()):
                    self._read(model, ids, depth, found)
                level = self._to_read(found["part"], followed=True)
            self._to_read(found["name"], followed=False)
            level = self._to_read(found["follow"], followed=depth < self.related)
            depth += 1

    def _read(self, model: str, ids: Iterable[int], depth: int, found: Mapping[str, Ids]) -> None:
        new = [id_ for id_ in ids if id_ not in self._seen[model]]
        self._seen[model] |= dict.fromkeys(new)
        schema = self.reader.model(model)
        if schema is None:
            return
        self._progress(self._done, self._done + len(new))
        for row, name in self.reader.rows(model, new):
            self.rows.setdefault(model, {})[row["id"]] = row
            if name is not None:
                self.names[model, row["id"]] = name
            for comodel, id_, how in self._references(schema, row, depth):
                found[how][comodel][id_] = None
            self._done += 1
            self._progress(self._done, self._done)

    def _references(self, schema: ModelSchema, row: Row, depth: int) -> Iterator[tuple[str, int, str]]:
        """Yield (model, id, how) for the references of a row: a `part`, a record to `follow`, or only to `name`."""
        deep = depth < self.related or schema.name in RIGHTS
        how = "follow" if deep else "name"
        for values in self.reader.varied.get((schema.name, row["id"]), {}).values():
            yield from (("res.company", int(id_), "follow") for id_ in values.get(COMPANIES, ()))
        for name, value in row.items():
            given = schema.fields.get(name)
            if not value or given is None or not given.get("store", True):
                continue
            kind, comodel = TYPES[given["type"]], given.get("relation", "")
            if issubclass(kind, Many2one):
                yield comodel, value, "follow" if deep or given.get("required") else "name"
            elif issubclass(kind, Many2many):
                yield from ((comodel, id_, how) for id_ in value)
            elif issubclass(kind, One2many) and deep:
                yield from ((comodel, id_, "part") for id_ in value)
            elif issubclass(kind, Reference):
                model, _, id_ = value.partition(",")
                yield model, int(id_), how

    def _to_read(self, found: Ids, *, followed: bool) -> Ids:
        """Return the records to read: unknown in the base data, or to be compared with it."""
        wanted: Ids = {}
        for model, ids in sorted(found.items()):
            if not self.reader.may_follow(model):
                continue
            new = [id_ for id_ in ids if id_ not in self._seen[model]]
            names = self.reader.names(model, new) if new else {}
            self.names |= {(model, id_): name for id_, name in names.items()}
            known = {id_ for id_, (xmlid, _) in names.items() if self.base.get(xmlid, ("",))[0] == model}
            if followed and model not in REFERENCE_MODELS:
                known = set()
            if left := [id_ for id_ in new if id_ not in known]:
                wanted[model] = dict.fromkeys(left)
        return wanted
