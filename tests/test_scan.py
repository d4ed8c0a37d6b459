"""Fixtures from the source of a module: what is read, what is noted, and that nothing of it is run."""

from __future__ import annotations

import base64
import json
import os
import sys
import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from mockserver import MockServer, api, cli, models, profiles
from mockserver.cli.serve import tell_of_scanned
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.seed import build as seed, scan
from mockserver.seed.build import FixtureError
from mockserver.seed.files import folder
from mockserver.seed.scan.manifest import MAX_BYTES

ADDON = Path(__file__).parent / "scan" / "depot_fleet"
Fixture = dict[str, Any]


def run(path: Path, *options: str, out: Path) -> tuple[Fixture, list[str]]:
    """The fixture that the command writes, and its notes."""
    result = CliRunner().invoke(cli.main, ["scan", str(path), "--out", str(out), *options])
    assert result.exit_code == 0, result.output
    notes = [line.removeprefix("note: ") for line in result.stderr.splitlines()]
    return json.loads(out.read_text("utf-8")), notes


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Fixture, list[str]]:
    return run(ADDON, out=tmp_path_factory.mktemp("scan") / "depot_fleet.json")


@pytest.fixture(scope="module")
def fixture(scanned: tuple[Fixture, list[str]]) -> Fixture:
    return scanned[0]


@pytest.fixture(scope="module")
def notes(scanned: tuple[Fixture, list[str]]) -> list[str]:
    return scanned[1]


def fields(fixture: Fixture, model: str) -> Fixture:
    return dict(fixture["models"][model]["fields"])


def record(fixture: Fixture, xmlid: str) -> Fixture:
    return next(one for one in fixture["records"] if one.get("xmlid") == f"depot_fleet.{xmlid}")


