"""The pytest plugin: the fixtures `mockserver` and `mockserver_factory`, and the marker `mockserver`.

pytest loads this module in every run of everyone who has the package installed, so it imports nothing
of the server before a test asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from mockserver.server import MockServer
    from mockserver.upgrade import Watch

_MARKER = (
    "mockserver(fixtures=[...], profile=..., db=..., rest=..., deprecated=...): what the `mockserver` fixture of this "
    "test serves: packs or JSON files to load after the base data, product and version, database name or names, "
    "REST add-on or add-ons; "
    'and whether calls that a later version changes are warned of ("warn") or fail the test ("error").'
)

_IN_USE: pytest.StashKey[list[MockServer]] = pytest.StashKey()
# what watches the servers of a test, with what becomes of its findings: "warn" or "error"
_WATCHED: pytest.StashKey[list[tuple[Watch, str, str]]] = pytest.StashKey()


class Configuration(NamedTuple):
    """What a server is made of; equal configurations share a server."""

    profile: str
    fixtures: tuple[str, ...]
    db: tuple[str, ...]
    rest: tuple[str, ...] | None


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options `--mockserver-profile`, `-fixtures`, `-rest` and `-deprecated`, and ini options of the same names."""
    group = parser.getgroup("mockserver", "mock of Odoo's external API")
    group.addoption("--mockserver-profile", metavar="NAME", help="product and version of the mockserver fixture")
    group.addoption(
        "--mockserver-fixtures",
        action="append",
        metavar="PATH-OR-PACK",
        help="data for the mockserver fixture: a JSON file or the name of a bundled pack; may be repeated",
    )
    group.addoption(
        "--mockserver-rest",
        action="append",
        metavar="FLAVOUR",
        help="REST add-on of the mockserver fixture: muk_rest, flectra_rest, odoo_rest_api, all or none; repeatable",
    )
    group.addoption(
        "--mockserver-deprecated",
        choices=("warn", "error"),
        help="what to do about calls that a later version of the server removes or changes",
    )
    parser.addini("mockserver_deprecated", "what to do about calls that a later version changes: warn or error")
    parser.addini("mockserver_rest", "REST add-ons of the mockserver fixture, or none", type="args", default=[])
    parser.addini("mockserver_profile", "product and version of the mockserver fixture, such as odoo-17.0")
    parser.addini(
        "mockserver_fixtures", "data for the mockserver fixture: JSON files or packs", type="args", default=[]
    )


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest about the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail the test with the server's own error, where there is one: its client has only seen an HTTP 500."""
    symptom = None
    try:
        yield
    except Exception as error:
        symptom = error
    for server in item.stash.get(_IN_USE, []):
        if server.errors:
            raise server.errors.pop(0) from symptom
        problems = server.problems()
        if problems and symptom is None:
            pytest.fail("\n\n".join(problems), pytrace=False)
    _tell(item, symptom)
    if symptom is not None:
        raise symptom


def _tell(item: pytest.Item, symptom: Exception | None = None) -> None:
    """Warn of the calls that a later version changes, or fail the test for them; each call once."""
    for watch, profile, how in item.stash.get(_WATCHED, []):
        from mockserver.profiles.deprecations import MockserverDeprecationWarning

        found, watch.findings = list(watch.findings), {}
        if how == "error" and found and symptom is None:
            from mockserver.upgrade import listed

            pytest.fail(listed(found, profile), pytrace=False)
        for finding in found:
            # where warnings are errors this raises, which fails the test as any exception of it does
            item.warn(MockserverDeprecationWarning(f"{finding} (profile {profile})"))


class Pool:
    """The servers of one test session, by configuration; a test takes them and gives them back."""

    def __init__(self) -> None:
        self._free: dict[Configuration, list[MockServer]] = {}

    def take(self, configuration: Configuration) -> MockServer:
        """A running server in its first state."""
        free = self._free.setdefault(configuration, [])
        if free:
            server = free.pop()
            server.reset()
            return server
        return _started(configuration)

    def give_back(self, configuration: Configuration, server: MockServer) -> None:
        """Keep the server for the next test, unless this one has stopped it."""
        if server.running:
            self._free[configuration].append(server)

    def close(self) -> None:
        """Stop every server."""
        for servers in self._free.values():
            for server in servers:
                server.stop()


def _started(configuration: Configuration) -> MockServer:
    from mockserver.errors import DatabaseExists
    from mockserver.server import MockServer

    try:
        return MockServer(**configuration._asdict()).start()
    except (ValueError, DatabaseExists) as error:  # a wrong fixture, profile or name is a ValueError
        pytest.fail(f"mockserver: {error}", pytrace=False)


