"""Servers that tests share: one for each configuration, reset for each test.

The pytest plugin imports this in every run, so nothing of the server is imported before a test needs one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mockserver.server.server import MockServer


class Configuration(NamedTuple):
    """The arguments of a server; equal configurations share a server."""

    profile: str
    fixtures: tuple[str, ...]
    models: tuple[type, ...]
    db: tuple[str, ...]
    rest: tuple[str, ...] | None
    journal: int | bool
    strict: bool
    control: bool
    demo: bool
    allow_webhooks: bool

    @classmethod
    def of(
        cls,
        folder: Path,
        *,
        profile: str | None = None,
        fixtures: Iterable[Any] = (),
        models: Iterable[type] = (),
        db: str | Iterable[str] = "mock",
        rest: str | Iterable[str] | None = None,
        journal: int | bool = True,
        strict: bool = False,
        control: bool = False,
        demo: bool = True,
        allow_webhooks: bool = False,
    ) -> Configuration:
        """Return a configuration from settings of users; paths of fixtures are relative to `folder`."""
        from mockserver.profiles import DEFAULT

        return cls(
            profile=profile or DEFAULT,
            fixtures=tuple(fixture_path(name, folder) for name in fixtures),
            models=tuple(models),
            db=(db,) if isinstance(db, str) else tuple(db),
            rest=(rest,) if isinstance(rest, str) else rest if rest is None else tuple(rest),
            journal=journal,
            strict=strict,
            control=control,
            demo=demo,
            allow_webhooks=allow_webhooks,
        )


class Pool:
    """The free servers of one test session, by configuration; a test takes them and gives them back."""

    def __init__(self) -> None:
        self._free: dict[Configuration, list[MockServer]] = {}

    def take(self, configuration: Configuration) -> MockServer:
        """Return a running server in its initial state; raises what `MockServer` raises."""
        free = self._free.setdefault(configuration, [])
        if free:
            server = free.pop()
            server.reset()
            return server
        from mockserver.server.server import MockServer

        return MockServer(**configuration._asdict()).start()

    def give_back(self, configuration: Configuration, server: MockServer) -> None:
        """Keep the server for the next test, unless this one has stopped it."""
        if server.running:
            self._free[configuration].append(server)

    def close(self) -> None:
        """Stop every server."""
        for servers in self._free.values():
            for server in servers:
                server.stop()
        self._free.clear()


def fixture_path(name: Any, folder: Path) -> str:
    """Return the path of a fixture, relative to the folder; the name of a pack or a package is returned unchanged."""
    return str(folder / name) if _is_path(name) else name


def _is_path(name: Any) -> bool:
    return isinstance(name, Path) or name.endswith(".json") or "/" in name or "\\" in name