def write(root: Path, files: dict[str, str]) -> Path:
    """A module in a folder; one without a manifest gets an empty one."""
    for name, text in {"__manifest__.py": "{}", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


MODEL = "from odoo import fields, models\nclass A(models.Model):\n    _name = 'a.a'\n"


def of_source(root: Path, body: str, **files: str) -> tuple[Fixture, list[str]]:
    """What is read of a class with this body."""
    source = MODEL + "".join(f"    {line}\n" for line in body.splitlines())
    return run(write(root / "mod", {"__init__.py": source, **files}), out=root / "out.json")


def of_data(root: Path, inner: str) -> tuple[Fixture, list[str]]:
    """What is read of the records of an XML file."""
    files = {
        "__manifest__.py": "{'data': ['a.xml']}",
        "__init__.py": MODEL + "    name = fields.Char()\n    number = fields.Integer()\n    when = fields.Date()\n",
        "a.xml": f"<odoo>{inner}</odoo>",
    }
    return run(write(root / "mod", files), out=root / "out.json")


def build(*fixtures: str | Path, profile: str = profiles.DEFAULT) -> Database:
    return seed.build("test", profile=profiles.get(profile).with_demo(True), fixtures=fixtures, clock=Clock())


# -- models and fields


def test_a_module_of_twenty_models_is_a_valid_fixture(fixture: Fixture) -> None:
    own = [name for name in fixture["models"] if name.startswith("depot.")]
    assert len(own) == 20
    assert fixture["requires"] == ["mail", "product"]
    jsonschema.validate(fixture, json.loads((folder() / "schema.json").read_text("utf-8")))


def test_what_a_class_says_of_its_model(fixture: Fixture) -> None:
    depot = fixture["models"]["depot.depot"]
    said = {key: depot[key] for key in depot if key not in ("fields", "defaults", "constraints")}
    assert said == {
        "description": "Depot", "module": "depot_fleet", "order": "sequence, name desc", "parent_name": "parent_id",
        "parent_store": True, "rec_names_search": ["name", "code"], "inherit": ["mail.thread", "depot.coded"],
    }  # fmt: skip
    assert fixture["models"]["depot.coded"]["abstract"] is True
    assert fixture["models"]["depot.plan"]["transient"] is True
    assert fixture["models"]["depot.bay"]["rec_name"] == "label"
    assert fixture["models"]["depot.workshop"]["inherits"] == {"res.partner": "partner_id"}
    assert fixture["models"]["depot.mechanic"]["inherits"] == {"res.users": "user_id"}
    assert fixture["models"]["depot.trip.report"]["auto"] is False
    assert "route.class" in fixture["models"], "in 19.0 a class without a name gives its own"


def test_the_types_and_attributes_of_fields(fixture: Fixture) -> None:
    depot = fields(fixture, "depot.depot")
    assert depot["name"] == {
        "type": "char", "string": "Depot", "required": True, "translate": True, "tracking": True,
    }  # fmt: skip
    assert depot["parent_id"] == {
        "type": "many2one", "string": "Above", "relation": "depot.depot", "ondelete": "restrict",
    }  # fmt: skip
    assert depot["child_ids"] == {
        "type": "one2many", "string": "Child", "relation": "depot.depot", "relation_field": "parent_id",
        "sortable": False,
    }  # fmt: skip
    assert depot["budget"]["company_dependent"] is True
    assert depot["budget"]["digits"] == [16, 3]
    assert (depot["picture"]["max_width"], depot["picture"]["type"]) == (128, "image")
    assert fields(fixture, "depot.coded")["code"] == {"type": "char", "string": "Code", "size": 8, "copy": False}
    assert fields(fixture, "depot.vehicle")["plate"]["tracking"] == "onchange", "as until 12.0"
    assert fields(fixture, "depot.vehicle")["trip_ids"]["copy"] is True
    assert fields(fixture, "depot.maker")["name"]["type"] == "char", "of a class that is imported by its name"
    assert fields(fixture, "depot.trip")["res_id"]["relation_field"] == "res_model"


def test_choices_are_literals_constants_or_what_a_method_returns(fixture: Fixture) -> None:
    depot = fields(fixture, "depot.depot")
    assert depot["kind"]["selection"] == [["city", "City"], ["land", "Country"], ["sea", "Harbour"]]
    assert depot["opening"]["selection"] == [["day", "By day"], ["always", "Always"]]
    assert depot["policy"]["selection"] == []
    assert fields(fixture, "depot.vehicle")["state"]["selection"][1] == ["used", "In use"]


def test_choices_that_an_extension_adds_stand_where_they_do_on_the_server(fixture: Fixture) -> None:
    keys = [key for key, _ in fields(fixture, "res.partner")["licence"]["selection"]]
    assert keys == ["a", "b", "c", "d"]


def test_an_extension_changes_only_what_it_says(fixture: Fixture) -> None:
    assert fields(fixture, "res.partner")["ref"] == {"required": False, "help": "The number in the depot's books"}
    assert "description" not in fixture["models"]["res.partner"]


def test_defaults(fixture: Fixture) -> None:
    assert fixture["models"]["depot.depot"]["defaults"] == {
        "kind": "city", "active": True, "company_id": {"call": "company"}, "keeper_id": {"call": "user"},
        "opened": {"call": "today"}, "checked_at": {"call": "now"}, "opening": "day",
    }  # fmt: skip
    assert fixture["models"]["depot.trip"]["defaults"]["date"] == {"call": "today"}, "of a function of the file"
    assert fixture["models"]["depot.priced"]["defaults"] == {"currency_id": {"ref": "base.EUR"}}


def test_computed_and_related_fields(fixture: Fixture) -> None:
    count = fields(fixture, "depot.depot")["vehicle_count"]
    assert count["depends"] == ["vehicle_ids", "vehicle_ids.state"]
    assert (count["store"], count["readonly"]) == (False, True)
    vehicle = fields(fixture, "depot.vehicle")
    assert vehicle["mileage"]["computed"] is True
    assert (vehicle["maker_id"]["relation"], vehicle["maker_id"].get("store", True)) == ("depot.maker", True)
    assert (vehicle["maker_name"]["related"], vehicle["maker_name"]["store"]) == ("model_id.maker_id.name", False)


def test_two_sides_of_a_many2many_are_one_relation(fixture: Fixture) -> None:
    sides = fields(fixture, "depot.tag")["vehicle_ids"], fields(fixture, "depot.vehicle")["tag_ids"]
    assert [side.get("mirror") for side in sides] == [None, "vehicle_ids"]


def test_constraints_of_two_generations(fixture: Fixture) -> None:
    assert [one["name"] for one in fixture["models"]["depot.depot"]["constraints"]] == [
        "code_uniq",
        "sequence_positive",
    ]
    unique, index = fixture["models"]["depot.bay"]["constraints"]
    assert (unique["name"], unique["unique"]) == ("label_uniq", ["depot_id", "label"])
    assert (index["unique"], index["where"]) == (["label"], "depot_id IS NULL")


# -- records


def test_values_of_records(fixture: Fixture) -> None:
    north = record(fixture, "depot_north")
    assert north["noupdate"] is True
    picture = base64.b64encode((ADDON / "static" / "depot.png").read_bytes()).decode()
    assert north["values"] == {
        "name": "North", "code": "N1", "sequence": 5, "parent_id": {"ref": "depot_fleet.depot_all"}, "kind": "sea",
        "note": "<p>Quay <b>7</b></p>", "picture": picture,
    }  # fmt: skip
    assert record(fixture, "tag_red")["values"] == {"name": "Red", "color": 3}
    assert record(fixture, "fuel_wood")["values"] == {"name": "Wood, dry", "clean": True, "price": 1.5}
    assert record(fixture, "depot_demo")["demo"] is True


def test_lines_become_records_that_point_to_theirs(fixture: Fixture) -> None:
    line = next(one for one in fixture["records"] if one["values"].get("name") == "T1")
    assert line["values"]["vehicle_id"] == {"ref": "depot_fleet.vehicle_1"}
    assert record(fixture, "stop_1")["values"]["trip_id"] == {"ref": "depot_fleet.trip_2"}


def test_a_record_that_is_there_is_updated_and_two_of_the_module_are_one(fixture: Fixture) -> None:
    company = next(one for one in fixture["records"] if one["model"] == "res.company")
    assert (company["xmlid"], company["update"]) == ("base.main_company", True)
    assert record(fixture, "vehicle_1")["values"]["serial"] == "S-1"


def test_rights_name_models_as_the_database_does(fixture: Fixture) -> None:
    right = record(fixture, "access_partner")["values"]
    assert right["model_id"] == {"ref": "base.model_res_partner"}
    assert (right["perm_read"], right["perm_write"]) == (True, False)
    assert not any(one.get("xmlid") == "depot_fleet.access_guest" for one in fixture["records"]), "it is of no group"


# -- what is not read


@pytest.mark.parametrize(
    "note",
    [
        "__manifest__.py:7: depends on fleet_portal_extra, of which there is no pack",
        "__manifest__.py:14: ../outside.xml is not read: it is outside the module's folder",
        "__manifest__.py:15: data/missing.xml is not read: there is no such file",
        "__manifest__.py:18: post_init_hook is not run",
        "models/forgotten.py: no file imports it, so it was not read",
        "controllers/__init__.py:6: the routes of DepotController are not served",
        "models/trip.py:21: depot.trip.duration: _compute_duration is not run, so the field is not computed",
        "models/depot.py:35: depot.depot.gate_code: default is not a literal: _draw_code()",
        "models/vehicle.py:67: depot.vehicle.serial: required is not a literal: lambda self: True",
        "models/vehicle.py:69: depot.vehicle.sensor: unknown type of field: fields.Serialized",
        "models/trip.py:45: depot.trip.report: order is left out: unknown field 'no_such_field'",
        "models/trip.py:22: depot.trip.cost: it is not required here, since it is not computed",
        "models/upkeep.py:29: depot.repair.lost_ids is left out: depot.repair.part has no field 'no_such_field'",
        "models/extensions.py:19: lease.contract is not extended: no module that was read has it",
        "models/parties.py:26: class Named: _name is not a literal: str(name_of_the_day); not read",
        "models/parties.py:32: class Conditional stands in a condition: not read",
        "data/depot_data.xml:11: depot_north, field opened: eval is not a literal: time.strftime('%Y-01-01')",
        "data/depot_data.xml:26: depot_fleet.vehicle_1, field colour: depot.vehicle has no such field here",
        "data/depot_data.xml:54: not read: <function> action_open",
        "views/depot_views.xml:16: not read: <template> page",
        "security/depot_security.xml:18: depot_fleet.rule_lost is left out: there is no record "
        "fleet_portal_extra.group_guest, and without groups it would mean something else",
    ],
)
def test_what_is_not_read_is_told_with_its_line(note: str, notes: list[str]) -> None:
    assert f"depot_fleet/{note}" in notes


def test_a_model_that_is_not_there_is_absent(fixture: Fixture, notes: list[str]) -> None:
    assert fixture["absent"] == ["lease.contract"]
    assert any("the model lease.contract is absent, so the field is empty" in note for note in notes)


def test_the_fixture_tells_the_notes_too(fixture: Fixture, notes: list[str]) -> None:
    first, *lines = fixture["about"].splitlines()
    assert first == "Read from the source of depot_fleet 17.0.1.2.0."
    assert lines == [f"Not read: {note}" for note in notes]
    assert scan.unread(fixture) == len(notes)


# -- nothing is run


def test_nothing_of_the_module_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(ADDON, out=tmp_path / "out.json")
    build(ADDON)
    assert not Path("depot_fleet_was_run").exists()
    assert "DEPOT_FLEET_WAS_RUN" not in os.environ
    assert not [name for name in sys.modules if "depot_fleet" in name]


def test_calls_in_values_are_not_made(tmp_path: Path) -> None:
    evil = "__import__(&quot;os&quot;).system(&quot;touch made&quot;)"
    fixture, notes = of_data(tmp_path, f'<record id="x" model="a.a"><field name="name" eval="{evil}"/></record>')
    assert fixture["records"] == [{"model": "a.a", "xmlid": "mod.x", "values": {}}]
    assert "eval is not a literal: __import__" in notes[0]


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE odoo [<!ENTITY x SYSTEM "file:///etc/passwd">]><odoo>&x;</odoo>',
        '<!DOCTYPE odoo [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><odoo>&c;</odoo>',
        "<!DOCTYPE odoo><odoo/>",
        "<odoo>" * 300 + "</odoo>" * 300,
        "<odoo><record></odoo>",
        "",
    ],
)
def test_documents_that_are_not_safe_or_not_whole_are_not_read(document: str, tmp_path: Path) -> None:
    files = {"__manifest__.py": "{'data': ['a.xml']}", "a.xml": document}
    fixture, notes = run(write(tmp_path / "mod", files), out=tmp_path / "out.json")
    assert fixture["records"] == []
    assert [note for note in notes if note.startswith("mod/a.xml: not read: line ")] == notes