@pytest.fixture(scope="session")
def _mockserver_pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


@pytest.fixture
def mockserver_factory(request: pytest.FixtureRequest, _mockserver_pool: Pool) -> Iterator[Callable[..., MockServer]]:
    """Start one more server: `mockserver_factory(fixtures=[...], profile=..., db=..., rest=..., deprecated=...)`.

    Each call gives another server with a state of its own.  What is left out is as the marker and the options say.
    """
    taken: list[tuple[Configuration, MockServer]] = []

    in_use = request.node.stash.setdefault(_IN_USE, [])

    def make(**chosen: Any) -> MockServer:
        configuration = _configuration(request, chosen, "mockserver_factory()")
        server = _mockserver_pool.take(configuration)
        # several servers of a test give tokens of their own, and each the same ones in every run
        server.clock.reset(f"mockserver {len(taken)}")
        taken.append((configuration, server))
        in_use.append(server)
        how = _deprecated(request, chosen)
        if how:
            _watch(request.node, server, how)
        return server

    yield make
    for watch, _, _ in request.node.stash.get(_WATCHED, []):
        watch.stop()
    for configuration, server in taken:
        _mockserver_pool.give_back(configuration, server)
    _tell(request.node)
    for _, server in taken:  # an error in the teardown of another fixture
        server.raise_errors()


@pytest.fixture
def mockserver(mockserver_factory: Callable[..., MockServer]) -> MockServer:
    """A running Odoo whose databases are as the fixtures say: `.url .db .login .password .api_key .uid .env .ref()`."""
    return mockserver_factory()


def _watch(item: pytest.Item, server: MockServer, how: str) -> None:
    from mockserver.upgrade import Watch

    watch = Watch(server.app)
    item.stash.setdefault(_WATCHED, []).append((watch, server.profile.name, how))


def _configuration(request: pytest.FixtureRequest, chosen: dict[str, Any], source: str) -> Configuration:
    """What the call says, else the marker, else the command line, else the ini file."""
    from mockserver.profiles import DEFAULT

    settings = {**_options(request.config), **_marked(request), **_checked((), chosen, source)}
    names, rest = settings.get("db", "mock"), settings.get("rest")
    return Configuration(
        profile=settings.get("profile") or DEFAULT,
        fixtures=tuple(_located(name, request) for name in settings["fixtures"]),
        db=(names,) if isinstance(names, str) else tuple(names),
        rest=(rest,) if isinstance(rest, str) else rest if rest is None else tuple(rest),
    )


def _deprecated(request: pytest.FixtureRequest, chosen: dict[str, Any]) -> str | None:
    """`warn`, `error` or nothing, found as `_configuration` finds its settings."""
    how = {**_options(request.config), **_marked(request), **chosen}["deprecated"] or None
    if how not in (None, "warn", "error"):
        pytest.fail(f'mockserver: deprecated is "warn" or "error", not {how!r}', pytrace=False)
    return how


def _marked(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker("mockserver")
    return _checked(marker.args, marker.kwargs, "@pytest.mark.mockserver") if marker else {}


def _options(config: pytest.Config) -> dict[str, Any]:
    from_shell = config.getoption("mockserver_fixtures")
    # as pytest itself does it: the shell's paths count from where it stands, the ini file's from its own place
    start = config.invocation_params.dir if from_shell else config.rootpath
    names = from_shell or config.getini("mockserver_fixtures")
    return {
        "profile": config.getoption("mockserver_profile") or config.getini("mockserver_profile"),
        "fixtures": [str(start / name) if _is_path(name) else name for name in names],
        "rest": config.getoption("mockserver_rest") or config.getini("mockserver_rest") or None,
        "deprecated": config.getoption("mockserver_deprecated") or config.getini("mockserver_deprecated"),
    }


def _checked(args: tuple[Any, ...], chosen: dict[str, Any], source: str) -> dict[str, Any]:
    known = (*Configuration._fields, "deprecated")
    unknown = [*map(repr, args), *(name for name in chosen if name not in known)]
    if unknown:
        pytest.fail(f"{source} does not know {', '.join(unknown)}; it takes {', '.join(known)} by name", pytrace=False)
    if isinstance(chosen.get("fixtures"), str):
        pytest.fail(f"{source}: fixtures is a list, such as [{chosen['fixtures']!r}]", pytrace=False)
    return chosen


def _located(name: Any, request: pytest.FixtureRequest) -> str:
    """A path in a test counts from the test's own file; the name of a pack stays as it is."""
    return str(Path(request.path).parent / name) if _is_path(name) else name


def _is_path(name: Any) -> bool:
    return isinstance(name, Path) or name.endswith(".json") or "/" in name or "\\" in name
