"""The contact sync against a mock of Odoo: what it does on a good day, and what it must not do on a bad one."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import requests
from contact_sync import Contact, ContactSync
from hypothesis import HealthCheck, given, settings
from odoo_session import Busy, LoginRefused, Odoo

from mockserver import AccessError, HttpError, MockServer, Reset, SessionExpired, UserError
from mockserver.testing.strategies import records

PROFILES = ["odoo-11.0", "odoo-15.0", "odoo-17.0", "odoo-19.0", "flectra-1.6"]
AZURE = {"name": "Azure Interior", "email": "azure@example.com", "phone": ""}
MakeSync = Callable[..., ContactSync]


@pytest.fixture
def naps() -> list[float]:
    """The seconds that the sync slept."""
    return []


@pytest.fixture
def sync(mockserver: MockServer, naps: list[float]) -> MakeSync:
    """A sync of these contacts, with Odoo's address, database and login; it only says that it sleeps."""

    def make(*contacts: Contact, login: str = mockserver.login, page: int = 100, **options: Any) -> ContactSync:
        odoo = Odoo(mockserver.url, mockserver.db, login, login, sleep=naps.append, **options)
        return ContactSync(odoo, {contact.ref: contact for contact in contacts}, page=page)

    return make


@pytest.fixture(autouse=True)
def _only_what_it_needs(mockserver: MockServer) -> None:
    """In every test: four methods of one model, and no others."""
    mockserver.expect_only("res.partner.search_read", "res.partner.read", "res.partner.create", "res.partner.write")


def azure(**values: Any) -> Contact:
    return Contact(**{"ref": "C1", **AZURE, **values})


# -- a good day


@pytest.mark.parametrize(
    "profile", [pytest.param(name, marks=pytest.mark.mockserver(profile=name), id=name) for name in PROFILES]
)
def test_contacts_go_up_and_come_down(mockserver: MockServer, sync: MakeSync, profile: str) -> None:
    assert mockserver.profile.name == profile
    known = mockserver.env["res.partner"].create({"name": "Deco Addict", "ref": "C2"})
    mockserver.clock.tick(60)
    both = sync(azure())

    report = both.run()

    assert report.created == ["C1"]
    assert report.pulled == ["C2"]
    mockserver.assert_called("res.partner", "create", vals={"ref": "C1", **AZURE}, count=1)
    assert both.contacts["C2"].name == "Deco Addict"

    mockserver.clock.tick(60)
    known.phone = "+32 2 290 34 90"
    both.contacts["C1"].name, both.contacts["C1"].changed = "Azure", True
    report = both.run()

    assert (report.updated, report.pulled) == (["C1"], ["C2"])
    assert both.contacts["C2"].phone == "+32 2 290 34 90"
    mockserver.assert_order(["res.partner.create", ("res.partner", "write", {"vals__contains": {"name": "Azure"}})])


def test_a_second_run_has_nothing_to_do(mockserver: MockServer, sync: MakeSync) -> None:
    both = sync(azure())
    both.run()
    later = mockserver.changes.since_now()
    report = both.run()
    assert report.created == report.updated == report.pulled == []
    assert later.count == 0


def test_an_import_of_one_second_is_read_page_by_page(mockserver: MockServer, sync: MakeSync) -> None:
    mockserver.clock.freeze("2026-01-31 12:00:00")
    mockserver.env["res.partner"].create([{"name": f"Imported {n}", "ref": f"I{n}"} for n in range(25)])
    report = sync(page=10).run()
    assert report.pulled == [f"I{n}" for n in range(25)]
    pages = mockserver.assert_called("res.partner", "search_read", limit=10, order="write_date, id", count=3)
    assert [len(call.answer) for call in pages] == [10, 10, 5]


def test_what_is_written_between_two_pages_is_not_missed(mockserver: MockServer, sync: MakeSync) -> None:
    mockserver.clock.freeze("2026-01-31 12:00:00")
    partners = mockserver.env["res.partner"].create([{"name": f"Old {n}", "ref": f"I{n}"} for n in range(4)])

    @mockserver.on_call("res.partner", "search_read")
    def search_read(records: Any, parent: Any, *args: Any, **kwargs: Any) -> Any:
        page = parent()
        if partners[0].name == "Old 0":  # the first page is on its way
            mockserver.clock.tick(1)
            partners[0].name = "New 0"
        return page

    both = sync(page=2)
    assert both.run().pulled == ["I0", "I1", "I2", "I3"]
    assert both.run().pulled == ["I0"]
    assert both.contacts["I0"].name == "New 0"


def test_a_rehearsal_does_what_the_run_does(mockserver: MockServer, sync: MakeSync) -> None:
    with mockserver.snapshot():
        rehearsed = sync(azure()).run()
    assert mockserver.changes.count == 0
    assert sync(azure()).run() == rehearsed


