"""Read models, access rights and records of a live server into one fixture."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.contract.live.client import Client
from mockserver.contract.live.errors import LiveError, RemoteError
from mockserver.contract.pull.assembly import Assembly
from mockserver.contract.pull.pulled_rows import PulledRows
from mockserver.contract.pull.reader import RIGHTS, Reader
from mockserver.contract.pull.schema_reader import ModelSchema, matching_models
from mockserver.contract.pull.scrub import Scrub
from mockserver.contract.pull.scrub_report import scrub_report
from mockserver.contract.pull.server_profile import profile_of
from mockserver.contract.pull.source import Checkpoint, LiveSource, Progress, PullError, or_none
from mockserver.orm.database import Database
from mockserver.profiles import Profile
from mockserver.saving import save
from mockserver.seed import build as seed
from mockserver.seed.files import Fixture, nearest


@dataclass(frozen=True)
class Wanted:
    """What to pull.

    `models`: names or patterns.  `domains`: by model, `""` for all other models.  `limit`: records of each
    model.  `related`: the depth to which references are followed.
    """

    models: Sequence[str]
    domains: Mapping[str, list[Any]] = field(default_factory=dict)
    limit: int | None = None
    related: int = 1
    schema_only: bool = False


@dataclass
class Pulled:
    """A fixture with notes for readers, and what a scrub kept and replaced."""

    fixture: Fixture
    notes: list[str]
    kept: list[str]
    replaced: list[str]
    records: int
    calls: int


def pull(
    client: Client,
    wanted: Wanted,
    target: Path,
    *,
    scrub: Scrub | None = None,
    profile: str | None = None,
    rate: float | None = None,
    resume: bool = False,
    progress: Progress = lambda done, total: None,
) -> Pulled:
    """Read a live server and write the fixture `target`, completely or not at all.

    An interrupted pull leaves `<target>.pull.part`, from which `resume` continues.  Raises `PullError`, `LiveError`,
    ValueError (an invalid scrub) and OSError.
    """
    checkpoint = Checkpoint(_part(target), _identity(client, wanted, scrub, profile), resume)
    try:
        live = LiveSource(client, rate)
        server = checkpoint.once(["server"], lambda: _read_server(client, live))
        server_profile = profiles.get(profile) if profile else profile_of(server["version"], server["package"])
        pulled = _Pull(live, checkpoint, wanted, scrub, server_profile, server, progress).run()
        save(target, json.dumps(pulled.fixture, indent=2, ensure_ascii=False) + "\n")
        pulled.calls = live.calls
    except (PullError, ValueError):  # a resumed pull would fail in the same way
        checkpoint.forget()
        raise
    except BaseException:
        checkpoint.close()
        raise
    checkpoint.forget()
    return pulled


def _part(target: Path) -> Path:
    return target.with_name(f"{target.name}.pull.part")


def _identity(client: Client, wanted: Wanted, scrub: Scrub | None, profile: str | None) -> dict[str, Any]:
    """Return the settings that must be equal to resume a pull; the protocol may differ."""
    key = scrub.alike.scrambler.tag("key") if scrub else None
    return {
        "server": [client.url, client.db, client.login, profile],
        "wanted": dataclasses.asdict(wanted),
        "scrub": scrub and [key, *scrub.keep, "", *scrub.also],
    }


def _read_server(client: Client, live: LiveSource) -> dict[str, Any]:
    """Read the version of the server and the details of the user."""
    live.wait()
    version = client.version()
    live.wait()
    uid = client.uid  # logs in
    user = or_none(
        lambda: live("res.users", "read", [[uid], ["company_id", "company_ids"]], {"load": "_classic_write"})
    )
    name = or_none(lambda: live("res.users", "fields_get", [], {"attributes": ["type"]})) or {}
    groups = next((key for key in ("group_ids", "groups_id") if key in name), None)
    of_user = groups and or_none(lambda: live("res.users", "read", [[uid], [groups]], {}))
    return {
        "version": version,
        "package": _package(client, live),
        "uid": uid,
        "company": user[0]["company_id"] if user else None,
        "companies": sorted(user[0]["company_ids"], key=user[0]["company_id"].__ne__) if user else [],
        "groups": of_user[0][groups] if of_user else [],
        "moment": datetime.now(timezone.utc).replace(tzinfo=None).isoformat(),
    }


def _package(client: Client, live: LiveSource) -> str:
    """Return the root package of the server's error classes, `odoo` or another product's."""
    live.wait()
    try:
        client.service("object", "execute_kw", [client.db, 0, "", "no.model", "no_method", []])
    except RemoteError as error:
        return error.name.partition(".")[0]
    except LiveError:
        pass
    return "odoo"


class _Pull:
    """One run: reads everything, then assembles the fixture."""

    def __init__(
        self,
        live: LiveSource,
        checkpoint: Checkpoint,
        wanted: Wanted,
        scrub: Scrub | None,
        profile: Profile,
        server: Mapping[str, Any],
        progress: Progress,
    ) -> None:
        self.wanted = wanted
        self.scrub = scrub
        self.profile = profile
        self.server = server
        self.base = seed.build("base", profile=profile, clock=Clock(seed="pull"))
        self.base_names = _external_ids(self.base)
        is_public = self.base_names.__contains__
        self.reader = Reader(live, checkpoint, scrub, is_public, wanted.related, server["companies"])
        self.pulled = PulledRows(self.reader, self.base_names, progress)
        self.notes: list[str] = []

    def run(self) -> Pulled:
        selected = matching_models(self.wanted.models, self.reader.listed)
        for name in self.wanted.domains:
            if name and name not in selected:
                raise PullError(f"there is a domain of {name}, which is not among the models{nearest(name, selected)}")
        schemas = {name: self._model(name) for name in selected}
        if not self.wanted.schema_only:
            self.pulled.gather(self._select_ids(schemas))
        schemas |= {n: r for n in sorted(self.pulled.rows) if n not in RIGHTS and (r := self.reader.model(n))}
        self._add_parents(schemas)
        self._gather_rights(schemas)
        assembly = Assembly(self.pulled, self.base, self.server)
        content = assembly.content(schemas)
        fixture = {
            "about": f"Pulled from a server of version {self.server['version'].get('server_version')}"
            f"{', personal data replaced' if self.scrub else ''}.",
            "profile": self.profile.name,
            **content,
        }
        assembly.check(fixture)
        kept, replaced = scrub_report(self.pulled, self.reader, self.scrub)
        left_out = [f"{r.name}: of unknown types: {', '.join(r.left_out)}" for r in schemas.values() if r.left_out]
        notes = [*self.notes, *assembly.notes, *left_out, *self.reader.notes]
        return Pulled(fixture, notes, kept, replaced, len(content["records"]), 0)

    # -- reading

    def _model(self, name: str) -> ModelSchema:
        schema = self.reader.model(name)
        if schema is None:
            raise PullError(f"the server has no model {name!r}, or this user may not see it")
        return schema

    def _select_ids(self, schemas: Mapping[str, ModelSchema]) -> dict[str, list[int]]:
        found = {}
        for name, schema in schemas.items():
            if schema.about.get("transient") or schema.about.get("abstract"):
                continue
            ids = self.reader.ids(name, self._domain(name), self.wanted.limit)
            if ids is None and name in self.wanted.models:
                raise PullError(f"the server does not let this user search {name}, or not with that domain")
            found[name] = ids or []
        return found

    def _domain(self, name: str) -> list[Any]:
        return self.wanted.domains.get(name, self.wanted.domains.get("", []))

    def _add_parents(self, schemas: dict[str, ModelSchema]) -> None:
        """Add the models that others delegate to."""
        pending = list(schemas.values())
        while pending:
            for name in pending.pop().inherits:
                if name not in schemas and (schema := self.reader.model(name)):
                    schemas[name] = schema
                    pending.append(schema)

    def _gather_rights(self, schemas: Mapping[str, ModelSchema]) -> None:
        """Read access rights and record rules of the models, and their groups."""
        names = sorted(schemas)
        found = {
            table: self.reader.ids(table, [("model_id.model", "in", names)], None)
            for table in ("ir.model.access", "ir.rule")
        }
        for table, ids in found.items():
            if ids is None:
                self.notes.append(
                    f"{table}: this user may not read it; in the fixture every internal user has all rights"
                )
        self.pulled.gather({table: ids for table, ids in found.items() if ids}, depth=self.wanted.related)


def _external_ids(database: Database) -> dict[str, tuple[str, int]]:
    """Return external id → model, id."""
    rows = database.store.rows("ir.model.data").values()
    return {f"{row['module']}.{row['name']}": (row["model"], row["res_id"]) for row in rows if row.get("res_id")}
