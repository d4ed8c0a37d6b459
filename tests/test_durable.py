"""A server that keeps its state in a folder: what was answered is there again, however it ended."""

from __future__ import annotations

import base64
import errno
import http.client
import itertools
import json
import os
import shutil
import xmlrpc.client
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB

from mockserver import MockServer, api, fields, models
from mockserver.cli import main
from mockserver.durable import DataFolderError, files, journal, own
from mockserver.durable.compaction import compact
from mockserver.errors import DatabaseError
from mockserver.orm.database import Database
from mockserver.services import Call, Services
from tests import kills


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def odoo(folder: Path) -> Iterator[MockServer]:
    with MockServer(data=folder, control=True) as server:
        yield server


_numbers = itertools.count()


def killed(folder: Path, **options: Any) -> MockServer:
    """A server on what a process that is killed now would leave."""
    copy = folder.with_name(f"copy{next(_numbers)}")
    shutil.copytree(folder, copy)
    return MockServer(data=copy, **options)


def state(database: Database) -> dict[str, Any]:
    """All that a dump has of a database."""
    found: dict[str, Any] = json.loads(json.dumps(database.dump()))
    found["rows"] = {model: rows for model, rows in found["rows"].items() if rows}
    found["models"] = {model["name"]: model for model in found["models"]}
    return found


def db(odoo: MockServer, method: str, *args: Any) -> Any:
    return Services(odoo.app.databases, odoo.app.sessions).rpc(Call("test", "db", method, ("admin", *args)))


