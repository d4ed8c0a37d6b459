"""The `mockserver` fixture for tests on a shared server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from mockserver import profiles
from mockserver.contract.dual.cleanup import Cleanup
from mockserver.contract.dual.live_server import LiveServer
from mockserver.contract.live.client import Client


class _NothingToUndo(Cleanup):
    """Notes no changes: the database is dropped."""

    def watch(self, *models: str) -> None:
        """Do nothing."""

    def before_change(self, model: str, method: str, ids: Iterable[int], args: Any = ()) -> None:
        """Do nothing."""

    def note_permanent(self, what: str) -> None:
        """Do nothing."""


class SharedServer(LiveServer):
    """A database for one test on a shared mockserver, with the interface of `MockServer`, over RPC.

    What concerns the server as a whole, such as its clock, skips the test: other tests use the server meanwhile.
    """

    def __init__(self, client: Client, profile: str, skip: Callable[[str], NoReturn]) -> None:
        super().__init__(client, _NothingToUndo(client), skip)
        self.profile = profiles.get(profile)

    def __repr__(self) -> str:
        return f"<SharedServer {self.url} db={self.db}>"

    def _missing(self, name: str) -> str:
        """Return why a test that uses an attribute of `MockServer` is skipped."""
        return f"mockserver.{name} is not available on the shared server of --mockserver-url, which others use too"
