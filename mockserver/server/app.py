"""The WSGI callable: the URL map, one error boundary, and everything that one server holds."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Response

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.dialects import JSON_TYPES, MAX_BODY, Dialect, Reply, Request, Route
from mockserver.dialects.rest import registry as rest_registry
from mockserver.dialects.rest.dialect import RestDialect
from mockserver.dialects.rest.router import RestRouter
from mockserver.dialects.rpc.doc import Doc
from mockserver.dialects.rpc.json2 import Json2
from mockserver.dialects.rpc.jsonrpc import JsonRpc
from mockserver.dialects.rpc.start import Start
from mockserver.dialects.rpc.xmlrpc import XmlRpc
from mockserver.dialects.web.databases import DatabasePages
from mockserver.dialects.web.dataset import Dataset
from mockserver.dialects.web.files import Files
from mockserver.dialects.web.reports import Reports
from mockserver.dialects.web.web import Web
from mockserver.orm.database import Database
from mockserver.profiles import Profile
from mockserver.server.exchange import Exchange, NoAnswer, RawExchange
from mockserver.server.listeners import Errors, Listeners, Stop
from mockserver.services import Call, Databases, Services, Sessions, apikeys
from mockserver.services.db import DatabasesSnapshot, Factory
from mockserver.services.localise import localise
from mockserver.services.sessions import Session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DIALECTS: tuple[type[Dialect], ...] = (XmlRpc, JsonRpc, Web, Dataset, DatabasePages, Files, Reports, Json2, Doc, Start)
MAX_PATHS = 512  # paths whose route is remembered

Target = tuple[Dialect, Route, dict[str, Any]]
Guard = Callable[[Request, Call], object]
Observer = Callable[[Exchange], object]
Tap = Callable[[RawExchange], object]


@dataclass(frozen=True)
class AppSnapshot:
    """What `App.restore` needs."""

    databases: DatabasesSnapshot
    sessions: dict[str, tuple[Session, datetime]]


class App:
    """One server: its databases, its sessions, and the WSGI callable.  Safe to call from several threads.

    `guard`, `observe` and `tap` let a function take part in its requests, and give how to end that.
    `max_body` is the largest request body in bytes; `rest` are the REST add-ons that are served.
    `errors` are the server's own, such as those of observers.
    """

    def __init__(
        self,
        profile: Profile,
        clock: Clock,
        factory: Factory,
        master_password: str = "admin",
        max_body: int = MAX_BODY,
        rest: Iterable[type[RestDialect]] = (),
    ) -> None:
        self.profile = profile
        self.clock = clock
        self.max_body = max_body
        self.databases = Databases(profile, clock, factory, master_password)
        self.sessions = Sessions(self.databases, clock, profile.session_seconds)
        self.errors = Errors()
        self._guards: Listeners[Guard] = Listeners()
        self._observers: Listeners[Observer] = Listeners()
        self._change_observers: Listeners[Observer] = Listeners()  # the observers that want to know what a call changes
        self._taps: Listeners[Tap] = Listeners()
        self.restores = 0  # how often a state was restored
        services = Services(self.databases, self.sessions)
        added = [dialect(services, profile) for dialect in rest]
        dialects = [*(dialect(services, profile) for dialect in DIALECTS), *added]
        rules = [Rule(route.rule, endpoint=(dialect, route)) for dialect in dialects for route in dialect.offered()]
        # the dialect that answers JSON which no route takes, where a server does that in JSON
        self._json = JsonRpc(services, profile) if profile.rules.json_errors_for_unknown_urls else None
        self._map = Map(rules, strict_slashes=False)
        self._rest = RestRouter(added)
        self._targets: dict[str, Target] = {}

    # -- who takes part in the requests

    def guard(self, function: Guard, *, first: bool = False) -> Stop:
        """Call a function with each request and its `Call` before it is performed, `first` before other guards.

        What it raises is answered in the call's place.  Gives how to end it.
        """
        return self._guards.add(function, first=first)

    @property
    def guarded(self) -> bool:
        """Whether there is a guard."""
        return bool(self._guards.current)

    def observe(self, function: Observer, *, changes: bool = False) -> Stop:
        """Call a function with the `Exchange` of every request, in the thread that answers it; gives how to end it.

        With `changes` each call finds out which records it changes.  What the function raises is nobody's answer:
        it goes to `errors`.
        """
        stop = self._observers.add(function)
        if not changes:
            return stop
        stop_changes = self._change_observers.add(function)

        def stop_both() -> None:
            stop_changes()
            stop()

        return stop_both

    def tap(self, function: Tap) -> Stop:
        """Call a function with the bytes of every request and its answer, as `observe` does; gives how to end it."""
        return self._taps.add(function)

    # -- state

    def snapshot(self) -> AppSnapshot:
        """The present state of databases and sessions, for `restore`."""
        return AppSnapshot(self.databases.snapshot(), self.sessions.snapshot())

    def restore(self, snapshot: AppSnapshot) -> None:
        """Databases and sessions as they were; costs what changed since."""
        self.restores += 1
        self.databases.restore(snapshot.databases)
        self.sessions.restore(snapshot.sessions)

    # -- requests

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """WSGI.  An exception that leaves here is a bug of ours, never an error of a call."""
        request = Request(environ, self.max_body)
        if self._taps.current and environ.get("wsgi.input_terminated"):
            return self._tapped(request, start_response)
        return self._respond(request, start_response)

    def _respond(self, request: Request, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter() if self._observers.current else 0.0
        environ = request.environ
        try:
            dialect, reply, error = self._reply(request)
        except NoAnswer as cut:
            if self._observers.current:
                self._observe(request, "http", cut, started)
            raise
        except HTTPException as refusal:
            if self._observers.current:
                self._observe(request, "http", refusal, started)
            return refusal.get_response(environ)(environ, start_response)
        if self._observers.current:
            self._observe(request, dialect.name, error, started, len(reply.body))
        headers = list(reply.headers)
        if reply.content_type:
            headers[:0] = [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))]
        start_response(reply.status, headers)
        return [] if request.method == "HEAD" else [reply.body]

    def _tapped(self, request: Request, start_response: StartResponse) -> Iterable[bytes]:
        """The same, with the bytes of request and answer for those who listen."""
        environ = request.environ
        told: list[tuple[int, list[tuple[str, str]]]] = []
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            told[:] = [(int(status[:3]), list(headers))]
            return start_response(status, headers, exc_info)

        answer = b"".join(self._respond(request, start))
        target = environ.get("RAW_URI") or quote(request.path.encode("latin-1"))
        if "?" not in target and environ.get("QUERY_STRING"):
            target = f"{target}?{environ['QUERY_STRING']}"
        faults = request.call.faults if request.call is not None else ()
        moment = self.clock.moment()
        passed = RawExchange(request.method, target, header_fields(environ), body, *told[0], answer, moment, faults)
        self._taps.notify(self.errors, passed)
        return [answer]

    def _reply(self, request: Request) -> tuple[Dialect, Reply, Exception | None]:
        try:
            dialect, request.route, request.arguments = self._target(request)
        except HTTPException as refusal:
            if self._json is None or request.media_type not in JSON_TYPES:
                raise
            return self._json, self._json.render_unrouted(request, refusal), refusal
        return dialect, *self._answer(dialect, request)

    def _answer(self, dialect: Dialect, request: Request) -> tuple[Reply, Exception | None]:
        """The one error boundary: what a call raises, and what cannot be rendered, goes out in the call's dialect."""
        try:
            request.call = call = dialect.parse(request)
            call.watched = bool(self._change_observers.current)
            for guard in self._guards.current:
                guard(request, call)
            request.value = value = dialect.perform(request, call)
            return dialect.render(request, value), None
        except (HTTPException, NoAnswer):
            raise
        except Exception as error:
            return dialect.render_error(request, error), error

    def _target(self, request: Request) -> Target:
        """The route of a path; raises werkzeug's NotFound or MethodNotAllowed."""
        target: Target | None = self._targets.get(request.path)
        if target is None:
            path = self._rest.path(request)
            target = self._targets.get(path) or self._matched(request, path)
            # werkzeug's matching costs 10 µs; paths come from outside, so their number is limited
            if len(self._targets) < MAX_PATHS:
                # with several REST add-ons another request of the same path may be for another one
                self._targets[path if self._rest.several else request.path] = target
        methods = target[1].methods
        if methods is not None and request.method not in methods:
            raise target[0].wrong_verb(methods)
        if methods is not None and request.method == "OPTIONS":
            raise HTTPException(response=Response(headers={"Allow": ", ".join(sorted(methods))}))
        return target

    def _matched(self, request: Request, path: str) -> Target:
        try:
            (dialect, route), arguments = self._map.bind_to_environ(request.environ).match(path, method="POST")
        except RequestRedirect as redirect:  # to the path as the client knows it, not to its place in the map
            redirect.new_url = redirect.new_url.replace(path[: len(path) - len(request.path)], "", 1)
            raise
        return dialect, route, dict(arguments)

    def _observe(self, request: Request, dialect: str, error: Exception | None, started: float, sent: int = 0) -> None:
        milliseconds = (time.perf_counter() - started) * 1000
        outcome = "ok" if error is None else type(error).__name__
        asked, size = f"{request.method} {request.path}", sent + request.length
        exchange = Exchange(dialect, asked, outcome, milliseconds, request.call, error, request.value, size)
        self._observers.notify(self.errors, exchange)


