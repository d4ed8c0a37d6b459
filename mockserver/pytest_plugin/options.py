"""The options of the pytest plugin, and which of them have no effect."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from mockserver.seed.files import FixtureError, find, listed
from mockserver.testing.pool import fixture_path

# the options for a live server; secrets are read from the environment
_OF_UPSTREAM = (
    ("--mockserver-upstream", "URL", "send every call to this live server too, and compare the answers"),
    (
        "--mockserver-upstream-db",
        "DB",
        "its scratch database; with a master password, the database to copy for the run",
    ),
    ("--mockserver-upstream-login", "LOGIN", "user of the live server (default: admin)"),
    (
        "--mockserver-upstream-password-env",
        "VAR",
        "environment variable with the password (MOCKSERVER_UPSTREAM_PASSWORD)",
    ),
    ("--mockserver-upstream-master-password-env", "VAR", "environment variable with the master password"),
)
# options that have an effect only beside another one
_NEEDED = {
    "--mockserver-url": ("--mockserver-url-db", "--mockserver-url-each"),
    "--mockserver-upstream": (
        "--mockserver-upstream-differences",
        *(option for option, _, _ in _OF_UPSTREAM[1:]),
    ),
}
# options with a text that may come from a variable of the shell, which may be empty
_TEXTS = (
    "--mockserver-profile",
    "--mockserver-rest",
    "--mockserver-url",
    "--mockserver-url-db",
    "--mockserver-contract",
    "--mockserver-record",
    *(option for option, _, _ in _OF_UPSTREAM),
)
# settings, by option or ini option, of servers that this process starts
_OF_OWN_SERVERS = ("rest", "strict", "control", "allow_webhooks", "deprecated")


def add(parser: pytest.Parser) -> None:
    """Add the command line options and the ini options."""
    group = parser.getgroup("mockserver", "mock of Odoo's external API")
    group.addoption("--mockserver-profile", metavar="NAME", help="product and version of the mockserver fixture")
    group.addoption(
        "--mockserver-fixtures",
        action="append",
        metavar="PATH-OR-PACK",
        help="data for the mockserver fixture: JSON files or names of bundled packs, such as sale,crm; may be repeated",
    )
    group.addoption(
        "--mockserver-rest",
        action="append",
        metavar="FLAVOUR",
        help="REST add-on of the mockserver fixture, by name, or all, or none; may be repeated",
    )
    group.addoption(
        "--mockserver-strict",
        action="store_true",
        help="fail a test that calls a model, method or field that the mock does not have",
    )
    group.addoption(
        "--mockserver-control",
        action="store_true",
        help="serve the control API and page under /_mock/ beside the mockserver fixture",
    )
    group.addoption(
        "--mockserver-allow-webhooks",
        action="store_true",
        help="send webhooks of automations to other machines, too",
    )
    group.addoption(
        "--mockserver-deprecated",
        choices=("warn", "error"),
        help="what to do about calls that a later version of the server removes or changes",
    )
    group.addoption(
        "--mockserver-url",
        metavar="URL",
        help="use a running `mockserver serve`, which others may use at the same time, in place of servers of our own",
    )
    group.addoption("--mockserver-url-db", metavar="DB", help="the database of it to copy (default: its first)")
    group.addoption(
        "--mockserver-url-each",
        choices=("worker", "test"),
        help="whose databases have a name of their own: each process's (default) or each test's; the data are always "
        "those of the test alone",
    )
    for option, metavar, text in _OF_UPSTREAM:
        group.addoption(option, metavar=metavar, help=text)
    group.addoption(
        "--mockserver-upstream-differences",
        choices=("fail", "report"),
        help="what to do about a test with calls that the live server answers differently (default: fail)",
    )
    group.addoption(
        "--mockserver-live",
        action="store_true",
        help="run the tests against the live server of --mockserver-upstream alone",
    )
    group.addoption(
        "--mockserver-contract",
        metavar="FILE",
        help="write what the tests call, and what they read of the answers, as a contract",
    )
    group.addoption(
        "--mockserver-record",
        metavar="FOLDER",
        help="write the calls and answers of each test as a contract in this folder",
    )
    parser.addini("mockserver_deprecated", "what to do about calls that a later version changes: warn or error")
    parser.addini("mockserver_strict", "fail a test that calls what the mock does not have", type="bool", default=False)
    parser.addini("mockserver_control", "serve the control API and page under /_mock/", type="bool", default=False)
    parser.addini("mockserver_allow_webhooks", "send webhooks to other machines, too", type="bool", default=False)
    parser.addini("mockserver_demo", "load the demonstration data", type="bool", default=True)
    parser.addini("mockserver_rest", "REST add-ons of the mockserver fixture, or none", type="args", default=[])
    parser.addini("mockserver_profile", "product and version of the mockserver fixture, such as odoo-17.0")
    parser.addini(
        "mockserver_fixtures", "data for the mockserver fixture: JSON files or packs", type="args", default=[]
    )


def check(config: pytest.Config) -> None:
    """Raise pytest.UsageError for an option that is empty, or that has no effect without another one."""
    for option in _TEXTS:
        given = _given(config, option)
        if given == "" or (isinstance(given, list) and "" in given):
            raise pytest.UsageError(f"{option} is empty")
    for needed, options in _NEEDED.items():
        for option in options:
            if _given(config, option) and not _given(config, needed):
                raise pytest.UsageError(f"{option} has no effect without {needed}")
    if not hasattr(config, "workerinput"):  # the main process of xdist has done so
        _check_names(config)


def _check_names(config: pytest.Config) -> None:
    """Raise pytest.UsageError for an unknown profile of the run or an unknown pack of the command line.

    Else each test that uses the fixture fails for it.  Files may be written by the tests, so they are not looked for.
    """
    given = config.getoption("mockserver_profile")
    try:
        if profile := given or config.getini("mockserver_profile"):
            from mockserver import profiles  # few runs name one

            profiles.get(profile)
    except ValueError as error:  # UnknownProfile
        source = "--mockserver-profile" if given else "mockserver_profile of the ini file"
        raise pytest.UsageError(f"{source}: {error}") from None
    for name in listed(config.getoption("mockserver_fixtures") or ()):
        if "." not in name and fixture_path(name, Path()) == name:
            try:
                find(name)
            except FixtureError as error:
                raise pytest.UsageError(f"--mockserver-fixtures: {error}") from None


def check_shared(config: pytest.Config) -> str:
    """Raise pytest.UsageError for options that have no effect on a running server; it has the control API anyway.

    Return the ini options for which this is so, separated by commas: they are for other runs too.
    """
    names = [name for name in _OF_OWN_SERVERS if name != "control"]
    for option in _of_command_line(config, names):
        text = f"{option} has no effect on the running server of --mockserver-url"
        raise pytest.UsageError(f"{text}: start it with `mockserver serve {option.replace('mockserver-', '')}`")
    found = [f"mockserver_{name}" for name in names if _of_file(config, name)]
    return ", ".join([*found, *([] if _of_file(config, "demo", True) else ["mockserver_demo"])])


def check_no_mock(config: pytest.Config) -> None:
    """Raise pytest.UsageError for options that have no effect on a live server."""
    for option in _of_command_line(config, ("profile", *_OF_OWN_SERVERS, "upstream_differences")):
        raise pytest.UsageError(f"{option} has no effect with --mockserver-live: it is for runs with a mock")


def check_profile(config: pytest.Config, server: str, profile: str) -> None:
    """Raise pytest.UsageError if the run is to test another profile than that of its server."""
    for source, wanted in (
        ("--mockserver-profile", config.getoption("mockserver_profile")),
        ("mockserver_profile of the ini file", config.getini("mockserver_profile")),
    ):
        if wanted and wanted != profile:
            raise pytest.UsageError(f"{source} is {wanted}, and {server} is {profile}")
        if wanted:
            return


def _of_command_line(config: pytest.Config, names: Iterable[str]) -> list[str]:
    """Return which of the options were given."""
    return [f"--mockserver-{name.replace('_', '-')}" for name in names if config.getoption(f"mockserver_{name}")]


def _of_file(config: pytest.Config, name: str, default: bool = False) -> object:
    """Return the value of an ini option, or the default for a wrong one: each test reports that."""
    try:
        return config.getini(f"mockserver_{name}")
    except (ValueError, pytest.UsageError):
        return default


def _given(config: pytest.Config, option: str) -> object:
    return config.getoption(option.removeprefix("--").replace("-", "_"))