@pytest.mark.parametrize(
    "source",
    ["print 'old'\n", "x = " + "(" * 5000 + ")" * 5000 + "\n", "x = '\0'\n", "\udce9".join("ab")],
    ids=["python 2", "deep", "null", "bytes"],
)
def test_python_that_cannot_be_parsed_is_told(source: str, tmp_path: Path) -> None:
    path = write(tmp_path / "mod", {"__init__.py": ""})
    (path / "__init__.py").write_bytes(source.encode("utf-8", "surrogateescape"))
    assert run(path, out=tmp_path / "out.json")[1][0].startswith("mod/__init__.py: not read: ")


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    _, notes = run(
        write(tmp_path / "mod", {"__init__.py": "from . import long", "long.py": "#" * MAX_BYTES + "\n"}),
        out=tmp_path / "a",
    )
    assert "mod/long.py: not read: it has more than 1024 KiB" in notes


def test_what_stands_twice_is_told(tmp_path: Path) -> None:
    body = """
name = fields.Char()
name = fields.Text()
state = fields.Selection([('a', 'A'), ('b', 'B'), ('a', 'C')])
"""
    fixture, notes = of_source(tmp_path, body)
    assert fixture["models"]["a.a"]["fields"]["name"]["type"] == "text"
    assert "mod/__init__.py:6: a.a.name: it stands twice in the class; the last one counts" in notes
    assert "mod/__init__.py:7: a.a.state: the key 'a' of the selection stands twice" in notes


