"""The page at `/_mock/` in a headless Chromium."""

from __future__ import annotations

import json
import xmlrpc.client
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from mockserver import MockServer
from mockserver.testing.faults import HttpError
from tests.browser import CHROMIUM, Browser
from tests.waiting import HANG

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed (Debian: apt-get install chromium)")

HOSTILE = "<img src=x onerror=\"document.title='run'\"></td><script>document.title='run'</script>"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(fixtures=["sale"], control=True) as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: MockServer) -> Iterator[Browser]:
    """The page, on a window as wide as a desk's; afterwards nothing was complained about."""
    server.reset()
    browser.console.clear()
    browser.screen(1200, 800)
    yield browser
    browser.open("about:blank")
    assert browser.console == []
    assert server.errors == []


def go(page: Browser, server: MockServer, view: str, words: str) -> None:
    """Load the page afresh at a view, and wait for what it shows."""
    page.open("about:blank")
    page.open(f"{server.url}/_mock/#/{view}")
    page.wait(words)


def call(server: MockServer, model: str, method: str, *args: Any, **options: Any) -> Any:
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
        return models.execute_kw(server.db, server.uid, server.password, model, method, list(args), options)


def test_it_shows_a_record_and_a_call(page: Browser, server: MockServer) -> None:
    call(server, "res.partner", "create", {"name": "Acme Tools", "email": "info@acme.example"})
    go(page, server, "", "info@acme.example")
    assert "res.country.state" in page.text()
    page.click("nav a", "Calls")
    page.wait("res.partner.create")
    page.click(".call > button", "res.partner.create")
    page.wait('"email": "info@acme.example"')
    page.wait("created res.partner")
    assert page.run("document.querySelector('#calls-count').textContent") == "1"


def test_a_domain_chooses_and_a_wrong_one_is_told(page: Browser, server: MockServer) -> None:
    go(page, server, "records/res.country", "1–40 of 250 records")
    page.fill("input[name=filter]", '[["code", "=", "BE"]]')
    page.click("button", "Filter")
    page.wait("1–1 of 1 record")
    assert page.run("[...document.querySelectorAll('.grid tbody tr')].length") == 1
    page.fill("input[name=filter]", '[["cod", "=", "BE"]]')
    page.click("button", "Filter")
    page.wait("Invalid field res.country.cod")
    # the browser itself tells of the answer 400
    assert [text.partition(" http")[0].endswith("(Bad Request)") for text in page.console] == [True]
    page.console.clear()


def test_a_text_finds_records_by_their_name(page: Browser, server: MockServer) -> None:
    server.env["res.partner"].create([{"name": f"Acme {number}"} for number in range(45)])
    go(page, server, "records/res.partner", "Name")
    page.fill("input[name=filter]", "acme")
    page.click("button", "Filter")
    page.wait("1–40 of 45 records")
    page.click("button", "Next")
    page.wait("41–45 of 45 records")
    assert page.run("document.querySelector('input[name=filter]').value") == "acme"
    page.fill("input[name=filter]", "no such name")
    page.click("button", "Filter")
    page.wait("No record has the name or id no such name.")


def twice(page: Browser, selector: str, words: str) -> None:
    """Click twice on the first element of the selector that has the words."""
    page.run(
        f"[...document.querySelectorAll({selector!r})].find((e) => e.innerText.includes({words!r}))"
        ".dispatchEvent(new MouseEvent('dblclick', {bubbles: true}))"
    )


