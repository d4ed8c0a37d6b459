"""Environment and Recordset, as a tester holds them."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.errors import AccessError, MissingError
from mockserver.orm.records import recordset
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.server.app import create_app
from tests.models import define, extend
from tests.typed import calls


@pytest.fixture
def family(env: Environment) -> Recordset:
    """A company with two contacts, Ann before Bob."""
    created: Recordset = env["res.partner"].create({
        "name": "Acme", "is_company": True, "city": "Gent",
        "child_ids": [(0, 0, {"name": "Bob", "color": 2}), (0, 0, {"name": "Ann", "color": 1})],
    })  # fmt: skip
    return created


# -- the environment


def test_an_unknown_model_gets_a_suggestion(env: Environment) -> None:
    with pytest.raises(KeyError, match=r"there is no model 'res\.partnr'; did you mean 'res\.partner'\?"):
        env["res.partnr"]
    with pytest.raises(KeyError, match=r"there is no model 'zzzzzzzz'\""):
        env["zzzzzzzz"]
    assert "res.partner" in env
    assert "res.partnr" not in env


def test_who_works_where(env: Environment) -> None:
    assert env.user.login == "admin"
    assert env.company == env.user.company_id == env.ref("base.main_company")
    assert env.lang == "en_US"
    french = env.with_context(lang="fr_FR")
    assert french.lang == "en_US"  # it is not installed
    env["res.lang"].with_context(active_test=False).search([("code", "=", "fr_FR")]).active = True
    assert french.lang == "fr_FR"
    assert repr(env) == "<Environment db='t' uid=2>"


def test_the_company_of_the_context_comes_first(env: Environment) -> None:
    other = env["res.company"].create({"name": "Other"})
    assert env["res.company"].with_context(allowed_company_ids=[other.id, 1]).env.company == other


def test_a_record_by_its_external_id(env: Environment) -> None:
    assert env.ref("base.main_partner") == env["res.partner"].browse(1)
    assert env.ref("base.nope", raise_if_not_found=False) is None
    for xmlid in ("base.nope", "nope.main_partner", "nonsense"):
        with pytest.raises(ValueError, match=f"^External ID not found in the system: {xmlid}$"):
            env.ref(xmlid)


def test_context_is_replaced_or_added_to(env: Environment) -> None:
    records = env["res.partner"].with_context(a=1)
    assert records.env.context == {"a": 1}
    assert records.with_context(b=2).env.context == {"a": 1, "b": 2}
    assert records.with_context({"c": 3}).env.context == {"c": 3}
    assert records.with_context({"c": 3}, d=4).env.context == {"c": 3, "d": 4}
    assert env.context == {}


def test_sudo_passes_every_check_and_keeps_the_user(env: Environment) -> None:
    env["ir.model"].create({"name": "X", "model": "x_x"})
    records = env["x_x"]
    with pytest.raises(AccessError):
        records.search([])
    assert records.sudo().search([]).ids == []
    created = records.sudo().create({})
    assert created.create_uid.id == 2
    with pytest.raises(AccessError):
        created.with_user(2).read([])
    assert records.with_user(env.user).env.uid == 2


# -- fields as attributes


def test_fields_read_as_attributes(family: Recordset) -> None:
    ann, bob = family.child_ids
    assert (ann.name, bob.name, family.city, ann.color) == ("Ann", "Bob", "Gent", 1)
    assert ann.parent_id == family
    assert ann["parent_id"]["city"] == "Gent"
    assert ann.parent_id.child_ids[0].parent_id.name == "Acme"
    assert (ann.ref, ann.date, ann.comment, ann.is_company) == (False, False, False, False)
    assert ann.user_ids.ids == []
    assert ann.country_id.name is False
    assert ann.display_name == "Acme, Ann"


def test_fields_are_written_as_attributes(family: Recordset) -> None:
    ann, bob = family.child_ids
    ann.name = "Anna"
    ann["color"] = 7
    ann.parent_id = bob
    ann.category_id = ann.env["res.partner.category"].browse([1, 2])
    bob.parent_id = bob.browse()
    assert ann.read(["name", "color", "parent_id", "category_id"]) == [
        {"id": ann.id, "name": "Anna", "color": 7, "parent_id": [bob.id, "Bob"], "category_id": [2, 1]}
    ]
    assert bob.parent_id.id is False
    family.child_ids = [(0, 0, {"name": "Cid"})]
    assert [child.name for child in family.child_ids] == ["Cid"]


def test_several_records_are_written_at_once(family: Recordset) -> None:
    family.child_ids.city = "Ieper"
    assert family.child_ids.mapped("city") == ["Ieper", "Ieper"]


def test_no_record_reads_as_empty_and_several_do_not_read(family: Recordset) -> None:
    nobody = family.browse()
    assert (nobody.name, nobody.color, nobody.parent_id.ids, nobody.id) == (False, 0, [], False)
    for read in calls(lambda: family.child_ids.name, lambda: family.child_ids.id, lambda: family.child_ids["name"]):
        with pytest.raises(ValueError, match=r"^Expected singleton: res\.partner\(\d+, \d+\)$"):
            read()
    assert family.child_ids.parent_id == family


def test_a_record_that_is_gone_is_missing(family: Recordset) -> None:
    gone = family.browse(99999)
    with pytest.raises(MissingError, match=r"^Record does not exist or has been deleted\.\n\(Record: res\.partner\("):
        _ = gone.name
    assert not gone.exists()


@pytest.mark.parametrize(
    ("profile", "name", "hint"),
    [
        ("odoo-18.0", "name_get", "'name_get' exists until Odoo 17.0"),
        ("odoo-17.0", "has_access", "'has_access' exists from Odoo 18.0 on"),
        ("odoo-18.0", "copy_multi", "'copy_multi' exists in Odoo 17.0 only"),
        ("odoo-12.0", "web_search_read", "'web_search_read' exists from Odoo 13.0 on"),
    ],
)
def test_a_method_of_other_versions_is_told_with_them(profile: str, name: str, hint: str) -> None:
    partners = create_app(profile=profile).databases["mock"].env()["res.partner"]
    for call in calls(lambda: getattr(partners, name)(), lambda: partners.call(name)):
        with pytest.raises(AttributeError, match=rf"has no (field or )?method '{name}'; {re.escape(hint)}$"):
            call()


def test_only_methods_of_the_model_and_its_version_are_suggested() -> None:
    with pytest.raises(AttributeError) as raised:
        _ = create_app(profile="odoo-18.0").databases["mock"].env()["res.partner"].name_gets
    assert "'name_get'" not in str(raised.value)


def test_a_misspelt_name_gets_a_suggestion(family: Recordset) -> None:
    with pytest.raises(AttributeError, match=r"'res\.partner' has no field or method 'nmae'; did you mean 'name'\?"):
        _ = family.nmae
    with pytest.raises(AttributeError, match=r"'res\.partner' has no field or method 'serch'; did you mean 'search'\?"):
        family.serch([])
    with pytest.raises(AttributeError, match=r"'res\.partner' has no field 'nmae'; did you mean 'name'\?"):
        family.nmae = "x"
    with pytest.raises(KeyError, match=r"'res\.partner' has no field 'nmae'; did you mean 'name'\?"):
        _ = family["nmae"]
    with pytest.raises(KeyError, match=r"'res\.partner' has no field 'nmae'"):
        family["nmae"] = 1
    with pytest.raises(AttributeError):
        family.call("nope")
    for name in ("__class_getitem__", "_private", "_search_nothing"):
        assert not hasattr(family, name)


def test_whether_records_have_an_attribute_is_told_without_looking_for_a_hint(
    env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordset, "_hint", pytest.fail)
    partners = env["res.partner"]
    assert hasattr(partners, "name")
    assert not hasattr(partners, "nmae")
    assert getattr(partners, "serch", None) is None
    monkeypatch.undo()
    with pytest.raises(AttributeError) as met:
        partners.nmae  # noqa: B018
    assert met.value.args == (str(met.value),)


# -- sets of records


def test_records_as_sets(env: Environment) -> None:
    partners = env["res.partner"]
    a, b, c = (partners.browse(i) for i in (1, 2, 3))
    both = a + b
    assert (both + b).ids == [1, 2, 2]
    assert (both | c | a).ids == [1, 2, 3]
    assert (both & (b + c)).ids == [2]
    assert (both - a).ids == [2]
    assert a in both
    assert c not in both
    assert "name" in both
    assert both == b + a
    assert both != a
    assert a != env["res.users"].browse(1)
    assert {a, partners.browse(1)} == {a}
    assert a <= both
    assert a < both
    assert both >= b
    assert both > b
    assert not both < both
    assert (len(both), bool(both), bool(partners)) == (2, True, False)
    assert [record.id for record in both] == [1, 2]
    assert both[0] == a
    assert both[-1] == b
    assert both[:1] == a
    assert repr(both) == "res.partner(1, 2)"
    assert repr(partners) == "res.partner()"


def test_records_of_two_models_do_not_mix(env: Environment) -> None:
    partner, user = env["res.partner"].browse(1), env["res.users"].browse(1)
    for mix in (lambda: partner + user, lambda: partner | user, lambda: partner & user, lambda: partner - user,
                lambda: partner <= user):  # fmt: skip
        with pytest.raises(TypeError, match=r"res\.partner\(1,\) .* res\.users\(1,\)"):
            mix()


def test_browse_takes_an_id_many_or_none(env: Environment) -> None:
    partners = env["res.partner"]
    assert partners.browse(3).ids == [3]
    assert partners.browse([3, 1, 3]).ids == [3, 1, 3]
    assert partners.browse(range(2)).ids == [0, 1]
    empty: list[Any] = [None, False, 0, [], ()]
    for nothing in empty:
        assert partners.browse(nothing).ids == []


def test_mapped_follows_a_path(family: Recordset) -> None:
    children = family.child_ids
    assert children.mapped("name") == ["Ann", "Bob"]
    assert children.mapped("parent_id") == family
    assert children.mapped("parent_id.city") == ["Gent"]
    assert family.mapped("child_ids.parent_id.child_ids.name") == ["Ann", "Bob"]
    assert children.mapped(lambda child: child.color * 10) == [10, 20]
    assert family.browse().mapped("name") == []
    assert family.browse().mapped("parent_id").ids == []


def test_filtered_keeps_what_is_true(family: Recordset) -> None:
    children = family.child_ids
    ann, bob = children
    assert children.filtered(lambda child: child.color > 1) == bob
    assert children.filtered("color") == children
    bob.color = 0
    assert children.filtered("color") == ann
    assert children.filtered("parent_id") == children
    assert children.filtered("parent_id.is_company") == children
    assert children.filtered("parent_id.ref").ids == []
    assert children.filtered(lambda child: child.mapped("color")) == children
    assert children.filtered(lambda child: child.parent_id) == children


def test_filtered_domain_keeps_the_order_and_the_archived(family: Recordset) -> None:
    ann, bob = family.child_ids
    both = bob + ann
    ann.active = False
    assert both.filtered_domain([]).ids == both.ids
    assert both.filtered_domain([("color", "<", 5)]).ids == [bob.id, ann.id]
    assert both.filtered_domain([("name", "=", "Ann")]) == ann
    assert both.filtered_domain(["!", ("parent_id.name", "=", "Acme")]).ids == []


def test_sorted_by_a_function_an_order_or_the_model(family: Recordset) -> None:
    ann, bob = family.child_ids
    both = bob + ann
    assert both.sorted().ids == [ann.id, bob.id]
    assert both.sorted(reverse=True).ids == [bob.id, ann.id]
    assert both.sorted("color").ids == [ann.id, bob.id]
    assert both.sorted("color desc").ids == [bob.id, ann.id]
    assert both.sorted("color", reverse=True).ids == [bob.id, ann.id]
    assert both.sorted(lambda record: record.name, reverse=True).ids == [bob.id, ann.id]


def test_ensure_one(family: Recordset) -> None:
    assert family.ensure_one() is family
    with pytest.raises(ValueError, match=r"^Expected singleton: res\.partner\(\)$"):
        family.browse().ensure_one()


# -- calls


def test_a_method_is_one_transaction(env: Environment) -> None:
    items = define(env, "item", {"name": {"type": "char"}})
    with pytest.raises(ValueError, match="Invalid field"):
        items.create([{"name": "a"}, {"nope": 1}])
    assert items.create({"name": "a"}).search([]).mapped("name") == ["a"]


def test_a_method_may_take_an_argument_called_name(env: Environment) -> None:
    assert env["res.partner"].name_search(name="YourCompany", limit=1)
    assert env["res.partner"].name_create(name="New")[1] == "New"


def test_a_method_says_what_it_is_a_method_of(env: Environment) -> None:
    # pytest shows it where an assertion about what it returns fails
    assert repr(env["res.partner"].search_count) == "<bound method BaseModel.search_count of res.partner()>"
    assert repr(env["res.partner"].browse([1, 2]).write) == "<bound method Partner.write of res.partner(1, 2)>"


def test_records_outlive_a_change_of_their_model(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "P"})
    extend(env, "res.partner", {"x_late": {"type": "integer"}})
    partner.x_late = 5
    assert partner.x_late == 5


# -- hints for a test's own code


@pytest.mark.parametrize(
    ("xmlid", "hint"),
    [
        ("base.main_compny", "; did you mean 'base.main_company'?"),
        ("crm.stage_lead1", "; the pack 'crm' has it: fixtures=[\"crm\"]"),
        ("crm.model_crm_lead", "; the pack 'crm' is not loaded"),
        ("nothing", ""),
    ],
)
def test_an_unknown_external_id_is_told_with_the_nearest_or_its_pack(xmlid: str, hint: str) -> None:
    with MockServer() as odoo:
        for use in (lambda: odoo.ref(xmlid), lambda: odoo.user("anna", groups=[xmlid])):
            with pytest.raises(ValueError, match="external id") as caught:
                use()
            assert str(caught.value) == f"there is no record with the external id {xmlid!r}{hint}"
            assert caught.value.__cause__ is None


def test_an_unknown_model_is_told_with_its_pack() -> None:
    with MockServer() as odoo, pytest.raises(KeyError) as caught:
        _ = odoo.env["sale.order"]
    assert caught.value.args == ("there is no model 'sale.order'; the pack 'sale' has it: fixtures=[\"sale\"]",)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="exceptions have notes from 3.11 on")
@pytest.mark.parametrize(
    ("field", "note"),
    [
        ("nmae", "did you mean 'name'?"),
        ("ticket_count", "the pack 'helpdesk' has it: fixtures=[\"helpdesk\"]"),
        ("zzzz", None),
    ],
)
def test_an_unknown_field_has_a_note_beside_the_text_of_the_server(field: str, note: str | None) -> None:
    with MockServer() as odoo, pytest.raises(ValueError, match="Invalid field") as caught:
        odoo.env["res.partner"].create({"name": "Anna", field: "x"})
    assert str(caught.value) == f"Invalid field {field!r} on model 'res.partner'"
    assert getattr(caught.value, "__notes__", []) == ([note] if note else [])
    assert caught.value.__cause__ is None  # told once