@pytest.mark.parametrize("name", ["'My Model'", "5", "'a-b'"])
def test_a_name_that_no_model_may_have_is_told(tmp_path: Path, name: str) -> None:
    source = f"from odoo import models\nclass A(models.Model):\n    _name = {name}\n"
    fixture, notes = run(write(tmp_path / "mod", {"__init__.py": source}), out=tmp_path / "out.json")
    assert notes == [f"mod/__init__.py:2: class A: {name} is no name of a model: not read"]
    assert not fixture["models"]


def test_the_reason_why_python_is_not_read_is_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "mod", {"__init__.py": "from . import deep, nul, out\n", "nul.py": "x = 1\0"})
    (path / "deep.py").write_text(f"x = {'-' * 200_000}1", "utf-8")
    (tmp_path / "secret.py").write_text("x = 1", "utf-8")
    (path / "out.py").symlink_to(tmp_path / "secret.py")
    notes = run(path, out=tmp_path / "out.json")[1]
    assert "mod/deep.py: not read: it is nested too deeply" in notes
    assert "mod/out.py: not read: it is outside the module's folder" in notes
    assert [note.startswith("mod/nul.py: not read: it is no Python 3: source") for note in notes].count(True) == 1


def test_links_that_lead_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("id,name\nx,secret\n", "utf-8")
    path = write(tmp_path / "mod", {"__manifest__.py": "{'data': ['a.a.csv', '/etc/passwd']}", "__init__.py": MODEL})
    (path / "a.a.csv").symlink_to(tmp_path / "secret.csv")
    fixture, notes = run(path, out=tmp_path / "out.json")
    assert fixture["records"] == []
    assert [note.rpartition(": ")[2] for note in notes] == ["it is outside the module's folder"] * 2


