"""What the client libraries need around a test."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def _older() -> Iterator[None]:
    """Keep the collector from what was there before the module: that is most, and none of it the module's."""
    gc.freeze()
    yield
    gc.collect()
    gc.unfreeze()


@pytest.fixture
def open_sockets(_older: None) -> Iterator[None]:
    """For libraries that never close: collect what they left while the module's own warning filter holds."""
    yield
    gc.collect()
