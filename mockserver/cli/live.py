"""The options for a live server and the client made from them; secrets are never command-line arguments."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mockserver.cli.command_error import CommandError

if TYPE_CHECKING:
    from mockserver.contract.live.client import Client

Command = TypeVar("Command", bound=Callable[..., Any])

OPTIONS = (
    click.option("--db", metavar="NAME", help="Database of the live server."),
    click.option("--login", metavar="LOGIN", help="User to log in as."),
    click.option(
        "--password-env", metavar="VAR", help="Environment variable with the password; default: prompt for it."
    ),
    click.option("--api-key-env", metavar="VAR", help="Environment variable with an API key of that user."),
    click.option(
        "--protocol",
        type=click.Choice(["jsonrpc", "xmlrpc", "json2"]),
        help="Protocol to use.  [default: jsonrpc; for a contract, as recorded]",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(0, min_open=True),
        default=60.0,
        help="Seconds to wait for each answer.",
        show_default=True,
    ),
)


def live_options(command: Command) -> Command:
    """Add `OPTIONS` to a command, which passes them on to `client`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def client(
    url: str,
    db: str | None,
    login: str | None,
    password_env: str | None,
    api_key_env: str | None,
    protocol: str | None,
    timeout: float,
) -> Client:
    """Return a client of the live server of the options; raises `CommandError`."""
    from mockserver.contract.live.client import Client

    if db is None:
        raise CommandError("--db is missing: the database of the live server")
    api_key = _secret_from_env("--api-key-env", api_key_env)
    password = _secret_from_env("--password-env", password_env)
    if login is None and protocol != "json2":
        raise CommandError("--login is missing: the user to log in as")
    if password is None and api_key is None:
        password = _prompt_for_password(f"Password of {login} at {url}")
    try:
        return Client(url, db, login or "", password, api_key, protocol or "jsonrpc", timeout)
    except ValueError as error:
        raise CommandError(error) from None


def _secret_from_env(option: str, variable: str | None) -> str | None:
    """Return the value of an environment variable; raises `CommandError` if it is not set."""
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise CommandError(f"{option}: the environment variable {variable} is not set")
    return value


def _prompt_for_password(what: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError("--password-env or --api-key-env is missing: the environment variable with the secret")
    return str(click.prompt(what, hide_input=True, err=True))