def test_constants_that_name_each_other_end(tmp_path: Path) -> None:
    doubled = "\n".join(f"B{n + 1} = B{n} + B{n}" for n in range(40))
    _, notes = of_source(
        tmp_path, f"A = A\nB0 = [('x', 'X')]\n{doubled}\nx = fields.Char(A)\ny = fields.Selection(B40)"
    )
    assert [note.partition(": ")[2] for note in notes] == [
        "a.a.x: string is not a literal: A", "a.a.y: selection is not a literal: B9 + B9",
    ]  # fmt: skip


# -- the forms that things have


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("lambda self: self.env.user.company_id.id", {"call": "company"}),
        ("lambda self: self.env['res.company']._company_default_get('a.a')", {"call": "company"}),
        ("lambda self: self.env.uid", {"call": "user"}),
        ("lambda *a: fields.Date.context_today(self)", {"call": "today"}),
        ("fields.Datetime.now", {"call": "now"}),
        ("lambda self: self.env.ref('base.be').id", {"ref": "base.be"}),
        ("lambda self: 3", 3),
        ("-1", -1),
    ],
)
def test_forms_of_defaults(value: str, expected: Any, tmp_path: Path) -> None:
    fixture, _ = of_source(tmp_path, f"x = fields.Integer(default={value})")
    assert fixture["models"]["a.a"]["defaults"] == {"x": expected}


@pytest.mark.parametrize("value", ["lambda self: self.env.company.currency_id", "uuid4", "lambda self: self._next()"])
def test_other_defaults_are_told(value: str, tmp_path: Path) -> None:
    fixture, notes = of_source(tmp_path, f"x = fields.Integer(default={value})")
    assert "defaults" not in fixture["models"]["a.a"]
    assert "a.a.x: default is not a literal" in notes[0]


@pytest.mark.parametrize(
    ("inner", "values"),
    [
        ('<field name="number">7</field>', {"number": 7}),
        ('<field name="number" eval="-3"/>', {"number": -3}),
        ('<field name="name" eval="False"/>', {"name": False}),
        ('<field name="name" eval="12"/>', {"name": "12"}),
        ('<field name="when">2024-02-29</field>', {"when": "2024-02-29"}),
    ],
)
def test_forms_of_values(inner: str, values: dict[str, Any], tmp_path: Path) -> None:
    fixture, notes = of_data(tmp_path, f'<record id="x" model="a.a">{inner}</record>')
    assert (fixture["records"][0]["values"], notes) == (values, [])


@pytest.mark.parametrize(
    ("inner", "note"),
    [
        ('<field name="number">seven</field>', "'seven' is no value of a integer"),
        ('<field name="when">29/02/2024</field>', "a date takes a date 'YYYY-MM-DD', not '29/02/2024'"),
        ('<field name="name" ref="base.be"/>', "a char takes no reference"),
        ('<field name="number" search="[]"/>', "a search is not made: []"),
        ('<field name="name" type="list"/>', "the type 'list' is not read"),
    ],
)
def test_values_that_do_not_fit_are_told(inner: str, note: str, tmp_path: Path) -> None:
    fixture, notes = of_data(tmp_path, f'<record id="x" model="a.a">{inner}</record>')
    assert fixture["records"][0]["values"] == {}
    assert notes[0].endswith(note)