# -- a busy server


def test_it_waits_as_long_as_it_is_told(mockserver: MockServer, sync: MakeSync, naps: list[float]) -> None:
    mockserver.fail("res.partner", "create", HttpError(503, retry_after=7), times=1)
    assert sync(azure()).run().created == ["C1"]
    assert naps == [7]


def test_it_waits_until_a_date(mockserver: MockServer, sync: MakeSync, naps: list[float]) -> None:
    past = "Wed, 21 Oct 2015 07:28:00 GMT"
    mockserver.fail("res.partner", "create", [HttpError(503, retry_after=past), HttpError(429, retry_after="soon")])
    assert sync(azure()).run().created == ["C1"]
    assert naps == [0, 2]


def test_it_waits_longer_each_time(mockserver: MockServer, sync: MakeSync, naps: list[float]) -> None:
    mockserver.fail("res.partner", "search_read", [HttpError(503), HttpError(502), Reset(), HttpError(503)])
    assert sync(azure()).run().created == ["C1"]
    assert naps == [1, 2, 4, 8]


def test_it_gives_up_and_goes_on_another_day(mockserver: MockServer, sync: MakeSync, naps: list[float]) -> None:
    both = sync(azure(), Contact("C2", "Deco Addict"))
    mockserver.fail("res.partner", "create", [None, *[HttpError(503)] * 5])
    with pytest.raises(Busy, match="503 Service Unavailable"):
        both.run()
    assert naps == [1, 2, 4, 8]
    assert both.run().created == ["C2"]
    mockserver.assert_called("res.partner", "create", error=False, count=2)


def test_the_server_is_away(mockserver: MockServer, sync: MakeSync) -> None:
    both = sync(azure(), attempts=2)
    with mockserver.down(), pytest.raises(requests.ConnectionError):
        both.run()
    assert both.run().created == ["C1"]


# -- a lost answer


@pytest.mark.parametrize(
    "fault",
    [Reset(), Reset(after=True), HttpError(503), HttpError(502, after=True)],
    ids=["reset", "reset-after", "503", "502-after"],
)
def test_a_contact_is_created_once(mockserver: MockServer, sync: MakeSync, fault: Any) -> None:
    mockserver.fail("res.partner", "create", fault, times=1)
    report = sync(azure()).run()
    assert report.created == ["C1"]
    assert mockserver.env["res.partner"].search_count([("ref", "=", "C1")]) == 1
    # it looks before it creates, and again before it tries again
    mockserver.assert_order(["res.partner.search_read", "res.partner.create", "res.partner.search_read"])


@pytest.mark.parametrize("method", ["write", "read"])
def test_its_own_write_is_no_conflict(mockserver: MockServer, sync: MakeSync, method: str) -> None:
    both = sync(azure())
    both.run()
    mockserver.clock.tick(60)
    both.contacts["C1"].phone, both.contacts["C1"].changed = "1", True
    mockserver.fail("res.partner", method, Reset(after=True), times=1)
    assert both.run().updated == ["C1"]
    mockserver.assert_called("res.partner", "write", count=1)


# -- the session


def test_it_logs_in_again(mockserver: MockServer, sync: MakeSync) -> None:
    mockserver.fail("res.partner", "create", SessionExpired(), times=1)
    assert sync(azure()).run().created == ["C1"]
    mockserver.assert_called("session", "authenticate", count=2)
    mockserver.assert_called("res.partner", "create", error=False, count=1)


def test_a_session_does_not_last_until_the_next_run(mockserver: MockServer, sync: MakeSync) -> None:
    both = sync(azure())
    both.run()
    mockserver.clock.tick(datetime.timedelta(days=8))
    both.run()
    mockserver.assert_called("session", "authenticate", count=2)


@pytest.mark.parametrize(
    "profile", [pytest.param(name, marks=pytest.mark.mockserver(profile=name), id=name) for name in PROFILES]
)
def test_a_wrong_password_is_not_tried_twice(mockserver: MockServer, sync: MakeSync, profile: str) -> None:
    with pytest.raises(LoginRefused, match="Access Denied"):
        sync(azure(), login="nobody").run()
    mockserver.assert_called("session", "authenticate", count=1)


# -- refusals


def test_one_contact_that_is_refused_does_not_stop_the_others(mockserver: MockServer, sync: MakeSync) -> None:
    mockserver.fail("res.partner", "create", UserError("The VAT number is not valid."), nth=2)
    both = sync(azure(), Contact("C2", "Deco Addict"), Contact("C3", "Gemini Furniture"))
    report = both.run()
    assert report.created == ["C1", "C3"]
    assert report.refused == {"C2": "The VAT number is not valid."}
    assert both.run().created == ["C2"]  # tried again


