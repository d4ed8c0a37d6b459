"""A fresh app for every test, and methods that return or raise what a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from mockserver import addons, api, errors, models
from mockserver.addons import summaries
from mockserver.profiles import PROFILES
from mockserver.seed import build as seed
from mockserver.seed.templates import Templates
from mockserver.server.app import App, create_app
from tests.dialects.wire import KEY, Wire

AWKWARD: dict[str, Any] = {
    "none": None,
    "deep none": {"a": [1, {"b": None}]},
    "date": [date(2024, 2, 29), datetime(2024, 2, 29, 13, 5, 0)],
    "bytes": "Grüße".encode(),
    "control": "a\x00b\x1fc\td\ue000",
    "surrogate": "x\ud800y",
    "big": 2**31,
    "set": {1},
    "int keys": {1: "x"},
    "tuple": (1, "x"),
}


class WireMethods(models.Model):
    _inherit = "res.partner"

    @api.model
    def wire_echo(self, value: Any = None) -> Any:
        """The argument."""
        return value

    @api.model
    def wire_awkward(self, name: str) -> Any:
        """A value that not every wire can carry."""
        return AWKWARD[name]

    @api.model
    def wire_kind(self, value: Any) -> str:
        """The name of the class in which a value arrived."""
        return type(value).__name__

    @api.model
    def wire_fail(self, name: str) -> Any:
        """Raise an error."""
        raise {
            "UserError": errors.UserError("Böse & <schlecht>"),
            "AccessError": errors.AccessError("no"),
            "AccessDenied": errors.AccessDenied(),
            "MissingError": errors.MissingError("gone"),
            "ValidationError": errors.ValidationError("bad\nworse"),
            "RedirectWarning": errors.RedirectWarning("go", 42, "There"),
            "KeyError": KeyError("name"),
            "ValueError": ValueError("wrong", 3),
        }[name]


@pytest.fixture(scope="package", autouse=True)
def _methods() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        # bundled with the base add-on, so that every database of these tests has them
        bundled = addons.definitions
        own = (summaries.of_class(WireMethods),)
        patch.setattr(addons, "definitions", lambda name: (*bundled(name), *(own if name == "base" else ())))
        patch.setattr(seed, "_templates", Templates())
        yield


@pytest.fixture(scope="package")
def _served() -> tuple[App, Any]:
    app = create_app()
    return app, app.snapshot()


@pytest.fixture
def app(_served: tuple[App, Any]) -> App:
    app, start = _served
    app.restore(start)
    app._observers.current = ()
    return app


@pytest.fixture
def wire(app: App) -> Wire:
    return Wire(app)


@pytest.fixture(scope="package")
def _apps() -> dict[str, tuple[App, Any]]:
    return {}


@pytest.fixture
def wires(_apps: dict[str, tuple[App, Any]]) -> Callable[[str], Wire]:
    """A wire to a fresh server of a profile; one of 14 and later has the key `KEY`."""

    def connect(profile: str) -> Wire:
        if profile not in _apps:
            app = create_app(profile=profile, demo=True, api_key=KEY if PROFILES[profile].api_keys else None)
            _apps[profile] = app, app.snapshot()
        app, start = _apps[profile]
        app.restore(start)
        return Wire(app)

    return connect
