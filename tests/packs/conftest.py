"""What the tests of packs share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment


@pytest.fixture
def env(database: Database) -> Iterator[Environment]:
    """The administrator's environment of the module's database, on a day in 2024; what a test changes is undone."""
    database.clock.freeze("2024-05-17 12:00:00")
    snapshot = database.snapshot()
    yield database.env(database.profile.admin_id)
    database.restore(snapshot)
