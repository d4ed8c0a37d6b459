"""`MockServer`: a running server as one object, for tests and scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from mockserver import profiles
from mockserver.addons.base.res_users_apikeys import KEY_LENGTH
from mockserver.clock import Clock
from mockserver.server.app import App, create_app
from mockserver.server.serving import KeepAliveServer
from mockserver.services.apikeys import ensure_key
from mockserver.testing.kit import Kit

if TYPE_CHECKING:
    from typing_extensions import Self

    from mockserver.control import Control


RENEW_SECONDS = 1.0  # how long a call of the test before may go on
TOKEN_SEED = "mockserver"  # for the tokens, unless a clock is given


def _administrator(app: App, name: str, login: str, password: str) -> tuple[str, str]:
    """Return login and password of a database's administrator, which a folder may have kept; else those given."""
    database = app.databases.get(name) if app.folder is not None else None
    row = database and database.store.get("res.users", app.profile.admin_id)
    return (row.get("login") or login, row.get("password") or password) if row else (login, password)


class MockServer(Kit):
    """A stateful mock of an Odoo server: clients use it at `url`, a test prepares and checks its data with `env`.

        with MockServer() as odoo:
            partner = odoo.env["res.partner"].create({"name": "Azure Interior"})
            call_the_code_under_test(**odoo.environ())
            assert partner.email == "azure@example.com"

    `fixtures`: names of bundled packs, paths of JSON files, or folders of add-ons, loaded after the base data.
    `models`: model classes (`class Order(models.Model)`) that each database has from the start.
    `db`: the database's name, or several; `env` uses the first.
    `port` 0 takes any free one.  `api_key`: a key of the user from the start.  `rest`: the REST add-ons by name,
    one or several, `all` or `none`; the default is the profile's.
    `demo`: whether the databases have demonstration data.
    `journal`: how many calls `calls` keeps, False for none.  `strict`: calls of unknown models, methods or fields
    fail the test, with a message that says what to add.  `control`: the control API and page under `/_mock/`, for
    this machine only, under local names and those of `allow_host`; with a `control_token` for everybody who sends it
    as `Authorization: Bearer`, and for nobody else.  `allow_webhooks`: whether webhooks of automations may go to other
    machines.  `data`: a folder that keeps the state; what it has takes precedence over `fixtures`, `login` and so on.
    `sync`: each write is on the disk before it is answered.
    Raises ValueError (`DataFolderError`, `FixtureError`, `ModelError`, `UnknownProfile`, `UnknownFlavour`,
    `NoApiKeys`, a bad name) or `DatabaseExists`; `start` raises `CannotListen`.
    """

    def __init__(
        self,
        *,
        profile: str = profiles.DEFAULT,
        fixtures: Iterable[str] = (),
        models: Iterable[type] = (),
        db: str | Iterable[str] = "mock",
        host: str = "127.0.0.1",
        port: int = 0,
        login: str = "admin",
        password: str = "admin",
        master_password: str = "admin",
        clock: Clock | None = None,
        api_key: str | None = None,
        rest: str | Iterable[str] | None = None,
        demo: bool = True,
        journal: int | bool = True,
        strict: bool = False,
        control: bool = False,
        control_token: str | None = None,
        allow_host: Iterable[str] = (),
        allow_webhooks: bool = False,
        data: str | Path | None = None,
        sync: bool = True,
    ) -> None:
        names = [db] if isinstance(db, str) else list(db)
        if not names:
            raise ValueError("db is empty: a server has at least one database")
        allow_host = tuple(allow_host)
        if not control and (control_token is not None or allow_host):
            raise ValueError("control_token and allow_host have no effect without control=True")
        if not sync and data is None:
            raise ValueError("sync has no effect without data")
        app = create_app(
            tuple(fixtures),
            profile=profile,
            db=names,
            login=login,
            password=password,
            master_password=master_password,
            clock=clock or Clock(seed=TOKEN_SEED),
            api_key=api_key,
            rest=rest,
            demo=demo,
            allow_webhooks=allow_webhooks,
            data=data,
            sync=sync,
        )
        first = next((name for name in (*names, *app.databases) if name in app.databases), names[0])
        super().__init__(app, first, *_administrator(app, first, login, password), journal)
        self.master_password = app.databases.master_password
        self.host = host
        self.port = port
        self._http: KeepAliveServer | None = None
        self._api_key = api_key
        self._api_key_exposed = api_key is not None
        self._control = self._new_control(control_token, allow_host) if control else None
        if self._control is not None:
            self.parts.append(self._control)
        for model in models:
            self.model(model)
        if strict:
            self.strict.start()

    def _new_control(self, token: str | None, hosts: Iterable[str]) -> Control:
        from mockserver.control import Control  # imported only when used: most tests do not need it
        from mockserver.control.access import Access

        return Control(self, self.reset, Access(token, hosts))

    def __repr__(self) -> str:
        state = self.url if self.running else "stopped"
        return f"<MockServer {state} db={self.db} profile={self.profile.name}>"

    # -- start and stop --------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Listen and answer in background threads; ready on return.  `reset` restores the state of the first start.

        Raises RuntimeError for a server with `data` that was stopped: its folder is free for others.
        """
        if self.app.folder is not None and self.app.folder.closed:
            raise RuntimeError("a server that keeps its state in a folder is started once: make another one")
        if self._http is None:
            http = KeepAliveServer(self._control or self.app, self.host, self.port)
            http.errors = self.errors
            http.start()
            self._http = http
            self.port = http.port  # a second start uses the same port, which the clients know
        self.remember()
        return self

    def stop(self, seconds: float | None = None) -> None:
        """Close the port, complete the answers in progress, close every connection; `env` can still be used.

        `seconds`: how long to wait for calls that are running, two by default.
        """
        self.up()
        self.faults.release()
        if self._http is not None:
            http, self._http = self._http, None
            http.stop(seconds)
        if self.app.folder is not None:
            self.app.folder.close()

    def _close_port(self) -> None:
        if self._http is not None:
            self._http.pause()

    def _open_port(self) -> None:
        if self._http is not None:
            self._http.resume()

    @property
    def running(self) -> bool:
        """Whether the server answers."""
        return self._http is not None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        if error is None:
            self.raise_errors()
        elif sys.version_info >= (3, 11):  # the server's own findings may be the reason of the failure
            for text in (*(f"the server's own error: {own!r}" for own in self.errors[:1]), *self.problems()):
                error.add_note(text)

    def raise_errors(self) -> None:
        """Raise the first internal error, if any, and forget all; else raise AssertionError if there are `problems`."""
        errors, self.errors[:] = list(self.errors), []
        if errors:
            raise errors[0]
        problems = self.problems()
        if problems:
            raise AssertionError("\n\n".join(problems))

    def reset(self) -> None:
        """Restore every database to the first `start` and forget all calls; the cost depends only on what changed."""
        if self._at_start is not None:
            self.app.restore(self._at_start)
        self._api_key_exposed = self._api_key is not None
        self.begin()
        self.errors.clear()

    def renew(self) -> bool:
        """Reset the server for the next test, if it is of use to one.

        It is not if it was stopped, if its thread ended or its socket was closed, and while a call that never ends
        holds a database.
        """
        if self._http is None or not self.app.databases.free(RENEW_SECONDS):
            return False
        self.reset()
        return self._http.alive

    # -- what a client needs -----------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The address, such as `http://127.0.0.1:40123`; raises RuntimeError while stopped."""
        if self._http is None:
            raise RuntimeError("the server is not running: use `with MockServer() as odoo:` or call start()")
        return self._http.url

    @property
    def base_url(self) -> str:
        """`url` while the server runs, else `http://mockserver.test`, for clients that need no socket."""
        return super().base_url if self._http is None else self._http.url

    @property
    def api_key(self) -> str:
        """An API key of the user with the login `login`, the same for the lifetime of the server.

        Created at the first use, unless it was given.  Raises `NoApiKeys` where the profile has none.
        """
        key = self._api_key or self.clock.stable_token("api key", KEY_LENGTH)
        ensure_key(self.database(self.db), self.uid, key)  # again after a reset
        self._api_key_exposed = True
        return key

    def environ(self) -> dict[str, str]:
        """Return environment variables for a subprocess, under the names that client programs use.

        `ODOO_URL ODOO_DB ODOO_LOGIN ODOO_USER ODOO_PASSWORD`, and `MOCKSERVER_` with the same endings;
        `ODOO_API_KEY` too if the server was given a key or `api_key` was used.
        """
        values = {
            "URL": self.url,
            "DB": self.db,
            "LOGIN": self.login,
            "USER": self.login,
            "PASSWORD": self.password,
        }
        if self._api_key_exposed:
            values["API_KEY"] = self.api_key
        return {f"{head}_{name}": value for head in ("ODOO", "MOCKSERVER") for name, value in values.items()}
