"""The ir.* models: attachments, parameters, sequences, external ids, access, modules, cron."""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import datetime, timezone

import pytest
from PIL import Image

from mockserver import media_types
from mockserver.clock import Clock
from mockserver.errors import AccessDenied, AccessError, UserError, ValidationError
from mockserver.orm.fields.pictures import grey_png
from mockserver.orm.records.environment import Environment

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Frozen(Clock):
    def moment(self) -> datetime:
        return datetime(2024, 3, 5, 14, 7, 9, tzinfo=timezone.utc)


# -- attachments


def test_an_attachment_knows_size_checksum_and_type_of_its_content(env: Environment) -> None:
    datas = base64.b64encode(b"hello").decode()
    attachment = env["ir.attachment"].create({"name": "a.txt", "datas": datas})
    assert attachment.read(["datas", "raw", "file_size", "checksum", "mimetype", "store_fname", "db_datas"]) == [
        {
            "id": attachment.id, "datas": datas, "raw": b"hello", "file_size": 5, "mimetype": "text/plain",
            "checksum": "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", "db_datas": False,
            "store_fname": "aa/aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
        }
    ]  # fmt: skip
    sizes = attachment.with_context(bin_size=True).read(["datas", "raw"])
    assert sizes == [{"id": attachment.id, "datas": "5.00 bytes", "raw": "5.00 bytes"}]


def test_an_attachment_is_made_from_raw_text_and_changed(env: Environment) -> None:
    attachment = env["ir.attachment"].create({"name": "noname.txt", "raw": "hé"})
    assert (attachment.datas, attachment.file_size) == (base64.b64encode("hé".encode()).decode(), 3)
    attachment.write({"datas": base64.b64encode(PNG).decode()})
    assert (attachment.mimetype, attachment.file_size) == ("image/png", len(PNG))
    assert attachment.raw == PNG
    attachment.write({"datas": False})
    assert (attachment.datas, attachment.file_size, attachment.store_fname) == ("", 0, False)


def test_checksum_and_size_cannot_be_forged(env: Environment) -> None:
    attachment = env["ir.attachment"].create({"name": "x.txt", "raw": "abc", "checksum": "0", "file_size": 99})
    assert (attachment.checksum, attachment.file_size) == ("a9993e364706816aba3e25717850c26c9cd0d89d", 3)


def test_a_copy_of_an_attachment_has_its_content(env: Environment) -> None:
    attachment = env["ir.attachment"].create({"name": "x.txt", "raw": "abc"})
    assert attachment.copy().raw == b"abc"
    assert attachment.copy({"raw": b"other"}).raw == b"other"


def test_an_attachment_names_its_record_and_goes_with_it(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "Ann"})
    attachment = env["ir.attachment"].create({"name": "x", "res_model": "res.partner", "res_id": partner.id})
    assert attachment.res_name == "Ann"
    partner.unlink()
    assert not attachment.exists()


def test_an_image_has_addresses(env: Environment) -> None:
    image = env["ir.attachment"].create({"name": "i.png", "datas": base64.b64encode(PNG).decode()})
    assert image.image_src == f"/web/image/{image.id}-{image.checksum[:8]}/i.png"
    assert image.local_url == f"/web/image/{image.id}?unique={image.checksum}"
    link = env["ir.attachment"].create({"name": "l", "type": "url", "url": "http://x.test/a.pdf"})
    assert (link.local_url, link.mimetype) == ("http://x.test/a.pdf", "application/pdf")


def test_markup_of_ordinary_users_is_plain_text(env: Environment) -> None:
    vals = {"name": "p.html", "raw": "<b>x</b>"}
    assert env["ir.attachment"].create(vals).mimetype == "text/html"
    assert env["ir.attachment"].with_user(6).create(vals).mimetype == "text/plain"


def test_access_tokens_are_made_once(env: Environment) -> None:
    attachment = env["ir.attachment"].create({"name": "x"})
    [token] = attachment.generate_access_token()
    assert len(token) == 36
    assert attachment.generate_access_token() == [token]
    assert attachment.access_token == token


