"""What the client libraries need around a test."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture
def open_sockets() -> Iterator[None]:
    """For libraries that never close: collect what they left while the module's own warning filter holds."""
    yield
    gc.collect()
