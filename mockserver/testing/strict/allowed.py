"""`expect_only`: calls of models that a test does not allow are refused and fail the test."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from fnmatch import fnmatchcase

from mockserver.dialects import Request
from mockserver.errors import AccessError
from mockserver.orm.schema.elsewhere import elsewhere
from mockserver.seed.files import nearest
from mockserver.seed.origins import unknown_model
from mockserver.server.app import App
from mockserver.server.exchange import Exchange
from mockserver.server.listeners import Stop
from mockserver.services.call import Call, printable
from mockserver.services.named_arguments import public_methods
from mockserver.testing.journal.entry import JournalEntry
from mockserver.testing.journal.wording import plural
from mockserver.testing.part import Part
from mockserver.testing.strict.findings import call_text

Pattern = tuple[str, str]

MAX_REFUSED = 100  # different refused calls that are kept
# services whose calls are checked although they name no model; not those that log in
_CHECKED = ("object", "db")


class Allowed(Part):
    """The calls that a test allows; all until it names some."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._patterns: list[Pattern] = []
        self._refused: dict[str, int] = {}
        self._stop: Stop | None = None  # while not every call is allowed

    def begin(self) -> None:
        """Allow every call again."""
        self._patterns, self._refused = [], {}
        if self._stop is not None:
            self._stop()
            self._stop = None

    def add(self, calls: Iterable[str | tuple[str, str]]) -> None:
        """Allow these calls and refuse all others; see `Kit.expect_only`."""
        self._patterns += [self._pattern(call) for call in calls]
        self._stop = self._stop or self._app.guard(self._guard, first=True)

    def problems(self) -> list[str]:
        """Return one text with the refused calls, and forget them."""
        with self._lock:
            refused, self._refused = self._refused, {}
        if not refused:
            return []
        lines = [f"    {text}" + (f"   ({count} times)" if count > 1 else "") for text, count in refused.items()]
        calls = plural(sum(refused.values()), "call")
        return ["\n".join([f"{calls} that this test does not expect; it expects {self._listed()}:", *lines])]

    def _listed(self) -> str:
        return ", ".join(f"{model}.{method}" for model, method in self._patterns) or "no call of a model"

    def _guard(self, request: Request, call: Call) -> None:
        """Raise AccessError for a call that is not allowed."""
        if call.service == "page" or (call.model is None and call.service not in _CHECKED):
            return
        model, method = map(str, call.model_and_method)
        if any(fnmatchcase(model, one) and fnmatchcase(method, other) for one, other in self._patterns):
            return
        exchange = Exchange(call.dialect, "", "", call, database=self._app.databases.of(call))
        text = call_text(JournalEntry(exchange))
        with self._lock:
            if text in self._refused or len(self._refused) < MAX_REFUSED:
                self._refused[text] = self._refused.get(text, 0) + 1
        name = printable(f"{model}.{method}")
        raise AccessError(f"mockserver: the test does not expect the call {name}; it expects {self._listed()}")

    def _pattern(self, call: str | tuple[str, str]) -> Pattern:
        """Return `(model, method)`; raises ValueError for a pattern that no call can match."""
        if isinstance(call, str):
            model, _, method = ("*", "", "*") if call == "*" else call.rpartition(".")
        else:
            try:
                model, method = call
            except (TypeError, ValueError):
                raise ValueError(f'a call is ("res.partner", "create") or "res.partner.create", not {call!r}') from None
        if not model or not method:
            raise ValueError(f"{call!r} lacks the model or the method, as in 'res.partner.create'")
        if model != "db" and not set("*?[") & set(model):
            self._check(model, method)
        return model, method

    def _check(self, model: str, method: str) -> None:
        databases = [database for database in self._app.databases.values() if model in database.registry]
        if not databases:
            known = {name for database in self._app.databases.values() for name in database.registry}
            raise ValueError(unknown_model(model, known, self._app.profile))
        methods = {name for database in databases for name in public_methods(model, database)}
        if not any(fnmatchcase(name, method) for name in methods):
            hint = elsewhere(databases[0].registry, model, method) or nearest(method, methods)
            raise ValueError(f"{model} has no method {method!r}{hint}")
