"""Models that a test defines as classes, in every database of a server."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.orm.database import Database
from mockserver.orm.methods import BaseModel
from mockserver.orm.schema.composition import own_functions
from mockserver.seed import build as seed


@dataclass(frozen=True, eq=False)
class Definition:
    """A model class that is added to every database."""

    cls: type

    def __call__(self, database: Database) -> None:
        """Define or extend the model; raises ModelError."""
        methods = database.registry.methods
        # without overrides: they must not be called for the rows that describe a model
        database.registry = database.registry.with_methods({})
        seed.add_classes(database, [self.cls])
        database.registry = database.registry.with_methods(methods)

    def ran(self, error: BaseException) -> bool:
        """Return whether a method of the class ran when an error was raised."""
        codes = {function.__code__ for _, function in own_functions(self.cls, BaseModel)}
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code in codes:
                return True
            trace = trace.tb_next
        return False
