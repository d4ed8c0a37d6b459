"""`Kit`: the interface of a server for tests, with or without a socket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from mockserver.addons.base.res_users_apikeys import KEY_LENGTH
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import groups_field
from mockserver.seed.files import Fixture
from mockserver.seed.origins import xmlid_hint
from mockserver.server.app import App, AppSnapshot
from mockserver.services.apikeys import ensure_key
from mockserver.testing import state
from mockserver.testing.faults.armed import Armed, Faults
from mockserver.testing.faults.fault import Spec
from mockserver.testing.faults.outage import Outage
from mockserver.testing.journal import SIZE, Journal
from mockserver.testing.journal.assertions import Assertions
from mockserver.testing.journal.changes import Changes
from mockserver.testing.outbox import Outbox
from mockserver.testing.overrides import Overrides
from mockserver.testing.overrides.behaviour import Behaviour
from mockserver.testing.part import Part
from mockserver.testing.strict import Strict
from mockserver.testing.strict.allowed import Allowed
from mockserver.testing.transports import Transports
from mockserver.testing.transports.inprocess import InProcess
from mockserver.testing.webhooks import Webhooks

Name = TypeVar("Name")


@dataclass(frozen=True)
class User:
    """A user who can log in: `execute_kw(db, user.uid, user.password, …)`; `env` is the database as they see it."""

    uid: int
    login: str
    password: str
    env: Environment

    @property
    def api_key(self) -> str:
        """An API key of the user, created at the first use.  Raises `NoApiKeys` where the profile has none."""
        database = self.env.db
        key = database.clock.stable_token(f"api key of {self.login}", KEY_LENGTH)
        ensure_key(database, self.uid, key)
        return key


# what an authenticator app of `Kit.user(two_factor=True)` would be given
TOTP_SECRET = "JBSWY3DPEHPK3PXP"


class Kit(Assertions, Behaviour, Transports):
    """The test kit of an app; `MockServer` is one with a socket.

    `db` is the database of `env`; `login` and `password` are those of its administrator.
    `calls` is the journal, of at most `journal` calls; `changes` are the records that the test changed; `outbox` is the
    mail that was sent, `webhooks` are those of automations.
    """

    def __init__(self, app: App, db: str, login: str, password: str, journal: int | bool = SIZE) -> None:
        self.app = app
        self.profile = app.profile
        self.db = db
        self.login = login
        self.password = password
        self.calls = Journal(app, journal)
        self.changes = Changes(app)
        self.allowed = Allowed(app)
        self.strict = Strict(app)
        self.faults = Faults(app)
        self.overrides = Overrides(app)
        self.outbox = Outbox(app)
        self.webhooks = Webhooks(app, self.faults)
        # in the order in which their problems are reported
        self.parts: list[Part] = [
            self.calls, self.changes, self.allowed, self.strict, self.faults, self.overrides, self.outbox,
            self.webhooks,
        ]  # fmt: skip
        self.outage: Outage | None = None
        # errors in the server itself, in order; a client saw an error 500 instead, or nothing
        self.errors = app.errors
        self.inprocess = InProcess(app, lambda: self.outage is not None and not self.outage.over)
        # where `save` writes the state; no client can change it
        self.save_file: Path | None = None
        self._at_start: AppSnapshot | None = None

    def remember(self) -> None:
        """Keep the present state for `reset`, unless there is one already."""
        if self._at_start is None:
            self._at_start = self.app.snapshot()
            self.changes.begin()
            self.clock.remember()

    def begin(self) -> None:
        """Reset to the state before a test."""
        self.clock.reset()
        for part in self.parts:
            part.begin()
        self.up()

    def problems(self) -> list[str]:
        """Return, as texts, what must fail the test although its client saw no error."""
        return [problem for part in self.parts for problem in part.problems()]

    # -- clock, users and databases ----------------------------------------------------------------

    @property
    def clock(self) -> Clock:
        """The server's time: `freeze`, `tick`, `thaw`."""
        return self.app.clock

    @property
    def uid(self) -> int:
        """The id of the user with the login `login`."""
        return self.profile.admin_id

    @property
    def env(self) -> Environment:
        """The administrator's environment on the first database: `odoo.env["res.partner"].search([...])`."""
        return self.database(self.db).env(self.uid)

    def user(
        self,
        login: str,
        groups: Iterable[str] = ("base.group_user",),
        password: str | None = None,
        *,
        name: str | None = None,
        company: Recordset | str | None = None,
        companies: Iterable[Recordset | str] = (),
        two_factor: bool = False,
    ) -> User:
        """Return a new user: `odoo.user("sales@x", groups=["base.group_user"]).env["sale.order"].search([])`.

        The password is the login unless given.  `groups` are external ids, companies records or external ids:
        `company` is the current one (the main one by default), `companies` are others that the user may choose.
        `two_factor`: two-factor authentication is on, so RPC takes an API key and no password.  Raises ValueError for
        an unknown external id and for `two_factor` before 14.0, and what the server raises for a login that exists.
        """
        env = self.env.sudo()
        if two_factor and "totp_secret" not in env["res.users"]._model.fields:
            raise ValueError(f"{env.db.profile.name} has no two-factor authentication; Odoo has it since 14.0")
        own = self.ref("base.main_company") if company is None else self._record(company)
        allowed = [own._ids[0], *(self._record(other)._ids[0] for other in _several(companies))]
        values = {
            "login": login,
            "name": name or login,
            "password": password or login,
            groups_field(env): [(6, 0, [self.ref(group)._ids[0] for group in _several(groups)])],
            "company_id": own._ids[0],
            "company_ids": [(6, 0, allowed)],
        }
        if two_factor:
            values["totp_secret"] = TOTP_SECRET
        created = env["res.users"].create(values)
        return User(int(created.id), login, password or login, self.database(self.db).env(int(created.id)))

    def _record(self, record: Recordset | str) -> Recordset:
        return self.ref(record) if isinstance(record, str) else record

    def ref(self, xmlid: str) -> Recordset:
        """Return the record of an external id such as `base.main_company`; raises ValueError for an unknown one."""
        if not isinstance(xmlid, str):
            raise ValueError(f"an external id is a text such as 'base.main_company', not {xmlid!r}")
        env = self.env
        record = env.ref(xmlid, raise_if_not_found=False)
        if record is None:
            raise ValueError(f"there is no record with the external id {xmlid!r}{xmlid_hint(env.db, xmlid)}")
        return record

    def database(self, name: str) -> Database:
        """Return the database of that name; if there is none, create it from the same fixtures and with the same login.

        Raises ValueError for an invalid name.
        """
        found = self.app.databases.get(name)
        return found or self.app.databases.create(name, self.login, self.password, "en_US")

    # -- faults ------------------------------------------------------------------------------------

    def fail(
        self,
        model: str,
        method: str,
        fault: Spec,
        *,
        dialect: str | None = None,
        nth: int | None = None,
        every: int | None = None,
        times: int | None = None,
        probability: float | None = None,
        seed: int = 0,
        required: bool = True,
        known: bool = True,
    ) -> Armed:
        """Let calls of a method fail: `odoo.fail("res.partner", "create", UserError("…"), times=1)`.

        `fault` and the keywords are those of `faults.add`.
        """
        return self.faults.add(
            fault, model=model, method=method, dialect=dialect, nth=nth, every=every, times=times,
            probability=probability, seed=seed, required=required, known=known,
        )  # fmt: skip

    def down(self, seconds: float | None = None) -> Outage:
        """Make the server unreachable at once: for this many seconds, else until `up()` or the end of a `with` block.

        New connections are refused and open ones are closed.  Raises RuntimeError while it is down.
        """
        if self.outage is not None and not self.outage.over:
            raise RuntimeError("the server is already down")
        self.outage = Outage(self._close_port, self._open_port, seconds)
        return self.outage

    def up(self) -> None:
        """Make the server reachable again, if it is down."""
        if self.outage is not None:
            self.outage.up()
            self.outage = None

    def _close_port(self) -> None:
        """Do nothing, since there is no port: transports check `outage`."""

    def _open_port(self) -> None:
        """Do nothing, since there is no port."""

    # -- state -------------------------------------------------------------------------------------

    def snapshot(self) -> state.Checkpoint:
        """Return a snapshot of the present state: `with odoo.snapshot(): …`, or call its `restore()`."""
        return state.Checkpoint(self.app)

    def load(self, fixture: str | Path | Mapping[str, Any]) -> None:
        """Add the data of a pack, a JSON file or parsed JSON to the first database; raises FixtureError."""
        state.load(self.database(self.db), fixture)

    def export(self, path: str | Path | None = None) -> Fixture:
        """Return the state of the first database as a fixture, beside its packs; also write it to `path`, if given."""
        return state.export(self.database(self.db), path)

    def save(self) -> bool:
        """Write that state to `save_file`; return False if the server has no such file.  Raises OSError."""
        if self.save_file is not None:
            self.export(self.save_file)
        return self.save_file is not None


def _several(names: Iterable[Name]) -> Iterable[Name | str]:
    """Return one name as a list: its letters are no names."""
    return [names] if isinstance(names, str) else names