@pytest.mark.parametrize(
    ("content", "mimetype"),
    [
        (b"%PDF-1.4", "application/pdf"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"GIF89a", "image/gif"),
        (b"<svg xmlns=''></svg>", "image/svg+xml"), (b"<?xml version='1.0'?><a/>", "application/xml"),
        (b"PK\x05\x06", "application/zip"), (b"plain", "application/octet-stream"),
        (b"RIFF1234WEBPVP8 ", "image/webp"), (b"\x00\x01", "application/octet-stream"),
    ],
)  # fmt: skip
def test_the_first_bytes_tell_the_type(content: bytes, mimetype: str) -> None:
    assert media_types.by_content(content) == mimetype


def test_an_archive_of_an_office_document_has_its_type() -> None:
    for names, mimetype in (
        (("[Content_Types].xml", "xl/workbook.xml"), media_types.by_name("a.xlsx")),
        (("mimetype",), "application/vnd.oasis.opendocument.text"),
        (("readme",), "application/zip"),
    ):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name in names:
                archive.writestr(name, "application/vnd.oasis.opendocument.text")
        assert media_types.by_content(stream.getvalue()) == mimetype


@pytest.mark.parametrize(
    ("name", "told"), [("a.txt", True), ("x.y", True), ("a.geojson", True), (".x", False), ("a.unknown", False)]
)
def test_an_extension_is_short_or_known(name: str, told: bool) -> None:
    assert media_types.has_extension(name) is told


def test_a_large_picture_is_kept_smaller(env: Environment) -> None:
    large, small = (base64.b64encode(grey_png(width, 10)).decode() for width in (2400, 1920))
    made = env["ir.attachment"].create([{"name": "a.png", "datas": large}, {"name": "b.png", "datas": small}])
    assert [Image.open(io.BytesIO(one.raw)).size for one in made] == [(1920, 8), (1920, 10)]
    assert made[1].datas == small


def test_the_action_of_a_report_names_its_records(env: Environment) -> None:
    report = env["ir.actions.report"].search([], limit=1)
    action = report.report_action([3, 4])
    assert (action["type"], action["report_name"]) == ("ir.actions.report", report.report_name)
    assert action["context"]["active_ids"] == [3, 4]


# -- parameters


def test_parameters_are_set_and_read(env: Environment) -> None:
    parameters = env["ir.config_parameter"]
    assert parameters.get_param("my.key") is False
    assert parameters.get_param("my.key", "fallback") == "fallback"
    assert parameters.set_param("my.key", 7) is False
    assert parameters.get_param("my.key") == "7"
    assert parameters.set_param("my.key", "8") == "7"
    assert parameters.set_param("my.key", False) == "8"
    assert parameters.search([("key", "=", "my.key")]).ids == []


def test_parameters_of_every_database_keep_their_key(env: Environment) -> None:
    uuid = env["ir.config_parameter"].search([("key", "=", "database.uuid")])
    with pytest.raises(ValidationError, match=r"You cannot rename config parameters with keys database\.uuid"):
        uuid.write({"key": "x"})
    with pytest.raises(ValidationError, match=r"You cannot delete the database\.uuid record"):
        uuid.unlink()


def test_parameters_are_for_administrators(env: Environment) -> None:
    with pytest.raises(AccessError):
        env["ir.config_parameter"].with_user(6).get_param("database.uuid")


# -- sequences


def test_a_sequence_counts(env: Environment) -> None:
    sequences = env["ir.sequence"]
    sequence = sequences.create({"name": "S", "code": "my.code", "prefix": "A-", "padding": 3, "number_increment": 5})
    assert [sequences.next_by_code("my.code") for _ in range(2)] == ["A-001", "A-006"]
    assert (sequence.number_next_actual, sequence.number_next) == (11, 1)
    sequence.write({"number_next_actual": 40})
    assert (sequence.number_next, sequence.next_by_id()) == (40, "A-040")
    assert sequences.next_by_code("no.such.code") is False
    assert sequence.get_next_char(7) == "A-007"
    with pytest.raises(UserError, match="Step must not be zero"):
        sequence.write({"number_increment": 0})


