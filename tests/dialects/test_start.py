"""`/start`, which hands out a database.  Source: the external API document of Flectra."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Callable
from typing import Any

import pytest

from mockserver.profiles import PROFILES
from tests.dialects.wire import Wire, loads

Wires = Callable[[str], Wire]
CALL = xmlrpc.client.dumps((), "start")


@pytest.mark.parametrize("profile", ["flectra-1.6", "flectra-2.0"])
def test_start_hands_out_a_fresh_database(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    info = loads(wire.http("POST", "/start", CALL, "text/xml").body)
    assert sorted(info) == ["database", "host", "password", "user"]
    assert info["host"] == "http://127.0.0.1:8069"
    assert info["database"] != "mock"
    login: tuple[Any, ...] = (info["database"], info["user"], info["password"], {})
    assert wire.xmlrpc("common", "authenticate", login) == wire.uid
    other = loads(wire.http("POST", "/start", CALL, "text/xml").body)
    assert other["database"] != info["database"]


def test_it_has_no_other_method(wires: Wires) -> None:
    answer = wires("flectra-2.0").http("POST", "/start", xmlrpc.client.dumps((), "stop"), "text/xml")
    with pytest.raises(xmlrpc.client.Fault, match="Method not found: stop"):
        loads(answer.body)


@pytest.mark.parametrize("profile", [name for name in PROFILES if not name.startswith("flectra")])
def test_other_products_have_no_such_page(wires: Wires, profile: str) -> None:
    assert wires(profile).http("POST", "/start", CALL, "text/xml").status == 404
