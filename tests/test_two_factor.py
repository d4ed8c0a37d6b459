"""Users with two-factor authentication: RPC takes an API key and no password."""

from __future__ import annotations

import json
import urllib.request
import xmlrpc.client
from typing import Any

import pytest

from mockserver import MockServer

SINCE_14 = ["odoo-14.0", "odoo-15.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0", "odoo-20.0"]


def _authenticate(odoo: MockServer, login: str, password: str) -> Any:
    params = {"db": odoo.db, "login": login, "password": password}
    request = urllib.request.Request(
        f"{odoo.url}/web/session/authenticate",
        json.dumps({"params": params}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


@pytest.mark.parametrize("profile", SINCE_14)
def test_rpc_takes_the_key_of_such_a_user_and_refuses_the_password(profile: str) -> None:
    with MockServer(profile=profile, demo=False) as odoo:
        bot = odoo.user("bot", two_factor=True)
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            assert common.authenticate(odoo.db, "bot", bot.password, {}) is False
            assert common.login(odoo.db, "bot", bot.password) is False
            assert common.authenticate(odoo.db, "bot", bot.api_key, {}) == bot.uid
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as models:
            asked = "res.users", "read", [[bot.uid], ["login"]]
            with pytest.raises(xmlrpc.client.Fault, match="Access Denied"):
                models.execute_kw(odoo.db, bot.uid, bot.password, *asked)
            assert models.execute_kw(odoo.db, bot.uid, bot.api_key, *asked) == [{"id": bot.uid, "login": "bot"}]


@pytest.mark.parametrize("profile", SINCE_14)
def test_the_web_login_is_half_done_by_the_password(profile: str) -> None:
    with MockServer(profile=profile, demo=False) as odoo:
        bot = odoo.user("bot", two_factor=True)
        result = _authenticate(odoo, "bot", bot.password)["result"]
        assert result["uid"] is None
        assert (len(result) > 1) is (odoo.profile.generation < 16)
        assert "error" in _authenticate(odoo, "bot", "wrong")


def test_administrators_see_who_has_it() -> None:
    with MockServer(demo=False) as odoo:
        bot, users = odoo.user("bot", two_factor=True), odoo.env["res.users"]
        found = users.search([("totp_enabled", "=", True)])
        assert found.ids == [bot.uid]
        assert bot.uid not in users.search([("totp_enabled", "!=", True)]).ids
        assert users.browse(bot.uid).read(["totp_enabled"]) == [{"id": bot.uid, "totp_enabled": True}]
        assert "totp_secret" not in users.fields_get()


def test_before_14_there_is_none() -> None:
    with MockServer(profile="odoo-13.0", demo=False) as odoo:
        with pytest.raises(ValueError, match=r"^odoo-13\.0 has no two-factor authentication"):
            odoo.user("bot", two_factor=True)
        assert not odoo.env["res.users"].search([("login", "=", "bot")])


def test_a_fixture_gives_a_user_a_secret() -> None:
    user = {"model": "res.users", "values": {"login": "bot", "name": "Bot", "password": "b", "totp_secret": "JBSWY3DP"}}
    with MockServer(demo=False) as odoo:
        odoo.load({"records": [user]})
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            assert common.authenticate(odoo.db, "bot", "b", {}) is False