def test_a_record_that_another_needs_is_missed_by_it(tmp_path: Path) -> None:
    body = "other_id = fields.Many2one('a.a', required=True)"
    xml = (
        '<odoo><record id="x" model="a.a"><field name="other_id" ref="y"/></record><record id="y" model="a.a"/></odoo>'
    )
    fixture, notes = of_source(tmp_path, body, **{"__manifest__.py": "{'data': ['a.xml']}", "a.xml": xml})
    assert fixture["records"] == []
    assert any("mod.y is left out" in note for note in notes)
    assert any("mod.x is left out" in note for note in notes)


def test_menus_are_records(tmp_path: Path) -> None:
    fixture, _ = of_data(tmp_path, '<menuitem id="m" name="M"><menuitem id="n" name="N" sequence="3"/></menuitem>')
    assert fixture["records"][1]["values"] == {"name": "N", "parent_id": {"ref": "mod.m"}, "sequence": 3}


def test_a_manifest_of_old(tmp_path: Path) -> None:
    files = {
        "__openerp__.py": "{'name': 'Old', 'version': '12.0.0.1', 'update_xml': ['a.a.csv'], 'depends': DEPENDS}",
        "__init__.py": MODEL + "    name = fields.Char()\n",
        "a.a.csv": "id,name\nx,X\n",
    }
    path = write(tmp_path / "mod", files)
    (path / "__manifest__.py").unlink()
    fixture, notes = run(path, out=tmp_path / "out.json")
    assert fixture["profile"] == "odoo-12.0"
    assert [one["xmlid"] for one in fixture["records"]] == ["mod.x"]
    assert notes == ["mod/__openerp__.py:1: manifest: not a literal: DEPENDS"]


def test_a_module_beside_it_that_it_depends_on_is_read_with_it(tmp_path: Path) -> None:
    write(tmp_path / "first", {"__manifest__.py": "{'depends': ['crm']}", "__init__.py": MODEL})
    extension = (
        "from odoo import fields, models\nclass A(models.Model):\n    _inherit = 'a.a'\n    more = fields.Char()\n"
    )
    second = write(tmp_path / "second", {"__manifest__.py": "{'depends': ['first']}", "__init__.py": extension})
    fixture, notes = run(second, out=tmp_path / "out.json")
    assert (fixture["requires"], notes) == (["crm"], [])
    assert fixture["models"]["a.a"]["module"] == "first"
    assert list(fields(fixture, "a.a")) == ["more"]
    assert "more" in build(second).registry["a.a"].fields


@pytest.mark.parametrize("manifest", ["", "import os\n", "{'name': ", "['a']"])
def test_a_manifest_that_is_none_is_an_error(manifest: str, tmp_path: Path) -> None:
    path = write(tmp_path / "mod", {"__manifest__.py": manifest})
    result = CliRunner().invoke(cli.main, ["scan", str(path), "--out", str(tmp_path / "out.json")])
    assert result.exit_code == 2
    assert "__manifest__.py: " in result.stderr
    with pytest.raises(FixtureError, match=r"__manifest__\.py: "):
        build(path)


def test_the_table_of_a_many2many_may_be_named(tmp_path: Path) -> None:
    body = "x = fields.Many2many(comodel_name='res.partner', relation='a_partner_rel', column1='a', column2='b')"
    fixture, notes = of_source(tmp_path, body)
    field = fields(fixture, "a.a")["x"]
    assert (field["relation"], field["relation_table"], field["relation_column"]) == (
        "res.partner",
        "a_partner_rel",
        "b",
    )
    assert notes == []


def test_a_field_of_a_delegate_that_is_declared_again_is_another(tmp_path: Path) -> None:
    body = (
        "_inherits = {'res.partner': 'partner_id'}\n"
        "partner_id = fields.Many2one('res.partner', required=True)\n"
        "complete_name = fields.Char(size=9)"
    )
    fixture, _ = of_source(tmp_path, body)
    assert fields(fixture, "a.a")["complete_name"] == {"type": "char", "string": "Complete Name", "size": 9}


def test_attributes_that_clients_do_not_see_are_left_out(tmp_path: Path) -> None:
    fixture, notes = of_source(
        tmp_path, "x = fields.Many2one('res.partner', context={'a': 1}, inherited=True, index=True)"
    )
    assert fields(fixture, "a.a")["x"] == {
        "type": "many2one", "string": "X", "relation": "res.partner", "context": {"a": 1},
    }  # fmt: skip
    assert notes == []


