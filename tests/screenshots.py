"""Writes the pictures of docs/control.md: `python -m tests.screenshots`, with a chromium installed."""

from __future__ import annotations

import contextlib
import tempfile
import xmlrpc.client
from pathlib import Path

from mockserver import MockServer
from mockserver.testing.faults import Delay, HttpError
from tests.browser import Browser

IMAGES = Path(__file__).parent.parent / "docs" / "images"


def scene(odoo: MockServer) -> None:
    """What a client did that imports a contact."""
    odoo.clock.freeze("2026-01-31 09:12:07")
    with (
        xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common,
        xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as models,
    ):

        def call(method: str, *args: object, model: str = "res.partner", **options: object) -> object:
            odoo.clock.tick(1)
            with contextlib.suppress(xmlrpc.client.Error):
                return models.execute_kw(odoo.db, odoo.uid, odoo.password, model, method, list(args), options)
            return None

        common.version()
        common.authenticate(odoo.db, odoo.login, odoo.password, {})
        belgium = odoo.ref("base.be").id
        call("search", [["code", "=", "BE"]], model="res.country")
        values = {"name": "Acme Tools", "email": "info@acme.example", "phone": "+32 2 555 01 23", "country_id": belgium}
        partner = call("create", {**values, "is_company": True})
        call(
            "search_read",
            [["is_company", "=", True], ["country_id.code", "=", "BE"]],
            fields=["name", "email"],
            limit=5,
        )
        changed = {"email": "sales@acme.example", "city": "Leuven"}
        call("write", [partner], changed, context={"lang": "en_US", "tz": "Europe/Brussels"})
        call("searh_read", [])
        call("search_count", [["state", "=", "sale"]], model="sale.order")
        call("create", {"name": False})
        odoo.faults.add(HttpError(503, retry_after=2), model="res.partner", method="create", times=1, required=False)
        odoo.faults.add(Delay(0.2), model="sale.*", required=False)
        call("create", {"name": "Azure"})


def main() -> None:
    """Both pictures."""
    with (
        MockServer(fixtures=["crm", "sale"], control=True) as odoo,
        tempfile.TemporaryDirectory() as profile,
        Browser(Path(profile)) as browser,
    ):
        scene(odoo)
        browser.screen(1200, 860)
        browser.open(f"{odoo.url}/_mock/#/calls")
        browser.wait("HttpError")
        browser.click(".call > button", "res.partner.write")
        browser.wait("Copy as Python")
        browser.picture(IMAGES / "control-calls.png")
        browser.screen(390, 844, dark=True, phone=True)
        browser.open("about:blank")
        browser.open(f"{odoo.url}/_mock/#/records/res.partner")
        browser.wait("Azure Interior")
        browser.picture(IMAGES / "control-phone.png")


if __name__ == "__main__":
    main()