def header_fields(environ: Mapping[str, Any]) -> dict[str, str]:
    """The headers of a request, names in lower case with dashes."""
    found = {k[5:].lower().replace("_", "-"): str(value) for k, value in environ.items() if k.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        found["content-type"] = str(environ["CONTENT_TYPE"])
    return found


def create_app(
    fixtures: Iterable[str] = (),
    *,
    profile: str = profiles.DEFAULT,
    db: str | Iterable[str] = "mock",
    login: str = "admin",
    password: str = "admin",
    master_password: str = "admin",
    clock: Clock | None = None,
    api_key: str | None = None,
    rest: str | Iterable[str] | None = None,
    demo: bool = True,
) -> App:
    """A server with its databases loaded, as the plain WSGI callable for any WSGI server.

    `fixtures`: bundled packs or paths of JSON files, loaded after the base data.  `db`: one name or several.
    `api_key`: a key of the administrator in each of them.  `rest`: the REST add-ons by name, one or several, `all`
    or `none`; that of the profile unless given.  `demo`: whether the databases have demonstration data.
    Raises `UnknownProfile`, `UnknownFlavour`, `NoApiKeys`, and what the
    loading of a fixture raises.
    """
    from mockserver.seed import build as seed  # the one module above this one that it needs, and only here

    chosen, clock = profiles.get(profile).with_demo(demo), clock or Clock()
    added = rest_registry.select(rest, chosen)
    packs = [*(pack for dialect in added for pack in dialect.packs), *fixtures]

    def build(name: str, login: str, password: str, demo: bool = demo) -> Database:
        return seed.build(
            name, profile=chosen.with_demo(demo), fixtures=packs, login=login, password=password, clock=clock
        )

    def factory(name: str, login: str, password: str, lang: str, demo: bool, country_code: str | None) -> Database:
        database = build(name, login, password, demo)
        localise(database, lang, country_code)
        return database

    app = App(chosen, clock, factory, master_password, rest=added)
    for name in [db] if isinstance(db, str) else db:
        database = build(name, login, password)
        if api_key is not None:
            apikeys.ensure_key(database, chosen.admin_id, api_key)
            database.store.forget()
        app.databases.add(database)
    return app