def test_constants_of_other_files_of_the_module(tmp_path: Path) -> None:
    source = (
        "from . import lists\nfrom .lists import KINDS as SORTS\n"
        + MODEL
        + "    x = fields.Selection(SORTS, default=SORTS[0][0])\n    y = fields.Selection(lists.KINDS)\n"
    )
    files = {"__init__.py": source, "lists.py": "ONE = ('a', 'A')\nKINDS = [ONE]\n"}
    fixture, notes = run(write(tmp_path / "mod", files), out=tmp_path / "out.json")
    assert [field["selection"] for field in fields(fixture, "a.a").values()] == [[["a", "A"]]] * 2
    assert (fixture["models"]["a.a"]["defaults"], notes) == ({"x": "a"}, [])


def test_a_view_without_a_name_gets_the_servers(tmp_path: Path) -> None:
    view = '<field name="model">a.a</field><field name="arch" type="xml"><form><field name="name"/></form></field>'
    fixture, notes = of_data(tmp_path, f'<record id="v" model="ir.ui.view">{view}</record>')
    assert (fixture["records"][0]["values"]["name"], notes) == ("a.a form", [])


def test_the_row_of_a_model_may_be_searched(tmp_path: Path) -> None:
    search = "<field name='model_id' search=\"[('model', '=', 'a.a')]\"/><field name='perm_read' eval='1'/>"
    inner = f'<record id="r" model="ir.model.access"><field name="name">R</field>{search}</record>'
    fixture, notes = of_data(tmp_path, inner)
    values = {"name": "R", "model_id": {"ref": "mod.model_a_a"}, "perm_read": True}
    assert (fixture["records"][0]["values"], notes) == (values, [])


def test_numbers_that_json_lacks_are_not_read(tmp_path: Path) -> None:
    _, notes = of_source(tmp_path, "x = fields.Float(default=1e999)")
    assert notes == ["mod/__init__.py:4: a.a.x: default is not a literal: 1e309"]


def test_serve_tells_how_much_was_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "mod", {"__init__.py": MODEL + "    x = fields.Char(default=f())\n"})
    with MockServer(fixtures=[str(path)]) as server:
        tell_of_scanned(server.app)
    told = f"mockserver: note: {path}: 1 things were not read; `mockserver scan {path} --out FILE` lists them\n"
    assert capsys.readouterr().err == told


def test_models_that_inherit_from_each_other_are_told(tmp_path: Path) -> None:
    source = (
        "from odoo import models\n"
        "class A(models.Model):\n    _name = 'a.a'\n    _inherit = ['b.b']\n    _inherits = {'b.b': 'b_id'}\n"
        "class B(models.Model):\n    _name = 'b.b'\n    _inherit = ['a.a']\n"
    )
    fixture, notes = run(write(tmp_path / "mod", {"__init__.py": source}), out=tmp_path / "out.json")
    assert sorted(fixture["models"]) == ["a.a", "b.b"]
    assert notes == [
        "mod/__init__.py:2: a.a: _inherits of b.b is left out: no field 'b_id'",
        "mod/__init__.py:6: b.b: _inherit of a.a is left out: it leads back to this model",
    ]


def test_a_field_that_the_mock_computes_stays_computed(tmp_path: Path) -> None:
    source = "from odoo import fields, models\nclass P(models.Model):\n    _inherit = 'res.partner'\n"
    source += "    commercial_partner_id = fields.Many2one(compute='_mine', string='Firm')\n"
    path = write(tmp_path / "mod", {"__init__.py": source})
    fixture, notes = run(path, out=tmp_path / "out.json")
    assert fields(fixture, "res.partner") == {"commercial_partner_id": {"string": "Firm"}}
    assert notes == [
        "mod/__init__.py:4: res.partner.commercial_partner_id: _mine is not run, the field keeps what it had"
    ]
    env = build(path).env()
    company = env["res.partner"].create({"name": "Company", "is_company": True})
    assert env["res.partner"].create({"name": "P", "parent_id": company.id})["commercial_partner_id"] == company


# -- served


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(fixtures=[str(ADDON)]) as running:
        yield running


def call(server: MockServer, model: str, method: str, *args: Any, **named: Any) -> Any:
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as proxy:
        return proxy.execute_kw(server.db, server.uid, server.password, model, method, list(args), named)