def ask(odoo: MockServer, verb: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", odoo.port)
    sent = {"Content-Type": "application/json", **(headers or {})}
    connection.request(verb, path, None if body is None else json.dumps(body), sent)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    connection.close()
    return answer, content


# -- records


@pytest.mark.parametrize("sync", [True, False])
def test_what_was_written_is_there_after_a_kill(folder: Path, sync: bool) -> None:
    with MockServer(data=folder, sync=sync) as odoo:
        tag = odoo.env["res.partner.category"].create({"name": "Tag"})
        azure = odoo.env["res.partner"].create({"name": "Azure", "category_id": [(6, 0, [tag.id])]})
        gone = odoo.env["res.partner"].create({"name": "Gone"})
        azure.write({"name": "Azure Interior", "email": "azure@example.com"})
        gone.unlink()
        again = killed(folder)
        assert state(again.database("mock")) == state(odoo.database("mock"))
        assert again.env["res.partner"].browse(azure.id).read(["name", "category_id"]) == [
            {"id": azure.id, "name": "Azure Interior", "category_id": [tag.id]}
        ]
        assert not again.env["res.partner"].browse(gone.id).exists()
        assert again.env["res.partner"].create({"name": "Next"}).id == gone.id + 1
        again.stop()


def test_every_pack_comes_back_as_it_was(folder: Path) -> None:
    with MockServer(data=folder, fixtures=["business"]) as odoo:
        client = odoo.env["res.partner"].create({"name": "Client"}).id
        work = odoo.env["product.product"].create({"name": "Work", "list_price": 10}).id
        order = odoo.env["sale.order"].create(
            {"partner_id": client, "order_line": [(0, 0, {"product_id": work, "product_uom_qty": 2})]}
        )
        order.action_confirm()
        again = killed(folder, fixtures=["business"])
        assert state(again.database("mock")) == state(odoo.database("mock"))
        assert again.env["sale.order"].browse(order.id).amount_untaxed == 20
        assert again.env["sale.order"].create({"partner_id": client}).name == "S00002"
        assert not [text for text in again.app.folder.told if "has not loaded" in text]  # type: ignore[union-attr]
        again.stop()


def test_a_call_that_fails_leaves_nothing_but_the_ids_that_it_used(odoo: MockServer, folder: Path) -> None:
    partners = odoo.env["res.partner"]
    first = partners.create({"name": "First"})
    with pytest.raises(Exception, match="require a name"):
        partners.create([{"name": "Second"}, {"type": "contact"}])
    with killed(folder) as again:
        assert state(again.database("mock")) == state(odoo.database("mock"))
        assert again.env["res.partner"].create({"name": "Third"}).id > first.id + 1


def test_models_and_fields_made_by_a_client_come_back(odoo: MockServer, folder: Path) -> None:
    model = odoo.env["ir.model"].create({"name": "Thing", "model": "x_thing"})
    odoo.env["ir.model.fields"].create({"model_id": model.id, "name": "x_size", "ttype": "integer"})
    odoo.env["ir.model.fields"].create(
        {
            "model_id": odoo.env["ir.model"].search([("model", "=", "res.partner")]).id,
            "name": "x_size",
            "ttype": "float",
        }
    )
    odoo.env["x_thing"].sudo().create({"x_name": "Big", "x_size": 7})
    with killed(folder) as again:
        assert again.env["x_thing"].sudo().search_read([], ["x_name", "x_size"]) == [
            {"id": 1, "x_name": "Big", "x_size": 7}
        ]
        assert again.env["res.partner"].fields_get(["x_size"])["x_size"]["type"] == "float"
        again.env["ir.model"].browse(model.id).unlink()
        with killed(again.app.folder.path) as third:  # type: ignore[union-attr]
            assert "x_thing" not in third.database("mock").registry
            assert not [text for text in third.app.folder.told if "not used" in text]  # type: ignore[union-attr]


def test_files_users_keys_and_counters_come_back(odoo: MockServer, folder: Path) -> None:
    content = base64.b64encode(bytes(range(256))).decode()
    attachment = odoo.env["ir.attachment"].create({"name": "all.bin", "datas": content})
    user = odoo.user("eve", password="secret")
    key = odoo.api_key
    sequence = odoo.env["ir.sequence"].create({"name": "Mine", "code": "mine", "prefix": "M"})
    assert [sequence.next_by_id() for _ in range(3)] == ["M1", "M2", "M3"]
    with killed(folder) as again:
        assert again.env["ir.attachment"].browse(attachment.id).datas == content.encode() or content
        with xmlrpc.client.ServerProxy(f"{again.url}/xmlrpc/2/common") as common:
            assert common.authenticate("mock", "eve", "secret", {}) == user.uid
            assert common.authenticate("mock", "admin", key, {}) == again.uid
        assert again.env["ir.sequence"].browse(sequence.id).next_by_id() == "M4"


def test_web_sessions_go_on_and_closed_ones_do_not(odoo: MockServer, folder: Path) -> None:
    login = {"params": {"db": "mock", "login": "admin", "password": "admin"}}
    answer, _ = ask(odoo, "POST", "/web/session/authenticate", login)
    cookie = {"Cookie": str(answer.getheader("Set-Cookie")).partition(";")[0]}
    with killed(folder) as again:
        _, found = ask(again, "POST", "/web/session/get_session_info", {"params": {}}, cookie)
        assert found["result"]["uid"] == 2
        ask(again, "POST", "/web/session/destroy", {"params": {}}, cookie)
        with killed(again.app.folder.path) as third:  # type: ignore[union-attr]
            _, found = ask(third, "POST", "/web/session/get_session_info", {"params": {}}, cookie)
            assert "error" in found


def test_a_session_in_use_is_not_written_at_every_request(odoo: MockServer, folder: Path) -> None:
    session = odoo.app.sessions.open("mock", "admin", "admin")
    size = (folder / "mockserver.1.journal").stat().st_size
    for _ in range(10):
        assert odoo.app.sessions.get(session.sid)
    assert (folder / "mockserver.1.journal").stat().st_size == size
    odoo.clock.tick(7200)
    assert odoo.app.sessions.get(session.sid)
    assert (folder / "mockserver.1.journal").stat().st_size > size


def test_a_server_that_is_killed_while_clients_write_loses_nothing(folder: Path) -> None:
    """`python -m tests.kills 100` does so a hundred times."""
    answers, _ = kills.run(folder, 3, seed=7)
    assert answers > 2


# -- databases


def test_databases_are_created_copied_renamed_restored_and_dropped(odoo: MockServer, folder: Path) -> None:
    odoo.env["res.partner"].create({"name": "In mock"})
    db(odoo, "create_database", "made", False, "en_US", "pass", "boss")
    db(odoo, "duplicate_database", "mock", "copied")
    db(odoo, "restore", "restored", db(odoo, "dump", "mock", "zip"))
    db(odoo, "rename", "mock", "Renamed")
    db(odoo, "create_database", "dropped", False, "en_US")
    db(odoo, "drop", "dropped")
    db(odoo, "change_admin_password", "new")
    for name in ("made", "copied", "restored", "Renamed"):
        odoo.database(name).env(2)["res.partner"].create({"name": f"Later in {name}"})
    with killed(folder) as again:
        assert sorted(again.app.databases) == ["Renamed", "copied", "made", "restored"]
        for name in again.app.databases:
            assert state(again.database(name)) == state(odoo.database(name))
            assert again.database(name).env()["res.partner"].search([("name", "=", f"Later in {name}")])
        assert again.app.databases.master_password == "new"
        assert again.db == "made"
        assert (again.login, again.password) == ("boss", "pass")
        told = again.app.folder.told  # type: ignore[union-attr]
        assert "the database 'mock' was dropped or renamed, and is not made again" in told


def test_a_name_can_be_used_again(odoo: MockServer, folder: Path) -> None:
    for number in range(3):
        db(odoo, "create_database", "shop", False, "en_US")
        odoo.database("shop").env()["res.partner"].create({"name": f"Number {number}"})
        if number < 2:
            db(odoo, "drop", "shop")
    with killed(folder) as again:
        assert again.database("shop").env()["res.partner"].search([("name", "like", "Number")]).mapped("name") == [
            "Number 2"
        ]
    assert not list(folder.glob("shop~*"))


def test_a_new_name_in_db_is_made_beside_what_there_is(odoo: MockServer, folder: Path) -> None:
    with killed(folder, db=["mock", "second"]) as again:
        assert sorted(again.app.databases) == ["mock", "second"]
        again.database("second").env()["res.partner"].create({"name": "Second"})
        with killed(again.app.folder.path) as third:  # type: ignore[union-attr]
            assert third.database("second").env()["res.partner"].search([("name", "=", "Second")])


def test_a_database_that_was_not_made_or_dropped_to_the_end_is_not_there(odoo: MockServer, folder: Path) -> None:
    kept = odoo.app.folder._own  # type: ignore[union-attr]
    db(odoo, "create_database", "shop", False, "en_US")
    kept.write({own.UNFINISHED: {"half": {}, "shop": {}}, own.DATABASES: {"shop": None}})
    (folder / "half.json.part").write_text("{")
    with killed(folder) as again:
        place = again.app.folder.path  # type: ignore[union-attr]
        assert (list(again.app.databases), list(place.glob("half*")), list(place.glob("shop*"))) == (["mock"], [], [])
        db(again, "create_database", "half", False, "en_US")
        with killed(place) as third:
            assert sorted(third.app.databases) == ["half", "mock"]


def test_a_database_with_a_lease_is_not_kept(odoo: MockServer, folder: Path) -> None:
    odoo.app.databases.duplicate("mock", "leased", seconds=100)
    assert odoo.database("leased").keep is None
    assert not list(folder.glob("leased*"))
    db(odoo, "rename", "leased", "lasting")
    with killed(folder) as again:
        assert sorted(again.app.databases) == ["lasting", "mock"]


# -- the control API


def test_a_reset_and_a_load_are_kept(odoo: MockServer, folder: Path) -> None:
    odoo.env["res.partner"].browse(1).write({"name": "Changed"})
    db(odoo, "create_database", "extra", False, "en_US")
    ask(odoo, "POST", "/_mock/reset", {})
    with killed(folder) as again:
        assert list(again.app.databases) == ["mock"]
        assert again.env["res.partner"].browse(1).name != "Changed"
        assert state(again.database("mock")) == state(odoo.database("mock"))
    ask(odoo, "POST", "/_mock/fixtures", {"fixture": "crm"})
    ask(odoo, "POST", "/_mock/fixtures", {"fixture": {"records": [{"model": "crm.lead", "values": {"name": "Mine"}}]}})
    with killed(folder) as again:
        assert state(again.database("mock")) == state(odoo.database("mock"))
        assert again.database("mock").loaded == odoo.database("mock").loaded
        assert again.env["crm.lead"].search([("name", "=", "Mine")])


def test_a_snapshot_that_is_restored_brings_back_a_dropped_database(odoo: MockServer, folder: Path) -> None:
    db(odoo, "create_database", "shop", False, "en_US")
    odoo.database("shop").env()["res.partner"].create({"name": "Kept"})
    with odoo.snapshot():
        odoo.database("shop").env()["res.partner"].search([("name", "=", "Kept")]).unlink()
        db(odoo, "drop", "shop")
        db(odoo, "rename", "mock", "other")
    odoo.database("shop").env()["res.partner"].create({"name": "After"})
    with killed(folder) as again:
        assert sorted(again.app.databases) == ["mock", "shop"]
        assert state(again.database("shop")) == state(odoo.database("shop"))
        found = again.database("shop").env()["res.partner"].search([("name", "in", ["Kept", "After"])])
        assert found.mapped("name") == ["After", "Kept"]


def test_rules_of_automations_run_again(folder: Path) -> None:
    with MockServer(data=folder, fixtures=["base_automation"]) as odoo:
        partner = odoo.env["ir.model"].search([("model", "=", "res.partner")])
        action = odoo.env["ir.actions.server"].create(
            {"name": "Mark", "model_id": partner.id, "state": "object_write", "update_path": "comment", "value": "seen"}
        )
        odoo.env["base.automation"].create(
            {
                "name": "On create",
                "model_id": partner.id,
                "trigger": "on_create",
                "action_server_ids": [(6, 0, action.ids)],
            }
        )
        wrapped = set(odoo.database("mock").registry.wrappers)
        with killed(folder) as again:
            assert set(again.database("mock").registry.wrappers) == wrapped == {"res.partner"}


# -- models in Python


class Thing(models.Model):
    _name = "my.thing"
    _description = "Thing"

    name = fields.Char(required=True)
    double = fields.Integer(compute="_compute_double")
    size = fields.Integer()

    @api.depends("size")
    def _compute_double(self) -> None:
        for thing in self:
            thing.double = thing.size * 2


def test_a_model_class_meets_its_rows_again(folder: Path) -> None:
    with MockServer(data=folder, models=[Thing]) as odoo:
        thing = odoo.env["my.thing"].create({"name": "One", "size": 4})
        with killed(folder, models=[Thing]) as again:
            assert again.env["my.thing"].browse(thing.id).double == 8


def test_an_add_on_is_read_again_or_named_if_it_is_gone(folder: Path, tmp_path: Path) -> None:
    addon = tmp_path / "my_addon"
    addon.mkdir()
    (addon / "thing.py").write_text(
        "from mockserver import api, fields, models\n\n\nclass Gadget(models.Model):\n    _name = 'my.gadget'\n"
        "    name = fields.Char()\n\n    def shout(self):\n        return [one.name.upper() for one in self]\n"
    )
    with MockServer(data=folder, fixtures=[str(addon)]) as odoo:
        gadget = odoo.env["my.gadget"].create({"name": "low"})
        with killed(folder) as again:
            assert again.env["my.gadget"].browse(gadget.id).shout() == ["LOW"]
        addon.rename(tmp_path / "moved")
        with pytest.raises(DataFolderError, match=r"'mock' has models of the add-on .*my_addon, which is not there"):
            killed(folder)


# -- a folder that cannot be used


def refused(folder: Path, **options: Any) -> str:
    with pytest.raises(DataFolderError) as error:
        killed(folder, **options)
    return str(error.value)


def test_a_folder_in_use_is_refused(odoo: MockServer, folder: Path) -> None:
    with pytest.raises(DataFolderError, match=f"in use by process {os.getpid()}"):
        MockServer(data=folder)
    odoo.stop()
    MockServer(data=folder).stop()


def test_another_profile_or_version_is_refused_and_both_are_named(
    odoo: MockServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "was written with --profile odoo-17.0, not odoo-16.0" in refused(folder, profile="odoo-16.0")
    monkeypatch.setattr(own, "__version__", "9.9.9")
    text = refused(folder)
    assert "and this is 9.9.9" in text
    assert "--save FILE" in text


def test_a_refused_folder_is_free_for_others(odoo: MockServer, folder: Path) -> None:
    odoo.stop()
    for _ in range(2):
        with pytest.raises(DataFolderError, match="profile"):
            MockServer(data=folder, profile="odoo-16.0")
    with pytest.raises(ValueError, match="nosuch"):
        MockServer(data=folder, fixtures=["nosuch"])
    MockServer(data=folder).stop()


@pytest.mark.parametrize("text", ["", "{}", '{"_mockserver": {"1": {"format": 1, "generation": 1}}}'])
def test_a_database_that_cannot_be_read_is_named(odoo: MockServer, folder: Path, text: str) -> None:
    (folder / "mock.json").write_text(text)
    assert "mock" in refused(folder)


def test_a_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    with pytest.raises(DataFolderError, match=r"has package.json, but no mockserver.json"):
        MockServer(data=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", "package.json"]


def test_a_file_of_no_database_is_left_alone_and_told(odoo: MockServer, folder: Path) -> None:
    (folder / "notes.json").write_text("mine")
    with killed(folder) as again:
        assert any("notes.json belongs to no database" in text for text in again.app.folder.told)  # type: ignore[union-attr]


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DataFolderError, match="is a file, not a folder"):
        MockServer(data=tmp_path / "data")


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    for path in (tmp_path / "link", tmp_path / "link" / "data"):
        with pytest.raises(DataFolderError, match=r"link is a link to .*gone, which is not there"):
            MockServer(data=path)


def test_a_table_of_no_model_is_told(odoo: MockServer, folder: Path) -> None:
    rows = len(odoo.database("mock").store.rows("res.bank"))
    odoo.env["res.bank"].create({"name": "Ours"})
    odoo.stop()
    list(compact(folder))
    file = folder / "mock.json"
    tables = json.loads(file.read_text())
    for old, new in (("res.bank", "res.banks"), ("_sequences", "_sequence")):
        tables[new] = tables.pop(old)
    file.write_text(json.dumps(tables))
    with killed(folder) as again:
        told = [text for text in again.app.folder.told if "not used" in text]  # type: ignore[union-attr]
    assert len(told) == 2
    for text, table, near in zip(told, ("res.banks", "_sequence"), ("res.bank", "_sequences"), strict=True):
        assert text.startswith(f"mock: the rows of {table!r} in ")
        assert text.endswith(f"written anew: there is no such model; did you mean {near!r}?")
    assert f"mock.json are not used ({rows + 1}), and are gone" in told[0]


def test_a_torn_write_is_told_and_the_rest_is_there(odoo: MockServer, folder: Path) -> None:
    first = odoo.env["res.partner"].create({"name": "Whole"})
    second = odoo.env["res.partner"].create({"name": "Torn"})
    path = folder / "mock.1.journal"
    path.write_bytes(path.read_bytes()[:-10])
    with killed(folder) as again:
        (text,) = [text for text in again.app.folder.told if "damaged" in text]  # type: ignore[union-attr]
        assert text.startswith("mock: the end of a journal is damaged: ")
        assert again.env["res.partner"].browse(first.id).exists()
        assert not again.env["res.partner"].browse(second.id).exists()


def test_what_the_folder_has_goes_before_the_options(odoo: MockServer, folder: Path) -> None:
    odoo.env["res.users"].browse(2).write({"password": "changed"})
    with killed(folder, fixtures=["crm"], login="other", password="other") as again:
        assert (again.login, again.password) == ("admin", "changed")
        told = again.app.folder.told  # type: ignore[union-attr]
        assert "mock has not loaded crm, and is not given it now; POST /_mock/fixtures loads it" in told
        assert "crm.lead" not in again.database("mock").registry


def test_a_key_given_at_a_later_start_is_added(odoo: MockServer, folder: Path) -> None:
    with killed(folder, api_key="k" * 40) as again, killed(again.app.folder.path) as third:  # type: ignore[union-attr]
        assert third.env["res.users.apikeys"].sudo().search_count([]) == 1


def test_a_server_that_was_stopped_is_not_started_again(folder: Path) -> None:
    odoo = MockServer(data=folder)
    odoo.start()
    odoo.stop()
    with pytest.raises(RuntimeError, match="make another"):
        odoo.start()


# -- a disk that fails


def _full(*args: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_first_start_on_a_full_disk_is_refused_and_leaves_the_folder_usable(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(files, "write_base", _full)
        with pytest.raises(DataFolderError, match=r": No space left on device$"):
            MockServer(data=folder)
    with killed(folder) as again:
        assert again.ref("base.main_company")


def test_on_a_full_disk_a_write_fails_and_is_undone(
    odoo: MockServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = odoo.env["res.partner"].create({"name": "Before"})
    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "_write", _full)
        with pytest.raises(DatabaseError, match="No space left on device") as error:
            partner.write({"name": "Not kept"})
        assert error.value.name == "errors.DiskFull"
        for change in (
            lambda: odoo.env["res.partner"].create({"name": "Not kept"}),
            lambda: db(odoo, "create_database", "new", False, "en_US"),
            lambda: db(odoo, "rename", "mock", "new"),
            lambda: db(odoo, "drop", "mock"),
            lambda: db(odoo, "duplicate_database", "mock", "new"),
            lambda: db(odoo, "change_admin_password", "new"),
            lambda: odoo.app.sessions.open("mock", "admin", "admin"),
        ):
            with pytest.raises(DatabaseError, match="No space left on device"):
                change()
        assert odoo.env["res.partner"].browse(partner.id).name == "Before"
    assert (list(odoo.app.databases), odoo.database("mock").name) == (["mock"], "mock")
    assert not list(folder.glob("new*"))
    partner.write({"name": "After"})
    db(odoo, "rename", "mock", "new")
    with killed(folder) as again:
        assert list(again.app.databases) == ["new"]
        assert state(again.database("new")) == state(odoo.database("new"))
        assert again.app.databases.master_password == "admin"


def test_a_reset_that_could_not_be_kept_is_part_of_the_next_write(
    odoo: MockServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odoo.env["res.partner"].browse(1).write({"name": "Changed"})
    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "_write", _full)
        with pytest.raises(DatabaseError):
            odoo.reset()
    odoo.env["res.partner"].browse(3).write({"name": "Later"})
    with killed(folder) as again:
        assert state(again.database("mock")) == state(odoo.database("mock"))


def test_a_disk_that_does_not_confirm_is_an_error_of_the_call(
    odoo: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_sync_data", _full)
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as proxy:
        for _ in range(2):
            with pytest.raises(xmlrpc.client.Fault, match="No space left on device"):
                proxy.execute_kw("mock", 2, "admin", "res.partner", "create", [{"name": "Lost"}])
        assert proxy.execute_kw("mock", 2, "admin", "res.partner", "search_count", [[]])


# -- the cost


def test_a_server_without_a_folder_keeps_nothing() -> None:
    odoo = MockServer()
    assert odoo.app.folder is None
    assert odoo.database("mock").keep is None
    assert odoo.app.databases.keep is None
    assert odoo.app.sessions.keep is None


@pytest.mark.parametrize("rows", [10, 1000])
def test_a_write_adds_the_rows_that_it_changed_and_no_others(odoo: MockServer, folder: Path, rows: int) -> None:
    tags = odoo.env["res.partner.category"]
    tags.create([{"name": f"Tag {number}"} for number in range(rows)])
    path = folder / "mock.1.journal"
    size = path.stat().st_size
    tags.search([], limit=1).write({"name": "Other"})
    assert len(path.read_bytes()[size:].splitlines()) == 1
    assert path.stat().st_size - size < 500
    size = path.stat().st_size
    tags.search_read([])
    odoo.env["res.partner"].default_get(["name"])
    assert path.stat().st_size == size


# -- compacting


def test_a_long_journal_is_compacted_while_it_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with MockServer(data=folder) as odoo:
        keeper = odoo.app.folder._keepers[odoo.database("mock")]  # type: ignore[union-attr]
        assert keeper.files is not None
        monkeypatch.setattr(keeper.files, "_due", 20_000)
        partner = odoo.env["res.partner"].create({"name": "Counted"})
        for number in range(200):
            partner.write({"name": f"Number {number}"})
        with killed(folder) as again:
            assert state(again.database("mock")) == state(odoo.database("mock"))
    assert "mock.1.journal" not in {path.name for path in folder.iterdir()}


def test_compact_leaves_files_that_tinydb_reads(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with MockServer(data=folder) as odoo:
        partner = odoo.env["res.partner"].create({"name": "Azure"})
        db(odoo, "rename", "mock", "shop")
        before = state(odoo.database("shop"))
        with pytest.raises(DataFolderError, match="in use"):
            list(compact(folder))
    main(["compact", str(folder)], standalone_mode=False)
    line, _, _ = capsys.readouterr().out.partition("\n")
    assert line.startswith(f"{folder / 'shop.json'}: shop, ")
    assert sorted(path.name for path in folder.iterdir()) == ["lock", "mockserver.json", "shop.json"]
    with TinyDB(folder / "shop.json") as tables:
        document = tables.table("res.partner").get(doc_id=partner.id)
        assert document is not None
        assert document["name"] == "Azure"
        tables.table("res.partner").update({"name": "From TinyDB"}, doc_ids=[partner.id])
    with MockServer(data=folder) as again:
        assert again.env["res.partner"].browse(partner.id).name == "From TinyDB"
        again.env["res.partner"].browse(partner.id).write({"name": "Azure"})
        assert state(again.database("shop"))["models"] == before["models"]


def command(*arguments: str) -> Callable[[], object]:
    return lambda: main(list(arguments), standalone_mode=True)


def test_serve_tells_of_a_folder_in_use_in_one_line(
    odoo: MockServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, text in (
        (["--data", str(folder)], f"{folder} is in use by process {os.getpid()}, which holds {folder / 'lock'}"),
        (["--sync", "off"], "--sync is for --data, which is not given"),
    ):
        with pytest.raises(SystemExit) as end:
            command("serve", *arguments)()
        assert end.value.code == 2
        assert capsys.readouterr().err == f"mockserver: {text}\n"


def test_compact_of_another_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        command("compact", str(tmp_path))()
    assert end.value.code == 2
    assert capsys.readouterr().err == (f"mockserver: {tmp_path} is not a folder of --data: it has no mockserver.json\n")
    assert list(tmp_path.iterdir()) == []


def test_the_least_of_a_journal_is_more_than_a_few_writes() -> None:
    assert files.LEAST > 1 << 20
