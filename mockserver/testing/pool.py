"""Servers that tests share: one for each configuration, reset for each test.

The pytest plugin imports this in every run, so nothing of the server is imported before a test needs one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.seed.files import nearest

if TYPE_CHECKING:
    from mockserver.server.server import MockServer

MAX_FREE = 32


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


def check_settings(chosen: Mapping[str, Any], source: str, extra: Mapping[str, Kind] = MappingProxyType({})) -> None:
    """Raise ValueError for a setting of users that is unknown or has a value of the wrong type.

    `source` names the place in the text; `extra` are the settings of that place that are not of a server.
    """
    kinds = {**_KINDS, **extra}
    for name, value in chosen.items():
        if name not in kinds:
            raise ValueError(f"{source} does not know {name}{nearest(name, kinds)} (known: {', '.join(kinds)})")
        fits, wanted = kinds[name]
        if not fits(value):
            raise ValueError(f"{source}: {name} is {wanted}, not {value!r}")


def _is_list(value: Any, kind: type | tuple[type, ...]) -> bool:
    """Return whether a value is a list, or another collection that is no text, of these items."""
    return isinstance(value, (list, tuple, set, frozenset)) and all(isinstance(item, kind) for item in value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


# what a value of each setting must be: a test, and how an error text says it
Kind = tuple[Callable[[Any], bool], str]
_FLAG: Kind = (_is_flag, "True or False")
_KINDS: dict[str, Kind] = {
    "profile": (lambda value: value is None or isinstance(value, str), "a name such as 'odoo-17.0'"),
    "fixtures": (lambda value: _is_list(value, (str, Path)), "a list of packs and paths, such as ['sale']"),
    "models": (lambda value: _is_list(value, type), "a list of model classes"),
    "db": (
        lambda value: isinstance(value, str) or (_is_list(value, str) and bool(value)),
        "a name, or a list of names",
    ),
    "rest": (
        lambda value: value is None or isinstance(value, str) or _is_list(value, str),
        "a name, or a list of names",
    ),
    "journal": (lambda value: isinstance(value, int) and value >= 0, "the number of calls to keep, True or False"),
    "strict": _FLAG,
    "control": _FLAG,
    "demo": _FLAG,
    "allow_webhooks": _FLAG,
}


class Pool:
    """The free servers of one test session, each with its configuration; a test takes them and gives them back.

    Those that were used last are kept, `MAX_FREE` of them.
    """

    def __init__(self) -> None:
        self._free: list[tuple[Configuration, MockServer]] = []  # that which was used last is the last one

    def take(self, configuration: Configuration) -> MockServer:
        """Return a running server in its initial state; raises what `MockServer` raises."""
        for place in reversed(range(len(self._free))):
            if self._free[place][0] == configuration:
                _, server = self._free.pop(place)
                if server.renew():
                    return server
                server.stop()
        from mockserver.server.server import MockServer

        return MockServer(**configuration._asdict()).start()

    def give_back(self, configuration: Configuration, server: MockServer) -> None:
        """Keep the server for the next test."""
        self._free.append((configuration, server))
        while len(self._free) > MAX_FREE:
            _, oldest = self._free.pop(0)
            oldest.stop(0)

    def close(self) -> None:
        """Stop every server."""
        while self._free:
            _, server = self._free.pop()
            server.stop()


def fixture_path(name: Any, folder: Path) -> str:
    """Return the path of a fixture, relative to the folder; the name of a pack or a package is returned unchanged."""
    return str(folder / name) if _is_path(name) else name


def _is_path(name: Any) -> bool:
    return isinstance(name, Path) or name.endswith(".json") or "/" in name or "\\" in name
