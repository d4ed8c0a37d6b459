"""The WSGI callable: the URL map, the error boundary, and the state of one server."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
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
from mockserver.dialects.rpc.json2 import Json1, Json2
from mockserver.dialects.rpc.jsonrpc import JsonRpc
from mockserver.dialects.rpc.start import Start
from mockserver.dialects.rpc.xmlrpc import XmlRpc
from mockserver.dialects.web.client import Client
from mockserver.dialects.web.client_calls import ClientCalls
from mockserver.dialects.web.databases import DatabasePages
from mockserver.dialects.web.dataset import Dataset
from mockserver.dialects.web.downloads import Downloads
from mockserver.dialects.web.files import Files
from mockserver.dialects.web.hooks import Hooks
from mockserver.dialects.web.login import Login
from mockserver.dialects.web.reports import Reports
from mockserver.dialects.web.web import Web
from mockserver.orm.database import Database
from mockserver.profiles import Profile
from mockserver.server.exchange import Exchange, NoAnswer, RawExchange
from mockserver.server.listeners import Errors, Listeners, Stop
from mockserver.server.webhooks import Sender
from mockserver.services import Call, Databases, Services, Sessions, apikeys
from mockserver.services.db import DatabasesSnapshot, Factory
from mockserver.services.localise import localise
from mockserver.services.sessions import Session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from mockserver.durable.folder import DataFolder

DIALECTS: tuple[type[Dialect], ...] = (
    XmlRpc, JsonRpc, Web, Login, Dataset, Client, ClientCalls, Downloads, DatabasePages, Files, Hooks, Reports, Json2,
    Json1, Doc,
    Start,
)  # fmt: skip
_PAGE_HEAD = b"<!doctype html>\n<html lang=en>\n"
_OLD_PAGE_HEAD = b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n'
MAX_PATHS = 512  # paths whose route is cached

Target = tuple[Dialect, Route, dict[str, Any]]
Guard = Callable[[Request, Call], object]
Observer = Callable[[Exchange], object]
Tap = Callable[[RawExchange], object]


@dataclass(frozen=True)
class AppSnapshot:
    """The state that `App.restore` restores."""

    databases: DatabasesSnapshot
    sessions: dict[str, tuple[Session, datetime]]


class App:
    """One server: its databases, its sessions, and the WSGI callable.  Safe to call from several threads.

    `guard`, `observe` and `tap` register a function for each request, and return a function that unregisters it.
    `max_body` is the largest request body in bytes; `rest` are the REST add-ons that are served.
    `errors` are internal errors, such as those raised by observers.  `webhooks` sends those of automations.
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
        self.webhooks = Sender(self.errors)
        self.databases.extend(self._connect)
        self._guards: Listeners[Guard] = Listeners()
        self._observers: Listeners[Observer] = Listeners()
        self._change_observers: Listeners[Observer] = Listeners()  # observers that need the changed records
        self._taps: Listeners[Tap] = Listeners()
        self.folder: DataFolder | None = None  # keeps the state
        self.restores = 0  # how often a state was restored
        services = Services(self.databases, self.sessions)
        added = [dialect(services, profile) for dialect in rest]
        dialects = [*(dialect(services, profile) for dialect in DIALECTS), *added]
        self._routes = [(dialect, route) for dialect in dialects for route in dialect.offered()]
        # answers JSON sent to unknown URLs, in servers that answer it in JSON
        self._json = JsonRpc(services, profile) if profile.rules.json_errors_for_unknown_urls else None
        self._map = _url_map(tuple(route.rule for _, route in self._routes))
        self._rest = RestRouter(added)
        self._targets: dict[str, Target] = {}

    def _connect(self, database: Database) -> None:
        database.deliver = self.webhooks.deliver

    # -- functions called with each request

    def guard(self, function: Guard, *, first: bool = False) -> Stop:
        """Register a function to be called with each request and its `Call` before the call is performed.

        With `first` it comes before the other guards.  If it raises, the exception is sent in place of the answer.
        Returns a function that unregisters it.
        """
        return self._guards.add(function, first=first)

    @property
    def guarded(self) -> bool:
        """Whether there is a guard."""
        return bool(self._guards.current)

    def observe(self, function: Observer, *, changes: bool = False) -> Stop:
        """Register a function to be called with the `Exchange` of every request, in the thread that answers it.

        With `changes` each call records which records it changes.  Exceptions of the function are added to `errors`
        and do not affect the answer.  Returns a function that unregisters it.
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
        """Register a function to be called with the bytes of every request and its answer; otherwise like `observe`."""
        return self._taps.add(function)

    # -- state

    def snapshot(self) -> AppSnapshot:
        """Return the current state of databases and sessions, for `restore`."""
        return AppSnapshot(self.databases.snapshot(), self.sessions.snapshot())

    def restore(self, snapshot: AppSnapshot) -> None:
        """Restore databases and sessions; the cost depends only on what changed since."""
        self.restores += 1
        self.databases.restore(snapshot.databases)
        self.sessions.restore(snapshot.sessions)

    # -- requests

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a WSGI request.  Exceptions raised here are bugs of mockserver, never errors of a call."""
        request = Request(environ, self.max_body)
        if self._taps.current and environ.get("wsgi.input_terminated"):
            return self._tapped(request, start_response)
        return self._respond(request, start_response)

    def _respond(self, request: Request, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()
        try:
            dialect, reply, error = self._reply(request)
        except (NoAnswer, HTTPException) as refusal:
            self._tell(request, "http", refusal, started)
            if isinstance(refusal, NoAnswer):
                raise
            environ = request.environ
            return self._page(refusal, environ)(environ, start_response)
        self._tell(request, dialect.name, error, started, len(reply.body))
        headers = list(reply.headers)
        if reply.content_type:
            headers[:0] = [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))]
        start_response(reply.status, headers)
        return [] if request.method == "HEAD" else [reply.body]

    def _page(self, refusal: HTTPException, environ: WSGIEnvironment) -> Response:
        """Return the page for an error; older servers run an older werkzeug, whose pages begin in another way."""
        response = refusal.get_response(environ)
        if self.profile.rules.old_error_pages and refusal.response is None:
            body = response.get_data()
            if body.startswith(_PAGE_HEAD):
                response.set_data(_OLD_PAGE_HEAD + body[len(_PAGE_HEAD) :])
                response.content_type = self.profile.rules.page_content_type
        return response

    def _tapped(self, request: Request, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request like `_respond`, and pass its bytes and those of the answer to the taps."""
        environ = request.environ
        head: list[tuple[int, list[tuple[str, str]]]] = []
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            head[:] = [(int(status[:3]), list(headers))]
            return start_response(status, headers, exc_info)

        answer = b"".join(self._respond(request, start))
        target = environ.get("RAW_URI") or quote(request.path.encode("latin-1"))
        if "?" not in target and environ.get("QUERY_STRING"):
            target = f"{target}?{environ['QUERY_STRING']}"
        faults = request.call.faults if request.call is not None else ()
        moment = self.clock.moment()
        exchange = RawExchange(request.method, target, header_fields(environ), body, *head[0], answer, moment, faults)
        self._taps.notify(self.errors, exchange)
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
        """Return the answer and its error; the dialect answers what the call or the rendering of its value raises."""
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
        """Return the dialect and route of a request; raises werkzeug's NotFound or MethodNotAllowed."""
        target: Target | None = self._targets.get(request.path)
        if target is None:
            path = self._rest.path(request)
            target = self._targets.get(path) or self._matched(request, path)
            # werkzeug's matching takes 10 µs; clients choose the paths, so the cache is limited
            if len(self._targets) < MAX_PATHS:
                # with several REST add-ons, requests with the same path may be for different ones
                self._targets[path if self._rest.several else request.path] = target
        methods = target[1].methods
        if methods is not None and request.method not in methods:
            raise target[0].wrong_verb(methods)
        if methods is not None and request.method == "OPTIONS":
            raise HTTPException(response=Response(headers={"Allow": ", ".join(sorted(methods))}))
        return target

    def _matched(self, request: Request, path: str) -> Target:
        try:
            number, arguments = self._map.bind_to_environ(request.environ).match(path, method="POST")
        except RequestRedirect as redirect:  # redirect to the client's path, not to the internal one
            redirect.new_url = redirect.new_url.replace(path[: len(path) - len(request.path)], "", 1)
            raise
        return *self._routes[number], dict(arguments)

    def _tell(self, request: Request, dialect: str, error: Exception | None, started: float, sent: int = 0) -> None:
        """Tell the observers, if there are any; this, and that they keep it, is what a journal costs a call."""
        if not self._observers.current:
            return
        seconds, call, database, user = time.perf_counter() - started, request.call, None, None
        if call is not None and (database := self.databases.of(call)) is not None and type(call.uid) is int:
            user = database.store.rows("res.users").get(call.uid)  # rows are never changed, only replaced
        values = (
            dialect, request.method, request.path, call, error, request.value, seconds, sent + request.length,
            database, user, self.clock.reading(), self.restores,
        )  # fmt: skip
        self._observers.notify(self.errors, tuple.__new__(Exchange, values))  # half of what a call of the class takes


class _Rule(Rule):
    """A rule that is matched only: what builds URLs from it, most of the time that a rule takes, is not made."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return _builds_nothing


def _builds_nothing(*args: Any) -> tuple[str, str]:
    raise NotImplementedError


@lru_cache(maxsize=64)
def _url_map(rules: tuple[str, ...]) -> Map:
    """Return the map of these rules, whose endpoints are their positions."""
    return Map([_Rule(rule, endpoint=number) for number, rule in enumerate(rules)], strict_slashes=False)


def header_fields(environ: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a request, names in lower case with dashes."""
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
    allow_webhooks: bool = False,
    data: str | Path | None = None,
    sync: bool = True,
) -> App:
    """Return a server with its databases loaded, as a WSGI callable for any WSGI server.

    `fixtures`: bundled packs or paths of JSON files, loaded after the base data.  `db`: one name or several.
    `api_key`: a key of the administrator in each of them.  `rest`: the REST add-ons by name, one or several, `all`
    or `none`; the default is the profile's.  `demo`: whether the databases have demonstration data.
    `allow_webhooks`: whether webhooks of automations may go to other machines.  `data`: a folder that keeps the state,
    from which it comes if it is there; `sync`: each write is on the disk before it is answered.
    Raises `DataFolderError`, `UnknownProfile`, `UnknownFlavour`, `NoApiKeys`, and what the loading of a fixture raises.
    """
    from mockserver.seed import build as seed  # imported here, as the module is in a higher layer

    chosen, clock = profiles.get(profile).with_demo(demo), clock or Clock()
    added = rest_registry.select(rest, chosen)
    packs = [*(pack for dialect in added for pack in dialect.packs), *fixtures]

    def build(name: str, login: str, password: str, demo: bool = demo) -> Database:
        return seed.build(
            name, profile=chosen.with_demo(demo), fixtures=packs, login=login, password=password, clock=clock
        )

    def factory(
        name: str, login: str, password: str, lang: str, demo: bool | None, country_code: str | None
    ) -> Database:
        database = build(name, login, password) if demo is None else build(name, login, password, demo)
        localise(database, lang, country_code)
        return database

    app = App(chosen, clock, factory, master_password, rest=added)
    app.webhooks.allowed = allow_webhooks
    names = [db] if isinstance(db, str) else [*db]

    def fill(wanted: Iterable[str]) -> None:
        for name in wanted:
            app.databases.add(build(name, login, password))
        if api_key is not None:
            for database in app.databases.values():
                apikeys.ensure_key(database, chosen.admin_id, api_key)
                database.store.forget()

    if data is None:
        fill(names)
    else:
        from mockserver.durable.folder import DataFolder  # most servers keep nothing

        app.folder = DataFolder(Path(data), chosen, sync=sync)
        app.folder.serve(app.databases, app.sessions, names, packs, fill)
    return app