def test_the_models_are_served(server: MockServer) -> None:
    [north] = call(server, "depot.depot", "search_read", [["code", "=", "N1"]], ["name", "parent_id", "vehicle_ids"])
    assert (north["name"], north["parent_id"][1]) == ("North", "All")
    [vehicle] = call(server, "depot.vehicle", "read", north["vehicle_ids"], ["maker_name", "depot_id", "trip_ids"])
    assert vehicle["maker_name"] == "Karl"
    trips = call(server, "depot.trip", "read", vehicle["trip_ids"], ["name", "distance", "depot_id"])
    assert {trip["name"]: trip["distance"] for trip in trips} == {"T1": 12.5, "T2": 7.25}
    assert {trip["depot_id"][1] for trip in trips} == {"North"}


def test_the_models_are_written(server: MockServer) -> None:
    id_ = call(server, "depot.workshop", "create", {"name": "Pit", "lifts": 2})
    assert call(server, "depot.workshop", "read", [id_], ["name", "partner_id"])[0]["partner_id"][1] == "Pit"
    created = call(server, "depot.depot", "create", {"name": "East"})
    [east] = call(server, "depot.depot", "read", [created], ["kind", "keeper_id", "company_id", "vehicle_count"])
    assert (east["kind"], east["keeper_id"][0], east["vehicle_count"]) == ("city", server.uid, 0)
    with pytest.raises(xmlrpc.client.Fault, match="Two depots cannot have the same code"):
        call(server, "depot.depot", "create", {"name": "Twin", "code": "N1"})
    with pytest.raises(xmlrpc.client.Fault, match="The sequence is negative"):
        call(server, "depot.depot", "create", {"name": "Low", "sequence": -1})


def test_fields_are_described(server: MockServer) -> None:
    described = call(server, "depot.depot", "fields_get", ["kind", "vehicle_count"], ["string", "help", "selection"])
    assert described["vehicle_count"]["help"] == "How many vehicles stand here"
    assert described["kind"]["selection"][2] == ["sea", "Harbour"]


def test_the_folder_and_the_file_give_the_same_database(scanned: tuple[Fixture, list[str]], tmp_path: Path) -> None:
    path = tmp_path / "depot_fleet.json"
    path.write_text(json.dumps(scanned[0]), "utf-8")
    both = [build(one) for one in (ADDON, path)]
    assert [database.store.rows("depot.trip") for database in both] == [both[0].store.rows("depot.trip")] * 2
    assert [sorted(database.registry["depot.vehicle"].fields) for database in both].count(
        sorted(both[0].registry["depot.vehicle"].fields)
    ) == 2


@pytest.mark.parametrize("profile", sorted(profiles.PROFILES))
def test_the_folder_loads_in_every_profile(profile: str) -> None:
    database = build(ADDON, profile=profile)
    assert database.env()["depot.vehicle"].search([]).mapped("plate") == ["AB 12"]
    keepers = "ir.access" if "ir.access" in database.registry else "ir.model.access"
    group = database.env().ref("depot_fleet.group_keeper")
    assert group
    assert database.env()[keepers].search([("group_id", "=", group.id)])


def test_it_may_be_loaded_again(server: MockServer) -> None:
    database = build(ADDON)
    before = database.store.rows("depot.vehicle")
    seed.load_file(database, ADDON)
    assert database.store.rows("depot.vehicle") == before


def test_methods_are_given_by_a_class() -> None:
    class Depot(models.Model):
        _inherit = "depot.depot"

        @api.depends("vehicle_ids")
        def _compute_vehicle_count(self) -> None:
            for depot in self:
                depot.vehicle_count = len(depot.vehicle_ids)

    class Vehicle(models.Model):
        _inherit = "depot.vehicle"

        def action_sell(self) -> bool:
            return bool(self.write({"state": "sold"}))

    with MockServer(fixtures=[str(ADDON)], models=[Depot, Vehicle]) as server:
        [north] = call(server, "depot.depot", "search_read", [["code", "=", "N1"]], ["vehicle_count", "vehicle_ids"])
        assert north["vehicle_count"] == 1
        call(server, "depot.vehicle", "action_sell", north["vehicle_ids"])
        assert call(server, "depot.vehicle", "read", north["vehicle_ids"], ["state"])[0]["state"] == "sold"