def test_a_sequence_without_gaps_counts_in_its_own_column(env: Environment) -> None:
    sequence = env["ir.sequence"].create({"name": "S", "implementation": "no_gap", "suffix": "/x"})
    assert (sequence.next_by_id(), sequence.number_next, sequence.number_next_actual) == ("1/x", 2, 2)


def test_a_sequence_of_the_company_comes_before_that_of_all(env: Environment) -> None:
    sequences = env["ir.sequence"]
    sequences.create({"name": "A", "code": "c", "prefix": "all", "company_id": False})
    sequences.create({"name": "B", "code": "c", "prefix": "mine"})
    assert sequences.next_by_code("c") == "mine1"


def test_prefix_and_suffix_know_the_time(env: Environment) -> None:
    env.db.clock = Frozen()
    sequence = env["ir.sequence"].create({"name": "S", "prefix": "%(year)s-%(month)s-%(day)s/%(h24)s%(min)s/%%/"})
    assert sequence.next_by_id() == "2024-03-05/1407/%/1"
    assert sequence.with_context(tz="Asia/Tokyo").next_by_id() == "2024-03-05/2307/%/2"
    assert sequence.next_by_id("2023-12-31") == "2024-03-05/1407/%/3"
    assert sequence.with_context(ir_sequence_date="2022-01-02").next_by_id() == "2022-01-02/0000/%/4"


@pytest.mark.parametrize("prefix", ["%s", "%(year)d", "50%"])
def test_a_prefix_that_means_nothing_is_refused(env: Environment, prefix: str) -> None:
    sequence = env["ir.sequence"].create({"name": "Odd", "prefix": prefix})
    with pytest.raises(UserError, match="Invalid prefix or suffix for sequence 'Odd'"):
        sequence.next_by_id()


def test_a_failed_call_has_used_its_number_up(env: Environment) -> None:
    sequence = env["ir.sequence"].create({"name": "S", "prefix": "%(planet)s"})
    with pytest.raises(KeyError, match="planet"):
        sequence.next_by_id()
    sequence.write({"prefix": "", "number_increment": 10})
    assert (sequence.next_by_id(), sequence.number_next_actual) == ("11", 21)
    sequence.write({"number_next": 5})
    assert sequence.next_by_id() == "5"


def test_a_sequence_with_date_ranges_counts_in_each(env: Environment) -> None:
    sequence = env["ir.sequence"].create({"name": "S", "use_date_range": True, "prefix": "%(range_year)s/"})
    numbers = [sequence.next_by_id(day) for day in ("2023-05-01", "2023-06-01", "2024-01-01")]
    assert numbers == ["2023/1", "2023/2", "2024/1"]
    ranges = sorted((r.date_from, r.date_to, r.number_next_actual) for r in sequence.date_range_ids)
    assert ranges == [("2023-01-01", "2023-12-31", 3), ("2024-01-01", "2024-12-31", 2)]


def test_a_new_date_range_leaves_others_their_days(env: Environment) -> None:
    sequence = env["ir.sequence"].create({"name": "S", "use_date_range": True})
    env["ir.sequence.date_range"].create(
        {"sequence_id": sequence.id, "date_from": "2023-01-01", "date_to": "2023-03-31", "number_next": 1}
    )
    sequence.next_by_id("2023-05-01")
    assert max(r.date_from for r in sequence.date_range_ids) == "2023-04-01"


# -- external ids


def test_an_external_id_leads_to_its_record(env: Environment) -> None:
    data = env["ir.model.data"]
    assert data.check_object_reference("base", "main_company") == ["res.company", 1]
    with pytest.raises(ValueError, match=r"External ID not found in the system: base\.nothing"):
        data.check_object_reference("base", "nothing")


def test_an_external_id_of_what_one_may_not_see_gives_no_id(env: Environment) -> None:
    data = env["ir.model.data"]
    assert data.check_object_reference("base", "public_user") == ["res.users", False]
    with pytest.raises(AccessError, match="Not enough access rights on the external ID"):
        data.check_object_reference("base", "public_user", True)