def test_a_user_who_may_only_read(mockserver: MockServer, sync: MakeSync) -> None:
    reader = mockserver.user("reader@example.com", groups=["base.group_user"])
    partner = mockserver.env["res.partner"].create({"name": "Azure", "ref": "C1"})
    arranged = mockserver.changes.since_now()
    both = sync(azure(seen=partner.write_date), Contact("C2", "Deco Addict"), login=reader.login)

    report = both.run()

    assert list(report.refused) == ["C1", "C2"]
    assert "allowed" in report.refused["C1"]
    assert both.contacts["C1"].changed
    mockserver.assert_called("res.partner", "write", user=reader, error=AccessError, count=1)
    assert arranged.count == 0


# -- duplicates and conflicts


def test_of_duplicates_none_is_touched(mockserver: MockServer, sync: MakeSync) -> None:
    twins = mockserver.env["res.partner"].create([{"name": "One", "ref": "C1"}, {"name": "Two", "ref": "C1"}])
    twins[1].active = False  # one of them in the archive
    report = sync(azure()).run()
    assert report.duplicate == ["C1"]
    assert twins.mapped("name") == ["One", "Two"]
    mockserver.assert_not_called("res.partner", "create")
    mockserver.assert_not_called("res.partner", "write")


def test_a_duplicate_that_appears_at_odoo_does_not_come_down(mockserver: MockServer, sync: MakeSync) -> None:
    both = sync(azure())
    both.run()
    mockserver.env["res.partner"].create({"name": "Twin", "ref": "C1"})
    assert both.run().duplicate == ["C1"]
    assert both.contacts["C1"].name == "Azure Interior"


def test_what_odoo_changed_since_is_kept(mockserver: MockServer, sync: MakeSync) -> None:
    both = sync(azure())
    both.run()
    mockserver.clock.tick(60)
    partner = mockserver.env["res.partner"].search([("ref", "=", "C1")])
    partner.phone = "theirs"
    arranged = mockserver.changes.since_now()
    both.contacts["C1"].phone, both.contacts["C1"].changed = "ours", True

    assert both.run().conflict == ["C1"]
    assert partner.phone == both.contacts["C1"].phone == "theirs"
    assert arranged.count == 0


def test_the_same_change_on_both_sides_is_no_conflict(mockserver: MockServer, sync: MakeSync) -> None:
    both = sync(azure())
    both.run()
    mockserver.clock.tick(60)
    mockserver.env["res.partner"].search([("ref", "=", "C1")]).phone = "1"
    both.contacts["C1"].phone, both.contacts["C1"].changed = "1", True
    assert both.run().unchanged == ["C1"]
    mockserver.assert_not_called("res.partner", "write")


def test_nothing_is_deleted(mockserver: MockServer, sync: MakeSync) -> None:
    gone = mockserver.env["res.partner"].create({"name": "To go", "ref": "C3"})
    mockserver.env["res.partner"].create([{"name": "One", "ref": "C2"}, {"name": "Two", "ref": "C2"}])
    both = sync(azure(), Contact("C2", "Deco Addict"))
    both.run()
    gone.unlink()
    del both.contacts["C1"]
    later = mockserver.changes.since_now()

    assert both.run().duplicate == ["C2"]

    mockserver.assert_not_called(method="unlink")
    assert later.deleted.count == 0
    assert "C3" in both.contacts


# -- whatever the contacts are

some = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
partners = records("res.partner", max_size=12, only=["name", "email", "phone"])


@some
@given(partners=partners)
def test_every_contact_arrives_once(mockserver: MockServer, sync: MakeSync, partners: list[dict[str, Any]]) -> None:
    with mockserver.snapshot():
        ours = [Contact(f"C{n}", **values) for n, values in enumerate(partners)]
        report = sync(*ours, http=mockserver.requests_session()).run()
        assert report.created == [contact.ref for contact in ours]
        made = mockserver.env["res.partner"].search([("ref", "!=", False)], order="id")
        assert made.mapped("name") == [values["name"] for values in partners]


@some
@given(partners=partners)
def test_every_change_is_read_once(mockserver: MockServer, sync: MakeSync, partners: list[dict[str, Any]]) -> None:
    with mockserver.snapshot():
        mockserver.env["res.partner"].create([{"ref": f"C{n}", **values} for n, values in enumerate(partners)])
        both = sync(page=3, http=mockserver.requests_session())
        assert both.run().pulled == [f"C{n}" for n in range(len(partners))]
        assert [contact.name for contact in both.contacts.values()] == [values["name"] for values in partners]
        assert both.run().pulled == []
