"""The pytest plugin: the fixtures `mockserver` and `mockserver_factory`, and the marker `mockserver`.

pytest loads this module in every run where the package is installed, so nothing of the server is imported before a
test needs it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from mockserver.pytest_plugin import options
from mockserver.seed.files import listed
from mockserver.testing.pool import Configuration, Kind, Pool, check_settings, fixture_path

if TYPE_CHECKING:
    from mockserver.report.deprecated_calls import Watch
    from mockserver.server.server import MockServer

_MARKER = (
    "mockserver(fixtures=[...], models=[...], profile=..., db=..., rest=..., journal=..., strict=..., control=..., "
    "demo=..., allow_webhooks=..., deprecated=...): the server of the `mockserver` fixture in this test: packs, JSON "
    "files or folders of add-ons to load after the base data, model classes, product and version, database name or "
    "names, REST add-on or add-ons, how many calls are kept (False for none), whether calls of unknown models, methods "
    "or fields fail the test, whether it serves the control API and page under `/_mock/`, whether it has demonstration "
    "data, whether webhooks may go to other machines; and whether calls that a later version changes cause a warning "
    '("warn") or fail the test ("error").'
)

# plugins that may replace or wrap the server of a test; `shared.py`, `upstream.py` and `record.py` define them
COMPANIONS = ("mockserver-shared", "mockserver-upstream", "mockserver-consumer", "mockserver-record")
# the settings that are not of a server itself
_EXTRA: dict[str, Kind] = {
    "deprecated": (lambda value: value in (None, "warn", "error"), '"warn" or "error"'),
}

_IN_USE: pytest.StashKey[list[MockServer]] = pytest.StashKey()
# the watches on the servers of a test, each with the profile and what to do about findings: "warn" or "error"
_WATCHED: pytest.StashKey[list[tuple[Watch, str, str]]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the command line options and the ini options."""
    options.add(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and the plugins for a live server or a contract where an option needs them."""
    config.addinivalue_line("markers", _MARKER)
    options.check(config)
    if config.getoption("mockserver_url"):
        from mockserver.pytest_plugin import shared as shared_plugin

        shared_plugin.register(config)
    if any(config.getoption(name) for name in ("mockserver_upstream", "mockserver_live", "mockserver_contract")):
        from mockserver.pytest_plugin import upstream as upstream_plugin

        upstream_plugin.register(config)
    if config.getoption("mockserver_record"):
        from mockserver.pytest_plugin import record as record_plugin

        record_plugin.register(config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail the test with an error in the server itself, if there is one: its client has only seen an HTTP 500."""
    symptom: BaseException | None = None
    try:
        yield
    except (Exception, pytest.fail.Exception) as error:
        symptom = error
    for server in item.stash.get(_IN_USE, []):
        # a client that tries again gets the same error again; the first one is enough
        errors, server.errors[:] = list(server.errors), []
        problems = "\n\n".join(server.problems())
        if problems and (errors or symptom is not None):  # they may be the cause
            item.add_report_section("call", "mockserver", problems)
        if errors:
            raise errors[0] from symptom
        if problems and symptom is None:
            pytest.fail(problems, pytrace=False)
    _report_deprecated(item, symptom)
    if symptom is not None:
        raise symptom


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the last calls to the report of a failed test."""
    report = yield
    if report.failed:
        servers = item.stash.get(_IN_USE, [])
        # once: a failed test may fail in its teardown too
        item.stash[_IN_USE] = []
        for server in servers:
            from mockserver.testing.journal.report import TITLE, section
            from mockserver.testing.strict import HINTS, hints

            suffix = "" if len(servers) == 1 else f" ({server.url if server.running else server.db})"
            report.sections.append((f"{TITLE}{suffix}", section(server.calls)))
            # in strict mode they are the failure itself, or stand beside it
            if not server.strict.on and (found := hints(server.app, server.calls)):
                report.sections.append((f"{HINTS}{suffix}", "\n\n".join(found)))
                item.user_properties += [("mockserver hint", hint) for hint in found]  # JUnit XML takes them at the end
    if call.when == "teardown":  # pytest keeps the test to the end of the session
        item.stash[_IN_USE], item.stash[_WATCHED] = [], []
    return report


def _report_deprecated(item: pytest.Item, symptom: BaseException | None = None) -> None:
    """Warn of calls that a later version changes, or fail the test for them; each call is reported once."""
    for watch, profile, how in item.stash.get(_WATCHED, []):
        from mockserver.profiles.deprecations import MockserverDeprecationWarning

        found, watch.findings = list(watch.findings), {}
        if how == "error" and found and symptom is None:
            from mockserver.report.deprecated_calls import listed

            pytest.fail(listed(found, profile), pytrace=False)
        for finding in found:
            # this raises, and fails the test, where warnings are errors
            item.warn(MockserverDeprecationWarning(f"{finding} (profile {profile})"))


@pytest.fixture(scope="session")
def _mockserver_pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


@pytest.fixture
def mockserver_factory(request: pytest.FixtureRequest, _mockserver_pool: Pool) -> Iterator[Callable[..., MockServer]]:
    """Start one more server: `mockserver_factory(fixtures=[...], profile=..., …)`; it takes the marker's arguments.

    Each call returns another server with a state of its own.  Other settings are taken from the marker and the options.
    """
    taken: list[tuple[Configuration, MockServer]] = []
    companions = list(filter(None, map(request.config.pluginmanager.get_plugin, COMPANIONS)))

    in_use = request.node.stash.setdefault(_IN_USE, [])

    parameters = _parameters(request)

    def make(**given: Any) -> MockServer:
        chosen = {**parameters, **given}
        configuration = _configuration(request, chosen, "mockserver_factory()")
        for companion in companions:
            if live := companion.in_place(request.node, configuration, {**_marked(request), **chosen}):
                return cast("MockServer", live)
        server = _take(_mockserver_pool, configuration)
        # the servers of a test issue different tokens, but the same ones in every run
        server.clock.reset(f"mockserver {len(taken)}")
        taken.append((configuration, server))
        in_use.append(server)
        how = _deprecated(request, chosen)
        if how:
            _watch(request.node, server, how)
        for companion in companions:
            server = companion.beside(request.node, configuration, server)
        return server

    yield make
    with contextlib.ExitStack() as ending:  # all of it, even if a part fails; the last one first
        for _, server in taken:
            ending.callback(server.raise_errors)  # an error in the teardown of another fixture
        ending.callback(_report_deprecated, request.node)
        for configuration, server in taken:
            ending.callback(_mockserver_pool.give_back, configuration, server)
        for watch, _, _ in request.node.stash.get(_WATCHED, []):
            ending.callback(watch.stop)
        for companion in companions:
            ending.callback(companion.leave, request.node)


@pytest.fixture
def mockserver(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> MockServer:
    """A running server with the databases of the fixtures: `.url .db .login .password .api_key .uid .env .ref()`.

    `@pytest.mark.parametrize("mockserver", ["odoo-17.0", {"db": "shop"}], indirect=True)` runs a test on several.
    """
    return mockserver_factory(**_parameters(request))


def _take(pool: Pool, configuration: Configuration) -> MockServer:
    from mockserver.errors import DatabaseExists

    try:
        return pool.take(configuration)
    except (ValueError, DatabaseExists) as error:  # a wrong fixture, profile or name is a ValueError
        # `from None`, here and below: else pytest prints the text of both
        raise pytest.fail.Exception(f"mockserver: {error}", pytrace=False) from None


def _watch(item: pytest.Item, server: MockServer, how: str) -> None:
    from mockserver.report.deprecated_calls import Watch

    watch = Watch(server.app)
    item.stash.setdefault(_WATCHED, []).append((watch, server.profile.name, how))


def _configuration(request: pytest.FixtureRequest, chosen: dict[str, Any], source: str) -> Configuration:
    """Return the settings of the call, else of the marker, else of the command line, else of the ini file."""
    settings = {**_options(request.config), **_marked(request), **_checked(chosen, source)}
    settings.pop("deprecated")
    return Configuration.of(Path(request.path).parent, **settings)


def _deprecated(request: pytest.FixtureRequest, chosen: dict[str, Any]) -> str | None:
    """Return `warn`, `error` or None, from the same places as `_configuration`."""
    how: str | None = {**_options(request.config), **_marked(request), **chosen}["deprecated"] or None
    _checked({"deprecated": how}, "mockserver")  # of the ini file
    return how


def _marked(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the settings of all markers of a test, of its class and of its module; the nearest one with a key wins."""
    found: dict[str, Any] = {}
    for marker in request.node.iter_markers("mockserver"):  # the nearest first
        if marker.args:
            given = ", ".join(map(repr, marker.args))
            pytest.fail(f"@pytest.mark.mockserver takes its settings by name, not {given}", pytrace=False)
        found = {**_checked(marker.kwargs, "@pytest.mark.mockserver"), **found}
    return found


def _parameters(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the settings of `parametrize("mockserver", …, indirect=True)`: a profile, or any settings by name."""
    value = getattr(request, "param", None)
    if value is None or isinstance(value, str):
        return {} if value is None else {"profile": value}
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        pytest.fail(f"a parameter of mockserver is a profile or a dict of settings, not {value!r}", pytrace=False)
    return _checked(value, f'parametrize("{request.fixturename}", …)')


def _options(config: pytest.Config) -> dict[str, Any]:
    from_shell = config.getoption("mockserver_fixtures")
    # as in pytest itself: paths of the command line start at the current folder, those of the ini file at the root
    start = config.invocation_params.dir if from_shell else config.rootpath
    names = listed(from_shell or config.getini("mockserver_fixtures"))
    return {
        "profile": config.getoption("mockserver_profile") or config.getini("mockserver_profile"),
        "fixtures": [fixture_path(name, start) for name in names],
        "rest": config.getoption("mockserver_rest") or config.getini("mockserver_rest") or None,
        "strict": config.getoption("mockserver_strict") or _flag(config, "mockserver_strict"),
        "control": config.getoption("mockserver_control") or _flag(config, "mockserver_control"),
        "demo": _flag(config, "mockserver_demo"),
        "allow_webhooks": config.getoption("mockserver_allow_webhooks") or _flag(config, "mockserver_allow_webhooks"),
        "deprecated": config.getoption("mockserver_deprecated") or config.getini("mockserver_deprecated"),
    }


def _flag(config: pytest.Config, name: str) -> bool:
    """Return an option of the ini file that is true or false; fail the test if it is neither."""
    try:
        return bool(config.getini(name))
    except (ValueError, pytest.UsageError) as error:  # a UsageError from pytest 9 on
        raise pytest.fail.Exception(f"the ini option {name} is true or false: {error}", pytrace=False) from None


def _checked(chosen: dict[str, Any], source: str) -> dict[str, Any]:
    """Return the settings; fail the test if one is unknown or has a value of the wrong type."""
    try:
        check_settings(chosen, source, _EXTRA)
    except ValueError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    return chosen
