"""Pulling from a live server, which is another instance of ourselves: with other data, of every profile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from mockserver import MockServer
from mockserver.cli import main
from mockserver.contract.live.client import PROTOCOLS, Client
from mockserver.contract.live.errors import LiveError
from mockserver.contract.pull import Pulled, Wanted, pull
from mockserver.contract.pull.reader import SMALL_BATCH
from mockserver.contract.pull.schema_reader import ModelSchema
from mockserver.contract.pull.scrub import Scrub
from mockserver.contract.pull.server_profile import profile_of
from mockserver.contract.pull.source import PullError

PEOPLE = ("Anna Kowalska", "Иван Петров", "李小龍", "Ñandú Peñalosa", "محمد الرحمن", "Νίκος Παπαδόπουλος", "अनिता शर्मा")
SHOP: dict[str, Any] = {
    "models": {
        "x_visit": {
            "description": "Visit",
            "order": "x_when desc, id",
            "fields": {
                "x_name": {"type": "char", "string": "Subject", "required": True},
                "x_who": {"type": "many2one", "relation": "res.partner", "ondelete": "restrict"},
                "x_when": {"type": "date"},
                "x_tags": {"type": "many2many", "relation": "res.partner.category"},
                "x_state": {"type": "selection", "selection": [["new", "New"], ["done", "Done"]], "copy": False},
                "x_city": {"type": "char", "related": "x_who.city", "store": False},
                "x_about": {"type": "reference", "selection": [["res.partner", "Contact"], ["res.country", "Country"]]},
                "x_lines": {"type": "one2many", "relation": "x_visit.line", "relation_field": "x_visit"},
                "x_note": {"type": "html"},
                # as a computed field of a real server: not stored, and not empty
                "x_summary": {"type": "char", "store": False, "kept": True, "readonly": True},
                "x_file": {"type": "binary"},
                "x_token": {"type": "char"},
                "x_paid": {"type": "float", "digits": [16, 2]},
                "x_active": {"type": "boolean"},
            },
            "defaults": {"x_state": "new", "x_when": {"call": "today"}, "x_active": True},
        },
        "x_visit.line": {
            "description": "Visit Line",
            "rec_name": "x_product",
            "fields": {
                "x_visit": {"type": "many2one", "relation": "x_visit", "required": True, "ondelete": "cascade"},
                "x_product": {"type": "char", "size": 40},
                "x_quantity": {"type": "integer"},
            },
            "defaults": {"x_quantity": 1},
        },
        "x_note": {
            "fields": {"x_by": {"type": "many2one", "relation": "res.users"}, "x_at": {"type": "datetime"}},
            "defaults": {"x_by": {"call": "user"}, "x_at": {"call": "now"}},
        },
        "res.partner": {"fields": {"x_rank": {"type": "integer", "string": "Rank"}}},
    },
    "records": [
        *(
            {
                "model": "res.partner",
                **({"xmlid": f"shop.customer_{i}"} if i % 2 else {}),
                "id": 500 + i,
                "values": {
                    "name": name, "email": f"person{i}.kontakt@firma-{i}.pl", "phone": f"+48 600 123 45{i}",
                    "street": f"Długa {1000 + i}", "city": "Kraków", "zip": f"31-0{i}5", "vat": f"PL106000006{i}",
                    "country_id": {"ref": "base.pl"}, "x_rank": i,
                    "category_id": [{"ref": "base.res_partner_category_0"}],
                    "comment": f"<p>{name} lives at Długa {1000 + i}</p>",
                },
            }
            for i, name in enumerate(PEOPLE)
        ),
        *(
            {
                "model": "x_visit",
                "xmlid": f"shop.visit_{i}",
                "values": {
                    "x_name": f"Visit of {name}", "x_who": 500 + i, "x_when": f"2024-02-0{i + 1}", "x_paid": i * 1.5,
                    "x_tags": [{"ref": "base.res_partner_category_0"}], "x_about": {"ref": "base.pl"},
                    "x_note": f"<p>met {name}</p>", "x_file": "SGVsbG8=", "x_token": "tok-3nSecret", "x_active": i != 3,
                    "x_summary": f"Met {i} times",
                },
            }
            for i, name in enumerate(PEOPLE)
        ),
        *(
            {"model": "x_visit.line", "values": {"x_visit": {"ref": f"shop.visit_{i % 7}"}, "x_product": f"Desk {i}"}}
            for i in range(20)
        ),
        {
            "model": "ir.model.access", "xmlid": "shop.access_visit",
            "values": {"name": "visit", "model_id": {"ref": "__custom__.model_x_visit"}, "perm_read": True,
                       "perm_write": True,
                       "perm_create": True, "group_id": {"ref": "shop.group_visitor"}},
        },
        {"model": "res.groups", "xmlid": "shop.group_visitor", "values": {"name": "Visitors"}},
        {"model": "res.company", "xmlid": "base.main_company", "update": True, "values": {"name": "Zażółć Sp. z o.o."}},
    ],
}  # fmt: skip
GENERATIONS = (
    "odoo-11.0",
    "flectra-1.6",
    "flectra-2.0",
    "odoo-13.0",
    "odoo-15.0",
    "odoo-17.0",
    "odoo-18.0",
    "odoo-19.0",
)
API_KEY = "0123456789abcdef0123456789abcdef01234567"


def source(profile: str, **options: Any) -> MockServer:
    """A live server with data of its own, whose administrator may visit."""
    server = MockServer(demo=True, profile=profile, db="live", password="s3cret-of-admin", **options)
    server.load(SHOP)
    groups = "group_ids" if "group_ids" in server.env["res.users"]._model.fields else "groups_id"
    server.env["res.users"].browse(server.uid).write({groups: [(4, server.ref("shop.group_visitor").id)]})
    return server


@pytest.fixture(scope="module")
def live() -> Iterator[MockServer]:
    with source("odoo-17.0") as server:
        yield server


@pytest.fixture(scope="module")
def selling() -> Iterator[MockServer]:
    """A live server with products and orders too."""
    with source("odoo-17.0", fixtures=["demo"]) as server:
        server.clock.freeze(f"{server.clock.today()} 12:00:00")
        yield server


def client(server: MockServer, **options: Any) -> Client:
    return Client(server.url, server.db, server.login, **{"password": server.password, **options})


def taken(server: MockServer, tmp_path: Path, *models: str, name: str = "mine.json", **options: Any) -> Pulled:
    """What a pull of these models gives; the file is `tmp_path / name`."""
    keys = {k: options.pop(k) for k in ("scrub", "resume", "rate", "profile", "progress") if k in options}
    protocol = {k: options.pop(k) for k in ("protocol", "api_key", "password") if k in options}
    with client(server, **protocol) as erp:
        return pull(erp, Wanted(models, **options), tmp_path / name, **keys)


def answers(server: MockServer, calls: list[tuple[str, str, list[Any], dict[str, Any]]]) -> list[Any]:
    with client(server) as erp:
        return [_without_clocks(erp.call(*call)) for call in calls]


def _without_clocks(value: Any) -> Any:
    """Without what is of the moment of loading."""
    clocks = {"create_date", "write_date", "__last_update", "create_uid", "write_uid"}
    if isinstance(value, list):
        return [_without_clocks(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_clocks(item) for key, item in value.items() if key not in clocks}
    return value


ALL = {"context": {"active_test": False}}
CALLS: list[tuple[str, str, list[Any], dict[str, Any]]] = [
    ("x_visit", "fields_get", [], {}),
    ("x_visit.line", "fields_get", [], {}),
    ("res.partner", "fields_get", [], {}),
    ("x_visit", "search_read", [[]], {"fields": ["x_name", "x_who", "x_tags", "x_city", "x_lines", "x_about"]}),
    ("x_visit", "search_read", [[("x_who.name", "ilike", "a")]], {**ALL, "order": "x_name"}),
    ("x_visit.line", "search_read", [[]], {}),
    ("x_visit.line", "search_read", [[("x_visit.x_state", "=", "new")]], {"limit": 5, "order": "x_product desc"}),
    ("x_visit", "search_read", [[]], {"fields": ["x_summary", "x_paid", "x_file", "x_active"], **ALL}),
    ("x_visit", "name_search", ["Visit"], {}),
    ("x_visit", "search_count", [[("x_when", ">", "2024-02-03")]], {}),
    ("res.partner", "read", [[500, 501, 502, 503, 504, 505, 506]], {}),
    ("res.partner", "search", [[("x_rank", ">", 3), ("country_id.code", "=", "PL")]], {}),
    ("x_visit", "default_get", [["x_state", "x_active", "x_name"]], {}),
]  # fmt: skip


@pytest.mark.parametrize("profile", GENERATIONS)
def test_a_pulled_fixture_answers_as_its_source(profile: str, tmp_path: Path) -> None:
    with source(profile) as server:
        pulled = taken(server, tmp_path, "x_visit*", "res.partner")
        expected = answers(server, CALLS)
    assert pulled.fixture["profile"] == profile
    with MockServer(profile=profile, fixtures=[str(tmp_path / "mine.json")]) as mock:
        for call, wanted, got in zip(CALLS, expected, answers(mock, CALLS), strict=True):
            if call[1] != "fields_get" and "tok-3n" in str(wanted):
                wanted = json.loads(json.dumps(wanted).replace('"tok-3nSecret"', "false"))
            assert got == wanted, call


def test_a_business_model_of_a_pack_comes_whole(selling: MockServer, tmp_path: Path) -> None:
    taken(selling, tmp_path, "sale.order", related=2)
    calls: list[Any] = [
        ("sale.order", "fields_get", [], {}),
        ("sale.order.line", "fields_get", [], {}),
        ("product.product", "fields_get", [], {}),
        ("sale.order", "search_read", [[]], {}),
        ("sale.order.line", "search_read", [[]], {"fields": ["name", "product_id", "price_unit", "order_id"]}),
        (
            "sale.order",
            "search_read",
            [[("order_line.product_id.name", "ilike", "e")]],
            {"fields": ["name", "partner_id"]},
        ),
    ]
    expected = answers(selling, calls)
    with MockServer(fixtures=[str(tmp_path / "mine.json")]) as mock:
        for call, wanted, got in zip(calls, expected, answers(mock, calls), strict=True):
            assert _kept(got) == _kept(wanted), call


def _kept(answer: Any) -> Any:
    """Return an answer without what stays on the server: messages, activities, invoices, and what only forms show.

    A field with values that leads to records which stay there, such as activities, has these values, and no path.
    """
    if not isinstance(answer, list):
        return {name: {k: v for k, v in field.items() if k != "related"} for name, field in answer.items()}
    left = ("message", "warning", "tax_totals", "activity_", "invoice_ids")
    return [{name: value for name, value in row.items() if not any(part in name for part in left)} for row in answer]


# -- protocols, twice the same


@pytest.mark.parametrize("profile", ["odoo-17.0", "odoo-19.0"])
def test_every_protocol_gives_the_same_bytes(profile: str, tmp_path: Path) -> None:
    with source(profile, api_key=API_KEY) as server:
        protocols = [p for p in PROTOCOLS if p != "json2" or profile == "odoo-19.0"]
        for protocol in protocols:
            key = {"api_key": API_KEY, "password": None} if protocol == "json2" else {}
            taken(server, tmp_path, "x_visit", "res.users", name=protocol, protocol=protocol, **key)
    assert len({(tmp_path / protocol).read_bytes() for protocol in protocols}) == 1


def test_pulling_twice_gives_the_same_bytes(selling: MockServer, tmp_path: Path) -> None:
    for name in ("one", "two"):
        taken(selling, tmp_path, "x_*", "sale.order", name=name, scrub=Scrub("key"))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    taken(selling, tmp_path, "x_*", "sale.order", name="other", scrub=Scrub("another key"))
    assert (tmp_path / "one").read_bytes() != (tmp_path / "other").read_bytes()


def test_a_pulled_fixture_pulled_again_is_the_same(live: MockServer, tmp_path: Path) -> None:
    first = taken(live, tmp_path, "x_visit*")
    with MockServer(fixtures=[str(tmp_path / "mine.json")]) as mock:
        again = taken(mock, tmp_path, "x_visit*", name="again.json")
    assert again.fixture["models"] == first.fixture["models"]
    for record in (*first.fixture["records"], *again.fixture["records"]):
        record.pop("noupdate", None)
    assert [r for r in again.fixture["records"] if r["model"] != "res.users"] == [
        r for r in first.fixture["records"] if r["model"] != "res.users"
    ]


# -- what is in it


def test_records_keep_their_external_ids_and_the_others_get_stable_ones(live: MockServer, tmp_path: Path) -> None:
    records = taken(live, tmp_path, "x_visit", related=1).fixture["records"]
    xmlids = {record["xmlid"] for record in records if record["model"] == "res.partner"}
    assert {"shop.customer_1", "pulled.res_partner_502"} <= xmlids
    [visit] = [record for record in records if record.get("xmlid") == "shop.visit_1"]
    assert visit["values"]["x_who"] == {"ref": "shop.customer_1"}
    assert visit["values"]["x_about"] == {"ref": "base.pl"}


def test_lines_come_with_their_record_and_others_only_as_deep_as_asked(live: MockServer, tmp_path: Path) -> None:
    one = taken(live, tmp_path, "x_visit").fixture
    assert sum(record["model"] == "x_visit.line" for record in one["records"]) == 20
    none = taken(live, tmp_path, "x_visit", related=0)
    assert {record["model"] for record in none.fixture["records"]} >= {"x_visit"}
    assert not [record for record in none.fixture["records"] if record["model"] in ("x_visit.line", "res.partner")]
    assert "x_visit.x_who: refers to records that were not pulled: 7 values left empty" in none.notes


def test_a_domain_and_a_limit_choose_the_records(live: MockServer, tmp_path: Path) -> None:
    domains = {"x_visit": [("x_when", ">", "2024-02-02")]}
    records = taken(live, tmp_path, "x_visit", domains=domains, limit=2, related=0).fixture["records"]
    assert [r["values"]["x_when"] for r in records if r["model"] == "x_visit"] == ["2024-02-03", "2024-02-04"]


def test_a_domain_of_another_model_is_refused(selling: MockServer, tmp_path: Path) -> None:
    with pytest.raises(PullError, match=r"a domain of x_visits, which is not among the models; did you mean 'x_visit'"):
        taken(selling, tmp_path, "x_visit", domains={"x_visits": [("id", "=", 1)]})


@pytest.mark.parametrize("option", [("--domain", "[]"), ("--limit", "3"), ("--related", "0")])
def test_what_chooses_records_is_refused_where_none_are_read(option: tuple[str, str]) -> None:
    given = ["--url", "http://x", "--db", "x", "--models", "x", "-o", "x.json", "--schema-only", *option]
    done = CliRunner().invoke(main, ["pull", *given])
    text = f"mockserver: {option[0]} has no effect with --schema-only, which reads no records\n"
    assert (done.exit_code, done.output) == (2, text)


def test_a_schema_alone_has_models_defaults_and_rights(selling: MockServer, tmp_path: Path) -> None:
    fixture = taken(selling, tmp_path, "x_visit", "x_note", "sale.order", schema_only=True).fixture
    assert fixture["models"]["x_visit"]["defaults"] == {"x_active": True, "x_state": "new", "x_when": {"call": "today"}}
    assert fixture["models"]["x_visit"]["order"] == "x_when desc, id"
    assert fixture["models"]["x_visit"]["fields"]["x_state"]["copy"] is False
    assert fixture["models"]["x_note"]["defaults"] == {"x_by": {"call": "user"}, "x_at": {"call": "now"}}
    assert {record["model"] for record in fixture["records"]} <= {
        "ir.model.access",
        "ir.rule",
        "res.groups",
        "res.users",
    }


def test_access_rights_come_with_their_groups(live: MockServer, tmp_path: Path) -> None:
    fixture = taken(live, tmp_path, "x_visit").fixture
    [access] = [r for r in fixture["records"] if r.get("xmlid") == "shop.access_visit"]
    assert access["values"]["model_id"] == {"ref": "__custom__.model_x_visit"}
    assert access["values"]["group_id"] == {"ref": "shop.group_visitor"}
    with MockServer(fixtures=[str(tmp_path / "mine.json")]) as mock:
        assert len(mock.env["x_visit"].search([])) == 6
        with pytest.raises(Exception, match="Visit"):
            mock.user("stranger").env["x_visit"].search([])
        assert len(mock.user("visitor", ["base.group_user", "shop.group_visitor"]).env["x_visit"].search([])) == 6


def test_the_base_data_are_extended_and_not_written_again(live: MockServer, tmp_path: Path) -> None:
    fixture = taken(live, tmp_path, "res.partner", "res.country").fixture
    assert list(fixture["models"]["res.partner"]["fields"]) == ["x_rank"]
    assert "res.country" not in fixture["models"]
    assert not [record for record in fixture["records"] if record["model"] == "res.country"]
    [company] = [r for r in fixture["records"] if r.get("xmlid") == "base.main_partner"]
    assert (company["update"], company["values"]) == (True, {"name": "Zażółć Sp. z o.o."})


@pytest.mark.parametrize("profile", ["odoo-12.0", "odoo-14.0", "odoo-17.0", "odoo-19.0"])
def test_translations_and_values_of_companies_are_pulled(profile: str, tmp_path: Path) -> None:
    barcode = {"type": "char", "string": "Barcode", "company_dependent": True}
    with MockServer(profile=profile, db="live", password="s3cret-of-admin") as server:
        env = server.env
        server.load({"models": {"res.partner": {"fields": {"x_code": barcode}}}})
        server.load({"models": {"x_grade": {"fields": {"x_name": {"type": "char", "translate": True}}}}})
        env["base.language.install"].create(_languages(server, "fr_FR")).lang_install()
        second = env["res.company"].create({"name": "Second"})
        env["res.users"].browse(server.uid).write({"company_ids": [(4, second.id)]})
        grade = env["x_grade"].create({"x_name": "Gold"})
        grade.with_context(lang="fr_FR").write({"x_name": "Or"})
        partner = env["res.partner"].create({"name": "Anna", "x_code": "one"})
        partner.with_context(_in_company(second.id)).write({"x_code": "two"})
        fixture = taken(server, tmp_path, "x_grade", "res.partner").fixture
    [value] = [r["values"]["x_name"] for r in fixture["records"] if r["model"] == "x_grade"]
    assert value == {"value": "Gold", "translations": {"fr_FR": "Or"}}
    with MockServer(profile=profile, fixtures=[str(tmp_path / "mine.json")]) as mock:
        found = mock.env["x_grade"].search([])
        assert (found.x_name, found.with_context(lang="fr_FR").x_name) == ("Gold", "Or")
        anna = mock.env["res.partner"].search([("name", "=", "Anna")])
        company = mock.env["res.company"].search([("name", "=", "Second")])
        assert (anna.x_code, anna.with_context(_in_company(company.id)).x_code) == ("one", "two")


def _in_company(id_: int) -> dict[str, Any]:
    """The context for values of a company: `force_company` until 12."""
    return {"allowed_company_ids": [id_], "force_company": id_}


def _languages(server: MockServer, code: str) -> dict[str, Any]:
    """The values of the wizard that installs a language: by code until 13, by id from 14 on."""
    wizard = server.env["base.language.install"]
    if "lang_ids" not in wizard._model.fields:
        return {"lang": code}
    language = server.env["res.lang"].with_context(active_test=False).search([("code", "=", code)])
    return {"lang_ids": [(6, 0, language.ids)]}


def test_an_id_that_the_base_data_have_otherwise_is_another_one(tmp_path: Path) -> None:
    with source("odoo-17.0") as server:
        server.database("live").store.delete("ir.model.data", _data_id(server, "base", "partner_admin"))
        record = server.env["res.partner"].browse(3)
        record.write({"name": "Somebody else"})
        pulled = taken(server, tmp_path, "res.partner").fixture
    [other] = [r for r in pulled["records"] if r["values"].get("name") == "Somebody else"]
    assert other["xmlid"] == "pulled.res_partner_3"
    assert other["id"] == 507


def _data_id(server: MockServer, module: str, name: str) -> int:
    rows = server.database("live").store.rows("ir.model.data").values()
    return next(int(row["id"]) for row in rows if (row["module"], row["name"]) == (module, name))


def test_models_that_others_delegate_to_come_too(selling: MockServer, tmp_path: Path) -> None:
    fixture = taken(selling, tmp_path, "product.product", schema_only=True).fixture
    with MockServer(fixtures=[str(tmp_path / "mine.json")]) as mock:
        assert "product.template" in mock.database("mock").registry
    assert "product.template" in fixture["models"] or "inherits" not in fixture["models"]["product.product"]


# -- secrets


def test_no_secret_is_read_or_written_in_any_mode(tmp_path: Path) -> None:
    with source("odoo-17.0", api_key=API_KEY) as server:
        env = server.env
        env["ir.config_parameter"].create({"key": "acme.auth", "value": "par-hunter2"})
        env["ir.config_parameter"].create({"key": "acme.days", "value": "30"})
        env["res.users"].create({"name": "Eve", "login": "eve", "password": "pass-of-eve"})
        names = "res.users", "ir.config_parameter", "x_visit"
        modes: list[dict[str, Any]] = [{}, {"scrub": Scrub()}, {"related": 3}]
        for options in modes:
            pulled = taken(server, tmp_path, *names, **options)
            text = (tmp_path / "mine.json").read_text(encoding="utf-8")
            secrets = [row.get("value") for row in server.database("live").store.rows("ir.config_parameter").values()
                       if row["key"] in ("database.secret", "database.uuid")]  # fmt: skip
            for secret in (
                "par-hunter2",
                "pass-of-eve",
                "s3cret-of-admin",
                API_KEY,
                "tok-3nSecret",
                *filter(None, secrets),
            ):
                assert secret not in text
            keys = {r["values"].get("key") for r in pulled.fixture["records"] if r["model"] == "ir.config_parameter"}
            assert "acme.days" in keys
            assert not list(tmp_path.glob("*.part"))
        read = {str(name) for call in server.calls if call.method == "read" for name in call.args.get("fields") or ()}
        assert read.isdisjoint({"password", "new_password", "x_token", "access_token", "signup_token"})
        with pytest.raises(PullError, match=r"res\.users\.apikeys cannot be pulled: it holds secrets"):
            taken(server, tmp_path, "res.users.apikeys")


def test_the_file_of_an_interrupted_pull_holds_no_secret_and_nothing_personal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with source("odoo-17.0") as server:
        _interrupt(monkeypatch, after=60)
        with pytest.raises(KeyboardInterrupt):
            taken(server, tmp_path, "x_visit", "res.partner", scrub=Scrub())
        text = (tmp_path / "mine.json.pull.part").read_text(encoding="utf-8")
    assert '["rows' in text.replace("\\", "")
    for personal in (*PEOPLE, "kontakt@", "Długa", "600 123", "s3cret-of-admin", "tok-3nSecret", "SGVsbG8="):
        assert personal not in text


# -- scrubbing


def test_a_scrubbed_fixture_holds_none_of_the_personal_strings_and_still_loads(
    selling: MockServer, tmp_path: Path
) -> None:
    pulled = taken(selling, tmp_path, "x_visit", "res.partner", "res.users", "sale.order", scrub=Scrub("key"))
    text = (tmp_path / "mine.json").read_text(encoding="utf-8").casefold()
    personal = {word for name in PEOPLE for word in name.split()} | {
        "Długa",
        "kontakt",
        "firma-",
        "Kraków",
        "600 123",
        "1060000",
    }
    rows = selling.database("live").store.rows("res.partner").values()
    for row in rows:
        personal |= {row[f] for f in ("name", "email", "phone", "street", "website", "vat") if row.get(f)}
    assert [string for string in personal if string.casefold() in text] == []
    with MockServer(fixtures=[str(tmp_path / "mine.json")]) as mock:
        [visit] = mock.env["x_visit"].search([("x_lines.x_quantity", "=", 1), ("x_paid", "=", 1.5)])
        assert visit.x_who.id == 501
        assert visit.x_who.email.endswith("@example.com")
        assert visit.x_name.endswith(visit.x_who.name)
        assert visit.x_city == visit.x_who.city
        assert len({partner.email for partner in mock.env["res.partner"].search([("x_rank", ">", 0)])}) == 6
    assert "x_visit.x_paid (float): 6" in pulled.kept
    assert "res.partner.email (email): " in "\n".join(pulled.replaced)


def test_what_is_kept_on_demand_is_told(live: MockServer, tmp_path: Path) -> None:
    scrub = Scrub("key", keep=["x_visit.line.*", "x_visits.x_name"], also=["x_visit.x_paid"])
    pulled = taken(live, tmp_path, "x_visit", scrub=scrub)
    products = [r["values"]["x_product"] for r in pulled.fixture["records"] if r["model"] == "x_visit.line"]
    assert products[0] == "Desk 0"
    assert "x_visit.line.x_product (char): 20" in pulled.kept
    assert "x_visits.x_name: no field of that name was pulled" in pulled.kept
    assert "x_visit.x_paid (figure): 6" in pulled.replaced


# -- interrupted and resumed


def _interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    from mockserver.contract.pull.source import LiveSource

    call, made = LiveSource.__call__, iter(range(10**6))

    def limited(self: LiveSource, *args: Any) -> Any:
        if next(made) >= after:
            raise KeyboardInterrupt
        return call(self, *args)

    monkeypatch.setattr(LiveSource, "__call__", limited)


@pytest.mark.parametrize(("after", "scrubbed"), [(3, True), (7, False), (40, True), (90, False)])
def test_an_interrupted_pull_goes_on_and_gives_the_same_bytes(
    selling: MockServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int, scrubbed: bool
) -> None:
    scrub: dict[str, Any] = {"scrub": Scrub("key")} if scrubbed else {}
    whole = taken(selling, tmp_path, "x_visit", "sale.order", name="whole.json", **scrub)
    with monkeypatch.context() as patch:
        _interrupt(patch, after)
        with pytest.raises(KeyboardInterrupt):
            taken(selling, tmp_path, "x_visit", "sale.order", **scrub)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["mine.json.pull.part", "whole.json"]
    resumed = taken(selling, tmp_path, "x_visit", "sale.order", resume=True, **scrub)
    assert resumed.calls <= whole.calls - after + 5
    assert (tmp_path / "mine.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["mine.json", "whole.json"]


def test_another_pull_is_not_resumed(selling: MockServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        _interrupt(patch, 20)
        with pytest.raises(KeyboardInterrupt):
            taken(selling, tmp_path, "x_visit")
    with pytest.raises(PullError, match=r"mine\.json\.pull\.part belongs to another pull"):
        taken(selling, tmp_path, "sale.order", resume=True)
    with (tmp_path / "mine.json.pull.part").open("a") as part:
        part.write('{"key": "half a li')
    taken(selling, tmp_path, "x_visit", resume=True)


# -- what goes wrong


@pytest.mark.parametrize(
    ("models", "text"),
    [
        (["sale.ordr"], r"no model of the server is called 'sale\.ordr'; did you mean sale\.order"),
        (["x_vist*"], r"no model of the server is called 'x_vist\*'; did you mean x_visit"),
        (["ir.model.fields"], r"ir\.model\.fields cannot be pulled: it is written from the models themselves"),
    ],
)
def test_a_model_that_is_not_there_is_named_with_near_ones(
    selling: MockServer, tmp_path: Path, models: list[str], text: str
) -> None:
    with pytest.raises(PullError, match=text):
        taken(selling, tmp_path, *models)
    assert list(tmp_path.iterdir()) == []


def test_a_domain_that_the_server_refuses_is_an_error(live: MockServer, tmp_path: Path) -> None:
    with pytest.raises(PullError, match=r"does not let this user search x_visit, or not with that domain"):
        taken(live, tmp_path, "x_visit", domains={"": [("nothing", "=", 1)]})


def test_a_user_without_rights_on_the_tables_of_rights_pulls_what_they_see(tmp_path: Path) -> None:
    with source("odoo-17.0") as server:
        somebody = server.user("plain", ["base.group_user", "shop.group_visitor"])
        with Client(server.url, server.db, "plain", somebody.password) as erp:
            pulled = pull(erp, Wanted(["x_visit"]), tmp_path / "mine.json")
    assert "x_visit" in pulled.fixture["models"]
    with MockServer(fixtures=[str(tmp_path / "mine.json")]) as mock:
        assert len(mock.env["x_visit"].search([])) == 6


def run(server: MockServer | str, tmp_path: Path, *arguments: str, password: str = "s3cret-of-admin") -> Any:
    url = server if isinstance(server, str) else server.url
    options = ["pull", "--url", url, "--db", "live", "--login", "admin", "--password-env", "ERP_PASSWORD"]
    target = ["-o", str(tmp_path / "mine.json")]
    return CliRunner().invoke(main, [*options, *arguments, *target], env={"ERP_PASSWORD": password})


def test_the_command_tells_what_it_wrote(live: MockServer, tmp_path: Path) -> None:
    done = run(
        live, tmp_path, "--models", "x_visit,x_visit.line", "--scrub", "--domain", "x_visit=[('x_paid', '>', 2)]"
    )
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0].endswith("mine.json: 3 models, 37 records, profile odoo-17.0")
    assert "kept as they were (choices, numbers, dates, technical texts):" in done.stdout
    assert "s3cret" not in done.output


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--models", "x_vist"], "mockserver: no model of the server is called 'x_vist'; did you mean x_visit"),
        (["--models", "x_visit", "--domain", "x=1"], "mockserver: --domain x=1: a domain is a list such as"),
        (
            ["--models", "x_visit", "--keep", "a.b"],
            "mockserver: --keep, --scrub-field and --scrub-key-env need --scrub",
        ),
        (["--models", "x_visit", "--scrub", "--scrub-key-env", "NO_SUCH"], "NO_SUCH is not set"),
        (["--models", "x_visit", "--profile", "odoo-99"], "mockserver: unknown profile 'odoo-99'"),
        (["--models", "x_visit", "--scrub", "--scrub-field", "x_visit.x_state"], "a selection has no look-alike"),
    ],
)
def test_the_command_refuses_in_one_line(live: MockServer, tmp_path: Path, arguments: list[str], text: str) -> None:
    done = run(live, tmp_path, *arguments)
    assert (done.exit_code, len(done.output.splitlines())) == (2, 1)
    assert text in done.output
    assert not (tmp_path / "mine.json").exists()


def test_a_wrong_password_and_an_unreachable_host_are_told(live: MockServer, tmp_path: Path) -> None:
    wrong = run(live, tmp_path, "--models", "x_visit", password="nOt-the-one")
    assert (wrong.exit_code, len(wrong.output.splitlines())) == (2, 1)
    assert "does not let 'admin' into database 'live'" in wrong.output
    assert "nOt-the-one" not in wrong.output
    nobody = run("http://127.0.0.1:9", tmp_path, "--models", "x_visit")
    assert nobody.exit_code == 2
    assert "http://127.0.0.1:9 cannot be reached" in nobody.output
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer_is_given_up_and_can_be_resumed(tmp_path: Path) -> None:
    from mockserver.testing.faults import Timeout

    with source("odoo-17.0") as server:
        hang = server.faults.add(Timeout(), model="x_visit", method="read")
        done = run(server, tmp_path, "--models", "x_visit", "--timeout", "1")
        assert done.exit_code == 2
        assert "did not answer within 1 s (--resume continues from here)" in done.output
        server.faults.remove(hang)
        assert run(server, tmp_path, "--models", "x_visit", "--resume").exit_code == 0
    assert (tmp_path / "mine.json").is_file()


def test_a_busy_server_is_asked_again_when_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mockserver.testing.faults import HttpError

    with source("odoo-17.0") as server:
        server.faults.add(HttpError(503, retry_after=1), model="x_visit", method="read", times=1)
        waits: list[float] = []
        monkeypatch.setattr("mockserver.contract.live.connection.time.sleep", waits.append)
        taken(server, tmp_path, "x_visit")
        assert waits == [1]
        server.faults.add(HttpError(503, retry_after=3600), model="x_visit", method="read")
        with pytest.raises(LiveError, match="503"):
            taken(server, tmp_path, "x_visit")


def test_calls_are_not_made_faster_than_asked(
    live: MockServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    # a clock that stands still: every call comes at once, and has to wait for all those before it
    clock = SimpleNamespace(monotonic=lambda: 1000.0, sleep=waits.append)
    monkeypatch.setattr("mockserver.contract.pull.source.time", clock)
    pulled = taken(live, tmp_path, "x_visit.line", related=0, rate=100)
    assert waits == pytest.approx([number / 100 for number in range(1, pulled.calls)])


def test_many_records_are_pulled_in_batches(tmp_path: Path) -> None:
    number = 20 * SMALL_BATCH
    with source("odoo-17.0") as server:
        server.env["res.partner"].create([{"name": f"Customer {i}", "email": f"c{i}@x.pl"} for i in range(number)])
        told: list[tuple[int, int]] = []
        pulled = taken(server, tmp_path, "res.partner", progress=lambda done, total: told.append((done, total)))
        reads = server.calls.of("res.partner", "read", fields__contains=["email"])
    assert sum(record["model"] == "res.partner" for record in pulled.fixture["records"]) > number
    assert 20 < reads.count < 25
    assert told[-1][0] == told[-1][1] > number


# -- small parts


@pytest.mark.parametrize(
    ("version", "package", "profile"),
    [
        ("17.0", "odoo", "odoo-17.0"),
        ("16.0+e", "odoo", "odoo-16.0"),
        ("saas~17.2", "odoo", "odoo-17.0"),
        ("1.6", "flectra", "flectra-1.6"),
        ("13.0", "flectra", "flectra-2.0"),
        ("13.0", "odoo", "odoo-13.0"),
        ("11.0-20240101", "odoo", "odoo-11.0"),
    ],
)
def test_the_profile_is_told_by_the_version(version: str, package: str, profile: str) -> None:
    assert profile_of({"server_version": version}, package).name == profile


def test_a_version_without_a_profile_is_an_error() -> None:
    with pytest.raises(PullError, match=r"there is no profile for a server of version '8\.0'"):
        profile_of({"server_version": "8.0"}, "openerp")


def test_a_delegated_field_is_its_parents() -> None:
    schema = ModelSchema("a", {}, {"name": {"type": "char", "related": "b_id.name"}}, inherits={"b": "b_id"})
    assert schema.delegated("name")