def test_a_value_is_changed_in_a_list(page: Browser, server: MockServer) -> None:
    acme = server.env["res.partner"].create({"name": "Acme", "email": "info@acme.example"})
    go(page, server, "records/res.partner?search=acme", "info@acme.example")
    twice(page, ".grid td", "info@acme.example")
    page.fill("form.edit input", "sales@acme.example")
    page.click("form.edit button", "Save")
    page.wait("Email is saved.")
    page.until("!document.querySelector('form.edit')")
    assert acme.email == "sales@acme.example"
    assert "sales@acme.example" in page.text()
    twice(page, ".grid td", "Acme")
    page.fill("form.edit input", "Other")
    page.run("document.querySelector('form.edit').dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    assert page.run("document.querySelector('form.edit')") is None
    assert acme.name == "Acme"


def test_values_of_each_type_are_changed_in_a_record(page: Browser, server: MockServer) -> None:
    acme = server.env["res.partner"].create({"name": "Acme", "type": "contact", "country_id": server.ref("base.fr").id})
    go(page, server, f"records/res.partner/{acme.id}", "Acme")
    page.run("document.querySelector('.check input').click()")
    for label, value in {
        "Name": "Acme Tools", "Active": "false", "Address Type": "invoice", "Notes": "<p>One<br>two</p>",
        "Geo Latitude": "50.85", "Country": "Belgium",
    }.items():  # fmt: skip
        page.run(f"document.querySelector('[aria-label=\"Change {label}\"]').click()")
        page.fill("form.edit > *", value)
        page.click("form.edit button", "Save")
        page.until("!document.querySelector('form.edit')")
    assert (acme.name, acme.active, acme.type, acme.country_id.code) == ("Acme Tools", False, "invoice", "BE")
    assert (acme.comment, acme.partner_latitude) == ("<p>One<br>two</p>", 50.85)
    page.run("document.querySelector('[aria-label=\"Change Country\"]').click()")
    assert page.run("document.querySelector('form.edit input').value") == f"Belgium #{acme.country_id.id}"
    page.fill("form.edit input", "Guinea")
    page.until("document.querySelectorAll('datalist#found-records option').length > 2")
    page.click("form.edit button", "Save")
    page.until("!document.querySelector('form.edit')")  # several have it in their name, one is called so
    assert acme.country_id.name == "Guinea"
    assert page.run("document.querySelector('[aria-label=\"Change Tags\"]')") is None


def test_a_value_that_is_refused_is_told_in_the_servers_words(page: Browser, server: MockServer) -> None:
    acme = server.env["res.partner"].create({"name": "Acme"})
    go(page, server, f"records/res.partner/{acme.id}", "Acme")
    page.run("document.querySelector('[aria-label=\"Change Name\"]').click()")
    page.fill("form.edit input", "")
    page.click("form.edit button", "Save")
    page.wait("ValidationError: The operation cannot be completed: Contacts require a name")
    page.click("form.edit button", "Cancel")
    page.wait("Acme")
    page.run("document.querySelector('[aria-label=\"Change Language\"]')?.click()")
    assert acme.name == "Acme"
    page.console.clear()


def test_lists_are_sorted_and_turned(page: Browser, server: MockServer) -> None:
    go(page, server, "records/res.country", "1–40 of 250 records")
    page.click("button", "Next")
    page.wait("41–80 of 250 records")
    page.click("thead button", "ID")
    page.wait("1–40 of 250 records")
    page.until("document.querySelector('.grid tbody td').textContent === '1'")


def test_a_record_shows_its_fields_and_leads_to_others(page: Browser, server: MockServer) -> None:
    country = server.ref("base.be").id
    go(page, server, f"records/res.country/{country}", "Belgium")
    assert "address_format" in page.text()
    page.click("td a", "EUR")
    page.wait("res.currency")
    page.wait("Euro")
    go(page, server, "records/res.partner?show=fields", "country_id")
    assert "many2one" in page.text()


def test_what_the_data_say_is_text_and_never_runs(page: Browser, server: MockServer) -> None:
    partner = call(server, "res.partner", "create", {"name": HOSTILE, "ref": HOSTILE})
    requests.post(f"{server.url}/xmlrpc/2/<b>", timeout=HANG)
    with pytest.raises(xmlrpc.client.Fault):
        call(server, "res.partner", HOSTILE, HOSTILE)
    server.respond("res.partner", "ping", HOSTILE)
    server.env["res.partner"].browse([partner]).write({"ref": HOSTILE + HOSTILE})
    for view in ("records/res.partner", f"records/res.partner/{partner}", "calls", "changes", "faults"):
        go(page, server, view, "<img src=x")
        assert page.run("document.title") == "mockserver"
        assert page.run("document.querySelectorAll('main img, main script').length") == 0


def test_calls_appear_while_one_looks(page: Browser, server: MockServer) -> None:
    go(page, server, "calls", "No calls yet")
    call(server, "sale.order", "search_count", [["state", "=", "sale"]])
    page.wait("sale.order.search_count")
    with pytest.raises(xmlrpc.client.Fault):
        call(server, "res.partner", "nope")
    page.wait("AttributeError")
    page.run("document.querySelector('.check input').click()")
    assert "search_count" not in page.text()
    page.run("document.querySelector('.check input').click()")
    page.fill(".find input", "search_count")
    assert "AttributeError" not in page.text()
    server.reset()
    call(server, "res.lang", "search_count", [])
    page.until("document.querySelectorAll('.call').length === 1")


def test_all_calls_that_are_kept_are_reached(page: Browser, server: MockServer) -> None:
    search_often(server)
    go(page, server, "calls", "The latest 200 of 450 calls.")
    page.click("button", "Older calls")
    page.wait("The latest 400 of 450 calls.")
    page.click("button", "Older calls")
    page.until("[...document.querySelectorAll('.call')].at(-1).dataset.number === '1'")
    assert "latest" not in page.text()
    page.click("button", "Clear")
    page.wait("No calls yet.")


def test_a_search_is_for_all_calls_that_are_kept(page: Browser, server: MockServer) -> None:
    search_often(server)
    go(page, server, "calls", "The latest 200 of 450 calls.")
    page.fill(".find input", "no such words")
    page.wait("No call matches.")
    page.fill(".find input", '"=","7"')
    page.wait("1 of 450 calls found.")


def search_often(server: MockServer) -> None:
    """Make 450 calls, with `code` from 0 to 449."""
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
        for number in range(450):
            domain = [["code", "=", str(number)]]
            models.execute_kw(server.db, server.uid, server.password, "res.country", "search_count", [domain])


def test_a_call_shows_what_the_mock_lacks(page: Browser, server: MockServer) -> None:
    website = server.env["ir.module.module"].search([("name", "=", "website")])
    call(server, "ir.module.module", "button_immediate_install", website.ids)
    go(page, server, "calls", "1 note")
    page.click(".call > button", "button_immediate_install")
    page.wait("Notes of the mock")
    page.wait("the mock has no models of the module website: installing it changes only its state")


def test_what_the_calls_used_in_vain_is_told(page: Browser, server: MockServer) -> None:
    with pytest.raises(xmlrpc.client.Fault):
        call(server, "x.pump", "search", [])
    go(page, server, "calls", "The calls used 1 thing that the mock does not have")
    page.click("summary", "The calls used")
    page.wait("there is no model 'x.pump'")
    server.reset()
    page.until("document.querySelector('.hints').hidden")


def test_a_call_is_answered_by_an_override(page: Browser, server: MockServer) -> None:
    partner = call(server, "res.partner", "create", {"name": "Acme"})
    call(server, "res.partner", "read", [partner], ["name"])
    go(page, server, "calls", "res.partner.read")
    page.click(".call > button", "res.partner.read")
    page.wait("Copy as Python")
    page.click("button", "Answer this call…")
    page.wait("Every call of res.partner.read from now on")
    answer = page.run("document.querySelector('.tools [name=value]').value")
    assert json.loads(answer) == [{"id": partner, "name": "Acme"}]
    page.fill(".tools [name=value]", '[{"id": 1, "name": "Else"}]')
    page.click(".tools form button", "Add")
    page.wait("res.partner.read is answered by an override")
    assert call(server, "res.partner", "read", [partner], ["name"]) == [{"id": 1, "name": "Else"}]
    assert server.problems() == []


def test_a_call_is_copied_as_python(page: Browser, server: MockServer) -> None:
    call(server, "res.partner", "create", {"name": "Acme"})
    go(page, server, "calls", "res.partner.create")
    page.click(".call > button", "res.partner.create")
    page.wait("Copy as Python")
    page.click(".tools button", "Assertion")
    page.wait('mockserver.assert_called("res.partner", "create", vals_list={"name": "Acme"})')
    page.click(".tools button", "Override")
    page.wait('mockserver.respond("res.partner", "create",')


def test_changes_are_shown_since_the_start_and_since_a_snapshot(page: Browser, server: MockServer) -> None:
    acme = server.env["res.country.group"].create({"name": "Acme"})
    go(page, server, "server", "No snapshots")
    page.fill(".card input[name=name]", "before")
    page.click("button", "Take")
    page.wait("before 2")
    acme.name = "Acme Tools"
    go(page, server, "changes", "res.country.group 1 created")
    page.click("summary", "value")
    page.wait("name Acme Tools")
    page.fill("select[name=since]", "before")
    page.wait("name Acme → Acme Tools")
    assert "created" not in page.text()
    server.env["res.lang"].search([], limit=1).write({"name": "Else"})
    page.wait("res.lang 1 written")
    page.click(".chips a", "res.lang")
    page.wait("Else")
    page.until("!document.body.innerText.includes('Acme Tools')")
    acme.unlink()
    page.click(".chips a", "res.lang")
    page.wait("res.country.group 1 deleted")


def test_packs_and_webhooks_are_listed(browser: Browser) -> None:
    browser.screen(1200, 800)
    with MockServer(fixtures=["base_automation"], control=True) as server:
        partners = server.env["ir.model"].search([("model", "=", "res.partner")]).id
        send = {"name": "Tell", "model_id": partners, "state": "webhook", "webhook_url": "http://shop.example/hook"}
        rule = {"name": "Shop", "model_id": partners, "trigger": "on_create_or_write"}
        server.env["base.automation"].create({**rule, "action_server_ids": [(0, 0, send)]})
        go(browser, server, "server", "No automation has sent a webhook.")
        assert "base_automation" in browser.run("document.querySelector('.chips').innerText")
        call(server, "res.partner", "create", {"name": "Acme"})
        browser.wait("http://shop.example/hook")
        browser.wait("not sent")
        browser.click(".card button", "Clear")
        browser.wait("No automation has sent a webhook.")
        browser.click(".card a", "these installed modules")
        browser.wait("base_automation")
        browser.open("about:blank")
    assert browser.console == []


def test_a_fault_is_added_and_removed(page: Browser, server: MockServer) -> None:
    go(page, server, "faults", "No faults")
    page.fill("select[name=type]", "UserError")
    page.fill("input[name=message]", "The period is closed.")
    page.fill("section input[name=model]", "res.partner")
    page.fill("section input[name=method]", "create")
    page.fill("select[name=which]", "the next call")
    page.click("section button", "Add")
    page.wait("UserError(The period is closed.) at res.partner.create (times 1)")
    with pytest.raises(xmlrpc.client.Fault, match="The period is closed"):
        call(server, "res.partner", "create", {"name": "x"})
    page.wait("hit 1 of 1 call")
    page.click("button", "Remove")
    page.wait("No faults")
    assert len(server.faults) == 0


def test_a_wrong_fault_is_told(page: Browser, server: MockServer) -> None:
    go(page, server, "faults", "No faults")
    page.fill("section input[name=model]", "res.partnr")
    page.click("section button", "Add")
    page.wait("there is no model 'res.partnr'; did you mean 'res.partner'?")
    page.console.clear()


def test_an_override_is_added(page: Browser, server: MockServer) -> None:
    go(page, server, "faults", "No overrides")
    page.fill("section:last-child input[name=model]", "sale.order")
    page.fill("section:last-child input[name=method]", "action_confirm")
    page.fill("section:last-child [name=value]", '{"done": 1}')
    page.click("section:last-child button", "Add")
    page.wait('sale.order.action_confirm answers {"done":1}')
    assert call(server, "sale.order", "action_confirm", [1]) == {"done": 1}


def test_the_clock_a_snapshot_and_a_database(page: Browser, server: MockServer) -> None:
    go(page, server, "server", "No snapshots")
    page.fill("input[name=moment]", "2026-01-31 12:00:00")
    page.click("button", "Freeze")
    page.wait("2026-01-31 12:00:00 UTC, frozen")
    page.click("button", "+1 hour")
    page.wait("2026-01-31 13:00:00 UTC, frozen")
    page.fill(".card input[name=name]", "before")
    page.click("button", "Take")
    page.wait("before 2026-01-31 13:00:00")
    server.env["res.partner"].create({"name": "Acme"})
    page.click("button", "Restore")
    page.wait("Restored before.")
    assert server.env["res.partner"].search_count([("name", "=", "Acme")]) == 0
    page.fill("input[placeholder=second]", "other")
    page.click("button", "Create")
    page.until("document.querySelector('#db').options.length === 2")


def test_a_reset_asks_once_more(page: Browser, server: MockServer) -> None:
    server.faults.add(HttpError(503), required=False)
    go(page, server, "faults", "HttpError(503)")
    page.click("#reset")
    page.wait("Really reset?")
    assert len(server.faults) == 1
    page.click("#reset")
    page.wait("The initial state is restored.")
    assert len(server.faults) == 0


def test_it_tells_when_the_server_is_down_and_goes_on(page: Browser, server: MockServer) -> None:
    go(page, server, "calls", "No calls yet")
    with server.down():
        page.wait("The server does not answer. This page continues as soon as it does.")
    page.until("document.querySelector('#lost').hidden")
    page.console.clear()  # refused connections


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_has_room_for_every_view(page: Browser, server: MockServer, dark: bool) -> None:
    call(server, "res.partner", "create", {"name": "Acme " * 20, "email": "a" * 80, "comment": "x" * 200})
    partner = server.env["res.partner"].search([("email", "=", "a" * 80)]).id
    page.screen(390, 844, dark=dark, phone=True)
    for view, words in {
        "records": "res.country.state", "records/res.partner": "‹ Models",
        "records/res.partner?show=fields": "Related model",
        f"records/res.partner/{partner}": "Show empty fields", "calls": "res.partner.create", "faults": "Overrides",
        "changes": "res.partner 1 created",
        "server": "openapi.json",
    }.items():  # fmt: skip
        go(page, server, view, words)
        assert page.run("document.documentElement.scrollWidth") == 390, view
    background = page.run("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(23, 21, 26)" if dark else "rgb(247, 246, 248)")


def test_it_asks_for_the_control_token_and_keeps_it_for_the_tab(browser: Browser) -> None:
    with MockServer(control=True, control_token="t0ken") as locked:
        browser.open("about:blank")
        browser.open(f"{locked.url}/_mock/#/records/res.country")
        browser.wait("Control token of this server")
        browser.until("document.querySelector('#lost').hidden")
        browser.fill("#token input", "wrong")
        browser.click("#token button", "Continue")
        browser.wait("the token is not the control token of this server")
        browser.fill("#token input", "t0ken")
        browser.click("#token button", "Continue")
        browser.wait("1–40 of 250 records")
        browser.until("document.querySelector('#token').hidden")
        browser.open("about:blank")
        browser.open(f"{locked.url}/_mock/#/records/res.country")
        browser.wait("1–40 of 250 records")
        browser.open("about:blank")
        assert locked.errors == []
    browser.console.clear()  # the answers 401
