"""What the stories share: a company without demonstration data in each version, as odoorpc sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import odoorpc
import pytest

from mockserver import MockServer

PROFILES = ["odoo-14.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"]
NOW = "2024-05-17 12:00:00"  # a Friday


class Story:
    """A server of one version, and an odoorpc client of it."""

    def __init__(self, server: MockServer) -> None:
        self.server = server
        self.version = server.profile.generation
        self.odoo = odoorpc.ODOO(server.host, port=server.port)
        self.odoo.login(server.db, server.login, server.password)
        self.env = self.odoo.env

    def create(self, model: str, /, **values: Any) -> Any:
        """Create a record and browse it."""
        return self.record(model, self.env[model].create(values))

    def wizard(self, model: str, records: Any, /, **values: Any) -> Any:
        """Create the record of a wizard that is opened on records; its methods have the same context."""
        context = {"active_model": records._name, "active_ids": records.ids, "active_id": records.ids[0]}
        wizards = self.env[model].with_context(**context)
        return wizards.browse(wizards.create(values))

    def record(self, model: str, ids: Any) -> Any:
        """Browse records; one that was changed elsewhere is browsed again to see it."""
        return self.env[model].browse(ids)

    def read(self, record: Any, *fields: str) -> Any:
        """Read fields of one record anew: a value, or a tuple of them."""
        (row,) = self.env[record._name].read(record.ids, list(fields))
        values = tuple(row[name] for name in fields)
        return values[0] if len(values) == 1 else values

    @contextmanager
    def refused(self, text: str, name: str = "") -> Iterator[None]:
        """Expect an error of the server that says this text."""
        with pytest.raises(odoorpc.error.RPCError, match=re.escape(text)) as caught:
            yield
        assert caught.value.info["data"]["name"].endswith(name)

    def by_version(self, answers: dict[int, Any]) -> Any:
        """Return the answer of the last version named that is not later than the server's."""
        return answers[max(first for first in answers if first <= self.version)]


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> str:
    """The version that a story is told of."""
    return str(request.param)


@pytest.fixture
def fixtures() -> list[str]:
    """The packs of a story; modules override it."""
    return ["business"]


@pytest.fixture
def story(profile: str, fixtures: list[str], mockserver_factory: Callable[..., MockServer]) -> Story:
    """An empty company in Brussels, on a Friday in 2024."""
    server = mockserver_factory(profile=profile, fixtures=fixtures, demo=False)
    server.clock.freeze(NOW)
    server.env.user.write({"tz": "Europe/Brussels"})  # which some versions have without demonstration data
    return Story(server)
