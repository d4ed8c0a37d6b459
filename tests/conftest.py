"""What several test modules use."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment
from mockserver.seed import build as seed
from tests.properties.budget import examples

# for properties that say nothing themselves
settings.register_profile("mockserver", examples(50))
settings.load_profile("mockserver")


def pytest_collection_finish() -> None:
    """Keep the collector from the tests themselves, thousands of them, and let it look less often at the rest."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture
def fixture_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a fixture with one partner for each name; gives its path."""

    def write(*names: str, path: str = "mine.json") -> Path:
        records = [
            {"model": "res.partner", "xmlid": f"mine.partner_{number}", "values": {"name": name}}
            for number, name in enumerate(names)
        ]
        (tmp_path / path).write_text(json.dumps({"records": records}))
        return tmp_path / path

    return write


@pytest.fixture(scope="module")
def base_database() -> Database:
    """The base pack with its demonstration data; what a test changes is undone by `env`."""
    return seed.build("t", profile=profiles.get("odoo-17.0").with_demo(True), clock=Clock())


@pytest.fixture
def env(base_database: Database) -> Iterator[Environment]:
    """The administrator on the base pack, as it is before every test."""
    snapshot, clock = base_database.snapshot(), base_database.clock
    yield base_database.env(base_database.profile.admin_id)
    base_database.restore(snapshot)
    base_database.clock = clock


@pytest.fixture
def quick_switches() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
