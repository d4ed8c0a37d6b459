"""Overrides: methods of a test that replace those of the server, by `on_call`, `respond` or JSON.

An override is added to the registry of every database, so a reset, a restored snapshot or the end of the test removes
it.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from mockserver.orm.database import Database
from mockserver.orm.schema.composition import methods_of
from mockserver.seed.files import nearest
from mockserver.seed.origins import unknown_model
from mockserver.server.app import App
from mockserver.server.exchange import Exchange
from mockserver.server.listeners import Stop
from mockserver.testing.faults.aim import Aim, Target, tally
from mockserver.testing.overrides import forms as override_forms
from mockserver.testing.overrides.models import Definition
from mockserver.testing.overrides.override import ANSWERS, EVERY, Override, answering, checked, mistake
from mockserver.testing.part import Part

Function = TypeVar("Function", bound=Callable[..., Any])


class Overrides(Part):
    """The overrides of one server.  Mistakes in them that a client's call meets become errors of the server."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._stop: Stop | None = None  # while calls are checked for mistakes
        self._counter = itertools.count(1)
        self._others: Counter[Target] = Counter()  # the calls, to list the nearest ones

    def __iter__(self) -> Iterator[Override]:
        return (addition for addition in self._app.databases.additions if isinstance(addition, Override))

    def begin(self) -> None:
        """Stop checking calls for mistakes if no override or model class is left after the reset; number anew."""
        self._others.clear()
        self._counter = itertools.count(1 + max((override.number for override in self), default=0))
        with self._lock:
            if self._stop is not None and not any(self) and not self._classes():
                self._stop()
                self._stop = None

    def problems(self) -> list[str]:
        """Return the texts of overrides that nothing called; each is reported once.

        Of several for one method only the last one need have been called, since it hides the others.
        """
        last = {override.label: override for override in self}
        found = [override for override in last.values() if not override.calls and not override.optional]
        for override in found:
            override.optional = True
        return [self._unused_text(override) for override in found]

    def _unused_text(self, override: Override) -> str:
        """Return the error text for an override that nothing called, with the nearest names and calls."""
        lines = [f"no call met the override {override.label}"]
        known = self._own_methods(override.model)
        if override.method not in known and known:
            lines.append(f"  {override.model} has no method {override.method!r}{nearest(override.method, known)}")
        near = Aim(override.model, override.method).nearest(self._others)
        lines.append(f"  the nearest calls: {near}" if near else "  there was no call at all")
        return "\n".join([*lines, "  if no call is needed, add it with optional=True"])

    def _own_methods(self, model: str | None) -> set[str]:
        """Return the names of a model's methods without overrides."""
        registries = [database.registry for database in self._app.databases.values()]
        found = (registry.own_records(model) for registry in registries if model is not None and model in registry)
        return {name for records in found for name in methods_of(records)}

    def on_call(
        self,
        model: str | None,
        method: str,
        *,
        ids: bool | None = None,
        private: bool | None = None,
        optional: bool = False,
    ) -> Callable[[Function], Function]:
        """Return a decorator that replaces a method by a function; see `Kit.on_call`."""
        self.check(model, method, ids)

        def add(function: Function) -> Function:
            self.add(Override(_model(model), method, checked(function), ids, private, optional=optional))
            return function

        return add

    def respond(
        self,
        model: str | None,
        method: str,
        *answers: Any,
        ids: bool | None = None,
        private: bool | None = None,
        optional: bool = False,
    ) -> None:
        """Make a method return values, raise errors or call functions; see `Kit.respond`."""
        self.check(model, method, ids)
        self.add(Override(_model(model), method, answering(answers), ids, private, answers, optional))

    def add_json(self, data: Any) -> Override:
        """Add an override from JSON, such as `{"model": "sale.order", "method": "action_confirm", "answer": true}`."""
        form = override_forms.read(data)
        self.check(form.model, form.method, form.ids)
        override = Override(
            _model(form.model),
            form.method,
            answering(form.answers),
            form.ids,
            form.private,
            form.answers,
            form.optional,
        )
        self.add(override)
        return override

    def as_list(self) -> list[dict[str, Any]]:
        """Return all overrides as JSON, in the order in which they were added; `id` is for `numbered`."""
        return [override_forms.listed(override) for override in self]

    def numbered(self, number: int) -> Override | None:
        """Return the override of that id, or None."""
        return next((override for override in self if override.number == number), None)

    def remove_numbered(self, number: int) -> bool:
        """Remove the override of that id; return whether there was one."""
        found = self.numbered(number)
        try:
            if found is not None:
                self.remove(found)
        except ValueError:  # another thread was first
            return False
        return found is not None

    def define(self, cls: type) -> None:
        """Define the model of a class in every database; raises ModelError."""
        self._app.databases.extend(Definition(cls))
        self._begin_watching()

    def _classes(self) -> list[Definition]:
        return [addition for addition in self._app.databases.additions if isinstance(addition, Definition)]

    def add(self, override: Override) -> None:
        """Add an override to every database."""
        override.number = next(self._counter)
        self._apply(self._app.databases.enlist(override))
        self._begin_watching()

    def remove(self, override: Override) -> None:
        """Remove one override; the others stay.  Raises ValueError if it is not there."""
        self._apply(self._app.databases.withdraw(override))

    def _apply(self, databases: list[Database]) -> None:
        """Give databases the overrides that there are now, whatever another thread added or removed meanwhile."""
        for database in databases:
            with database.lock:
                database.registry = database.registry.with_methods({})
                for override in self:
                    override(database)

    def _begin_watching(self) -> None:
        with self._lock:
            self._stop = self._stop or self._app.observe(self._watch)

    def clear(self) -> None:
        """Remove every override."""
        for override in list(self):
            with contextlib.suppress(ValueError):  # another thread was first
                self.remove(override)

    def check(self, model: str | None, method: str, ids: bool | None) -> None:
        """Raise TypeError or ValueError for invalid or unknown names, and for wrong `ids`."""
        if callable(model):
            raise TypeError('on_call takes a model and a method: @mockserver.on_call("sale.order", "action_confirm")')
        if not isinstance(method, str) or not method.isidentifier():
            raise ValueError(f"a method has a name such as 'action_confirm', not {method!r}")
        databases = list(self._app.databases.values())
        name = _model(model)
        if name is not None and not any(name in database.registry for database in databases):
            known = {other for database in databases for other in database.registry}
            raise ValueError(unknown_model(name, known, self._app.profile))
        found = [database.method(name or EVERY, method) for database in databases]
        takes_ids = next((one.takes_ids for one in found if one is not None), ids)
        if ids is not None and ids is not takes_ids:
            is_ = "works on ids" if takes_ids else "takes no ids"
            raise ValueError(f"{name or EVERY}.{method} of this server {is_}: leave ids={ids} out")

    def _watch(self, exchange: Exchange) -> None:
        """Count the call; add a mistake in an override or model class, which the client got as an answer, to the
        server's errors."""
        if exchange.call is not None:
            tally(self._others, Target.of(exchange.call))
        error = exchange.error
        found = mistake(error)
        if found is None and error is not None and not isinstance(error, ANSWERS):
            found = error if any(definition.ran(error) for definition in self._classes()) else None
        if found is not None:
            self._app.errors.append(found)


def _model(model: str | None) -> str | None:
    return None if model == EVERY else model
