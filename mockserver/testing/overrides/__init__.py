"""Methods that a test puts in the place of a server's own: `on_call`, `respond`, and their JSON form.

An override is an addition to every database, kept in its registry of methods; so a reset, a restored snapshot or the
end of the test undoes it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from mockserver.seed.files import nearest
from mockserver.server.app import App
from mockserver.server.exchange import Exchange
from mockserver.server.listeners import Stop
from mockserver.testing.overrides import forms as override_forms
from mockserver.testing.overrides.models import Definition
from mockserver.testing.overrides.override import ANSWERS, EVERY, Override, answering, checked, mistake
from mockserver.testing.overrides.packs import pack_hint
from mockserver.testing.part import Part

Function = TypeVar("Function", bound=Callable[..., Any])


class Overrides(Part):
    """The overrides of one server.  The mistakes that a client's call meets in them are errors of the server."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stop: Stop | None = None  # while mistakes are looked for
        self._counter = itertools.count(1)
        self._numbers: dict[Override, int] = {}

    def __iter__(self) -> Iterator[Override]:
        return (addition for addition in self._app.databases.additions if isinstance(addition, Override))

    def begin(self) -> None:
        """Stop looking for mistakes, where no override or model class is left after the reset."""
        if self._stop is not None and not any(self) and not self._classes():
            self._stop()
            self._stop = None

    def on_call(
        self, model: str | None, method: str, *, ids: bool | None = None, private: bool | None = None
    ) -> Callable[[Function], Function]:
        """Return a decorator that puts a function in the place of a method; see `Kit.on_call`."""
        self.check(model, method, ids)

        def add(function: Function) -> Function:
            self.add(Override(_model(model), method, checked(function), ids, private))
            return function

        return add

    def respond(
        self, model: str | None, method: str, *answers: Any, ids: bool | None = None, private: bool | None = None
    ) -> None:
        """Let a method answer with values, errors or what functions return; see `Kit.respond`."""
        self.check(model, method, ids)
        self.add(Override(_model(model), method, answering(answers), ids, private, answers))

    def add_json(self, data: Any) -> Override:
        """Add what `{"model": "sale.order", "method": "action_confirm", "answer": true}` says; see `override_forms`."""
        form = override_forms.read(data)
        self.check(form.model, form.method, form.ids)
        override = Override(
            _model(form.model), form.method, answering(form.answers), form.ids, form.private, form.answers
        )
        self.add(override)
        return override

    def as_list(self) -> list[dict[str, Any]]:
        """Return all of them as JSON, in the order in which they were added; `id` is for `numbered`."""
        return [{"id": number, **override_forms.to_json(override)} for number, override in self._numbered().items()]

    def numbered(self, number: int) -> Override | None:
        """Return the override of that id, or None."""
        return self._numbered().get(number)

    def _numbered(self) -> dict[int, Override]:
        self._numbers = {override: self._numbers.get(override) or next(self._counter) for override in self}
        return {number: override for override, number in self._numbers.items()}

    def define(self, cls: type) -> None:
        """Give every database the model of a class; raises ModelError."""
        self._app.databases.extend(Definition(cls))
        self._begin_watching()

    def _classes(self) -> list[Definition]:
        return [addition for addition in self._app.databases.additions if isinstance(addition, Definition)]

    def add(self, override: Override) -> None:
        """Put an override into every database."""
        self._app.databases.extend(override)
        self._begin_watching()

    def _begin_watching(self) -> None:
        self._stop = self._stop or self._app.observe(self._watch)

    def remove(self, override: Override) -> None:
        """Take one override back; those before and after it stay.  Raises ValueError if it is not there."""
        databases = self._app.databases
        additions = list(databases.additions)
        additions.remove(override)
        databases.additions = tuple(additions)
        for database in list(databases.values()):
            with database.lock:
                database.registry = database.registry.with_methods({})
                for other in self:
                    other(database)

    def clear(self) -> None:
        """Take every override back."""
        for override in list(self):
            self.remove(override)

    def check(self, model: str | None, method: str, ids: bool | None) -> None:
        """Raises TypeError or ValueError for names that cannot be meant."""
        if callable(model):
            raise TypeError('on_call takes a model and a method: @mockserver.on_call("sale.order", "action_confirm")')
        if not isinstance(method, str) or not method.isidentifier():
            raise ValueError(f"a method has a name such as 'action_confirm', not {method!r}")
        databases = list(self._app.databases.values())
        name = _model(model)
        if name is not None and not any(name in database.registry for database in databases):
            known = {other for database in databases for other in database.registry}
            raise ValueError(f"there is no model {name!r}{nearest(name, known)}{pack_hint(name, self._app.profile)}")
        found = [database.method(name or EVERY, method) for database in databases]
        takes_ids = next((one.takes_ids for one in found if one is not None), ids)
        if ids is not None and ids is not takes_ids:
            is_ = "works on ids" if takes_ids else "takes no ids"
            raise ValueError(f"{name or EVERY}.{method} of this server {is_}: leave ids={ids} out")

    def _watch(self, exchange: Exchange) -> None:
        """Keep the mistake of an override that a client was told of as an error of the server."""
        error = exchange.error
        found = mistake(error)
        if found is None and error is not None and not isinstance(error, ANSWERS):
            found = error if any(definition.ran(error) for definition in self._classes()) else None
        if found is not None:
            self._app.errors.append(found)


def _model(model: str | None) -> str | None:
    return None if model == EVERY else model