def test_an_external_id_tells_its_names(env: Environment) -> None:
    row = env["ir.model.data"].search([("module", "=", "base"), ("name", "=", "be")])
    assert (row.complete_name, row.reference) == ("base.be", f"res.country,{row.res_id}")
    assert row.display_name == "Belgium"
    dangling = env["ir.model.data"].create({"module": "m", "name": "n", "model": "res.country", "res_id": 99999})
    assert dangling.display_name == "m.n"
    with pytest.raises(ValidationError, match=r"duplicate key value .*ir_model_data_module_name_uniq_index"):
        env["ir.model.data"].create({"module": "m", "name": "n", "model": "res.country", "res_id": 1})
    env["ir.model.data"].toggle_noupdate("res.country", 99999)
    assert dangling.noupdate is True


# -- access


def test_check_asks_for_a_right(env: Environment) -> None:
    access = env["ir.model.access"]
    assert access.check("res.partner", "write") is True
    assert access.with_user(6).check("res.users", "create", False) is False
    with pytest.raises(AccessError, match=r"You are not allowed to create 'User' \(res\.users\) records\."):
        access.with_user(6).check("res.users", "create")
    with pytest.raises(AssertionError, match="Invalid access mode"):
        access.check("res.users", "fly")


def test_a_rule_without_groups_is_for_everybody(env: Environment) -> None:
    model = env["ir.model"].search([("model", "=", "res.partner")])
    rule = env["ir.rule"].create({"name": "r", "model_id": model.id})
    assert rule["global"] is True
    rule.write({"groups": [(4, env.ref("base.group_user").id)]})  # type: ignore[union-attr]
    assert rule["global"] is False


# -- modules and cron


def test_modules_are_installed_with_what_they_need_and_removed_with_what_needs_them(env: Environment) -> None:
    modules = env["ir.module.module"]
    low = modules.create({"name": "low", "shortdesc": "Low", "state": "uninstalled"})
    high = modules.create(
        {"name": "high", "shortdesc": "High", "state": "uninstalled", "dependencies_id": [(0, 0, {"name": "low"})]}
    )
    assert high.display_name == "High"
    assert high.button_immediate_install() == {"type": "ir.actions.act_url", "target": "self", "url": "/web"}
    assert (low.state, high.state) == ("installed", "installed")
    low.button_immediate_uninstall()
    assert (low.state, high.state) == ("uninstalled", "uninstalled")
    assert high.button_install()["res_model"] == "base.module.upgrade"
    assert (low.state, high.state) == ("to install", "to install")


def test_modules_that_cannot_change_say_so(env: Environment) -> None:
    modules = env["ir.module.module"]
    base = modules.search([("name", "=", "base")])
    with pytest.raises(UserError, match="Those modules cannot be uninstalled: base"):
        base.button_immediate_uninstall()
    new = modules.create({"name": "new", "state": "uninstalled", "dependencies_id": [(0, 0, {"name": "nowhere"})]})
    with pytest.raises(UserError, match="depends on module 'nowhere'"):
        new.button_immediate_install()
    with pytest.raises(UserError, match="Can not upgrade module 'new'"):
        new.button_immediate_upgrade()
    with pytest.raises(UserError, match="have already been uninstalled"):
        new.button_uninstall()
    with pytest.raises(AccessDenied):
        modules.with_user(6).update_list()
    assert modules.update_list() == [0, 0]
    assert base.installed_version == base.latest_version


def test_a_scheduled_action_is_named_by_its_action_and_triggered(env: Environment) -> None:
    env.db.clock = Frozen()
    model = env["ir.model"].search([("model", "=", "res.partner")])
    cron = env["ir.cron"].create({"name": "Nightly", "model_id": model.id, "code": "pass"})
    assert (cron.cron_name, cron.state, cron.usage) == ("Nightly", "code", "ir_cron")
    cron.write({"name": "Daily"})
    assert cron.cron_name == "Daily"
    assert cron.method_direct_trigger() is True
    assert cron.lastcall == "2024-03-05 14:07:09"
    cron.toggle("res.partner", [("id", "=", 0)])
    assert cron.active is False
