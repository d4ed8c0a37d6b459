"""What several test modules use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest


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
