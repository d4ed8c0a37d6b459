"""Record rules: what a user finds, and what is refused by id."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError, MissingError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.models import names
from tests.properties.budget import examples

SECRET = (
    "Uh-oh! Looks like you have stumbled upon some top-secret records.\n\nSorry, Ann (id={uid}) doesn't have '{mode}'"
    " access to:\n- Notes (x_note)\n\nIf you really, really need access, perhaps you can win over your friendly"
    " administrator with a batch of freshly baked cookies."
)
FIELDS = (
    {"name": "x_user_id", "ttype": "many2one", "relation": "res.users"},
    {"name": "x_size", "ttype": "integer"},
    {"name": "company_id", "ttype": "many2one", "relation": "res.company"},
    {"name": "x_parent_id", "ttype": "many2one", "relation": "x_note"},
)


def make_notes(env: Environment) -> Recordset:
    """Notes of Ann, of the administrator and of nobody, as Ann sees them: everybody may do everything with them."""
    env = env.sudo()
    model = env["ir.model"].create({"name": "Notes", "model": "x_note"})
    for field in FIELDS:
        name = field["name"] if str(field["name"]).startswith("x_") else f"x_{field['name']}"
        env["ir.model.fields"].create({**field, "name": name, "model_id": model.id, "field_description": name})
    modes = dict.fromkeys(("perm_read", "perm_write", "perm_create", "perm_unlink"), True)
    env["ir.model.access"].create({"name": "notes", "model_id": model.id, **modes})
    groups = [env.ref(f"base.{name}")._ids[0] for name in ("group_user", "group_allow_export")]  # type: ignore[union-attr]
    ann = env["res.users"].create({"name": "Ann", "login": "ann", "groups_id": [(6, 0, groups)]})
    for size, (name, user) in enumerate((("hers", ann.id), ("his", 2), ("nobody's", False))):
        env["x_note"].create({"x_name": name, "x_user_id": user, "x_size": size})
    return env["x_note"].with_user(ann)


@pytest.fixture
def notes(env: Environment) -> Recordset:
    return make_notes(env)


def rule(records: Recordset, domain: str, *groups: str, modes: str = "rwcu", **vals: Any) -> Recordset:
    """A rule on the records' model, for the groups named."""
    env = records.env.sudo()
    model = env["ir.model"].search([("model", "=", records._name)])
    given = [env.ref(group)._ids[0] for group in groups]  # type: ignore[union-attr]
    perms = {f"perm_{mode}": mode[0] in modes for mode in ("read", "write", "create", "unlink")}
    return env["ir.rule"].create(
        {"name": "r", "model_id": model.id, "domain_force": domain, "groups": [(6, 0, given)], **perms, **vals}
    )


HERS = "[('x_user_id', '=', user.id)]"


def test_a_search_leaves_out_what_is_not_allowed(notes: Recordset) -> None:
    rule(notes, HERS)
    (id_,) = notes.search([]).ids
    assert notes.search_count([]) == 1
    assert notes.search_read([], ["x_name"]) == [{"id": id_, "x_name": "hers"}]
    assert notes.name_search("") == [[id_, "hers"]]
    assert notes.name_search("his") == []
    assert notes.read_group([], ["x_size:sum"], []) == [{"__count": 1, "x_size": 0, "__domain": []}]
    assert notes.web_search_read([], {"x_name": {}})["length"] == 1
    assert notes.search(["|", ("x_name", "=", "his"), ("id", "=", id_)]).ids == [id_]


def test_reading_writing_and_deleting_by_id_are_refused(notes: Recordset) -> None:
    rule(notes, HERS)
    his = notes.browse(2)
    for call, mode in (
        (lambda: his.read(["x_name"]), "read"), (lambda: notes.browse([1, 2]).read([]), "read"),
        (his.name_get, "read"), (lambda: his.fetch(["x_name"]), "read"), (his.get_metadata, "read"),
        (lambda: his.web_read({"x_name": {}}), "read"), (lambda: his.export_data(["x_name"]), "read"),
        (his.copy, "read"), (lambda: his.write({"x_name": "?"}), "write"), (lambda: his.write({}), "write"),
        (lambda: notes.browse([1, 2]).write({"x_size": 9}), "write"), (his.unlink, "unlink"),
        (lambda: his.check_access_rule("unlink"), "unlink"),
    ):  # fmt: skip
        with pytest.raises(AccessError) as caught:
            call()
        assert str(caught.value) == SECRET.format(uid=notes.env.uid, mode=mode)
    assert his.sudo().read(["x_name"]) == [{"id": 2, "x_name": "his"}]
    assert notes.browse(1).check_access_rule("unlink") is None


def test_what_may_not_be_created_is_undone(notes: Recordset) -> None:
    rule(notes, HERS)
    with pytest.raises(AccessError) as caught:
        notes.create([{"x_name": "a", "x_user_id": notes.env.uid}, {"x_name": "b", "x_user_id": 2}])
    assert str(caught.value) == SECRET.format(uid=notes.env.uid, mode="create")
    assert notes.sudo().search_count([]) == 3
    assert names_of(notes.create({"x_name": "a", "x_user_id": notes.env.uid})) == ["a"]


def names_of(records: Recordset) -> list[str]:
    return [record.x_name for record in records]


def test_a_record_may_be_written_away(notes: Recordset) -> None:
    rule(notes, HERS)
    hers = notes.search([])
    assert hers.write({"x_user_id": 2}) is True
    assert notes.search([]).ids == []


def test_missing_records_are_told_apart(notes: Recordset) -> None:
    missing = notes.browse(999)
    assert missing.write({"x_name": "?"}) is True
    assert missing.unlink() is True
    rule(notes, HERS)
    assert missing.read(["x_name"]) == []
    assert missing.sudo().write({"x_name": "?"}) is True
    for call in (lambda: missing.write({"x_name": "?"}), missing.unlink):
        with pytest.raises(MissingError):
            call()


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([(HERS, ())], ["hers"]),
        ([(HERS, ("base.group_user",))], ["hers"]),
        ([(HERS, ("base.group_system",))], ["hers", "his", "nobody's"]),
        ([(HERS, ("base.group_user",)), ("[('x_user_id', '=', False)]", ("base.group_user",))], ["hers", "nobody's"]),
        ([(HERS, ("base.group_user",)), ("[(1, '=', 1)]", ("base.group_no_one",))], ["hers", "his", "nobody's"]),
        ([(HERS, ("base.group_user",)), ("[(1, '=', 1)]", ("base.group_system",))], ["hers"]),
        ([(HERS, ()), ("[('x_size', '>', 0)]", ())], []),
        ([("[('x_size', '<', 2)]", ()), (HERS, ("base.group_user",)), ("[('x_size', '=', 1)]", ("base.group_user",))],
         ["hers", "his"]),
        ([("[]", ())], ["hers", "his", "nobody's"]),
        ([("", ())], ["hers", "his", "nobody's"]),
        ([("[(0, '=', 1)]", ())], []),
        ([(HERS, ("base.group_user", "base.group_portal"))], ["hers"]),
    ],
)  # fmt: skip
def test_rules_of_groups_add_up_and_those_for_everybody_limit(
    notes: Recordset, rules: list[tuple[str, tuple[str, ...]]], found: list[str]
) -> None:
    for domain, groups in rules:
        rule(notes, domain, *groups)
    assert names_of(notes.search([])) == found
    assert names_of(notes.browse([1, 2, 3]).filtered(lambda note: _may_read(note))) == found


def _may_read(note: Recordset) -> bool:
    try:
        return bool(note.read(["x_name"]))
    except AccessError:
        return False


def test_a_rule_holds_in_its_modes_alone(notes: Recordset) -> None:
    rule(notes, HERS, modes="w")
    his = notes.browse(2)
    assert notes.search_count([]) == 3
    assert his.read(["x_name"]) == [{"id": 2, "x_name": "his"}]
    with pytest.raises(AccessError):
        his.write({"x_name": "?"})
    assert his.unlink() is True


def test_nothing_limits_the_superuser_and_the_administrator_is_limited(notes: Recordset) -> None:
    rule(notes, "[(0, '=', 1)]")
    assert notes.with_user(2).search_count([]) == 0
    assert notes.with_user(1).search_count([]) == 3
    assert notes.sudo().search_count([]) == 3


def test_the_administrator_of_generation_11_is_the_superuser() -> None:
    for name in ("odoo-11.0", "flectra-1.6"):
        database = seed.build("t", profile=profiles.get(name), clock=Clock())
        env = database.env(database.profile.admin_id)
        model = env["ir.model"].search([("model", "=", "res.partner")])
        env["ir.rule"].create({"name": "r", "model_id": model.id, "domain_force": "[(0, '=', 1)]"})
        assert env["res.partner"].search_count([]) > 0


def test_a_change_of_rules_counts_at_once_and_a_rollback_takes_it_back(notes: Recordset) -> None:
    written = rule(notes, HERS)
    assert notes.search_count([]) == 1
    written.write({"domain_force": "[('x_size', '>', 0)]"})
    assert names_of(notes.search([])) == ["his", "nobody's"]
    written.write({"active": False})
    assert notes.search_count([]) == 3
    with pytest.raises(RuntimeError), notes.env.db.transaction():
        written.write({"active": True})
        assert notes.search_count([]) == 2
        raise RuntimeError
    assert notes.search_count([]) == 3
    written.unlink()
    assert notes.search_count([]) == 3


def test_a_change_of_records_counts_at_once(notes: Recordset) -> None:
    rule(notes, "[('x_user_id.name', '=', 'Ann')]")
    assert names_of(notes.search([])) == ["hers"]
    notes.env.sudo().user.write({"name": "Bob"})
    assert notes.search([]).ids == []
    notes.sudo().browse(1).write({"x_user_id": 2})
    notes.env.sudo()["res.users"].browse(2).write({"name": "Ann"})
    assert names_of(notes.search([])) == ["hers", "his"]
    with pytest.raises(AccessError):
        notes.browse(3).read([])
    notes.sudo().browse(3).write({"x_user_id": 2})
    assert notes.browse(3).read(["x_name"]) == [{"id": 3, "x_name": "nobody's"}]


def test_a_path_from_the_user_follows_what_it_leads_to(notes: Recordset) -> None:
    rule(notes, "[('x_size', '=', user.partner_id.color)]")
    assert names_of(notes.search([])) == ["hers"]
    notes.env.sudo().user.partner_id.write({"color": 2})
    assert names_of(notes.search([])) == ["nobody's"]


def test_rules_of_a_related_model_limit_what_a_path_finds(notes: Recordset) -> None:
    hers, his, nobodys = notes.sudo().browse(1), notes.sudo().browse(2), notes.sudo().browse(3)
    hers.write({"x_parent_id": his.id})
    his.write({"x_parent_id": nobodys.id})
    assert notes.search([("x_parent_id.x_size", ">", 0)]).ids == [1, 2]
    rule(notes, "[('x_name', '!=', 'his')]")
    assert notes.search([("x_parent_id.x_size", ">", 0)]).ids == []
    assert notes.search([("x_parent_id", "ilike", "his")]).ids == []
    # the name is shown all the same
    assert notes.browse(1).read(["x_parent_id"]) == [{"id": 1, "x_parent_id": [2, "his"]}]


def test_conditions_inside_a_rule_know_no_rules(notes: Recordset) -> None:
    notes.sudo().browse(1).write({"x_parent_id": 2})
    rule(notes, "['|', ('x_parent_id.x_name', '=', 'his'), ('x_name', '=', 'x')]")
    assert names_of(notes.search([])) == ["hers"]


def test_lines_show_what_may_be_read(notes: Recordset, env: Environment) -> None:
    partner = env["res.partner"].create({"name": "P", "child_ids": [(0, 0, {"name": "a"}), (0, 0, {"name": "b"})]})
    seen = partner.with_user(notes.env.uid)
    assert len(seen.read(["child_ids"])[0]["child_ids"]) == 2
    rule(seen, "[('name', '!=', 'b')]")
    (child,) = seen.read(["child_ids"])[0]["child_ids"]
    assert seen.browse(child).name == "a"
    assert len(partner.sudo().child_ids) == 2


def test_a_model_that_delegates_is_limited_by_the_other(notes: Recordset, env: Environment) -> None:
    users = env["res.users"].with_user(notes.env.uid)
    everybody = users.search([])
    assert notes.env.uid in everybody.ids
    rule(env["res.partner"], "[('name', '!=', 'Ann')]")
    assert users.search([]) == everybody - users.browse(notes.env.uid)
    with pytest.raises(AccessError, match=r"- User \(res\.users\)"):
        users.browse([notes.env.uid]).read(["name", "groups_count"])
    env["res.partner"].sudo().search([("name", "=", "Ann")]).write({"name": "Anna"})
    assert users.search([]) == everybody


@pytest.fixture(scope="module")
def world() -> Recordset:
    """Forty notes in a database of their own."""
    database = seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock())
    notes = make_notes(database.env(2))
    for number in range(37):
        parent = number if number % 3 else False
        notes.sudo().create({
            "x_name": f"n{number % 7}", "x_user_id": (False, 2, notes.env.uid)[number % 3], "x_size": number % 5,
            "x_parent_id": parent, "x_company_id": number % 2,
        })  # fmt: skip
    return notes


LEAVES = st.sampled_from([
    "('x_user_id', '=', user.id)", "('x_user_id', '!=', user.id)", "('x_size', '>', 1)", "('x_size', 'in', [0, 3])",
    "('x_parent_id.x_size', '=', 2)", "('x_parent_id', 'child_of', [4])", "('id', 'parent_of', [30])",
    "('x_company_id', 'in', company_ids + [False])", "('x_name', 'ilike', '1')", "(1, '=', 1)", "(0, '=', 1)",
])  # fmt: skip
DOMAINS = st.lists(LEAVES, max_size=3).flatmap(
    lambda leaves: st.sampled_from(["'|', ", "'&', "]).map(
        lambda operator: f"[{operator * max(0, len(leaves) - 1)}{', '.join(leaves)}]"
    )
)


@examples(50)
@given(everybody=st.lists(DOMAINS, max_size=2), of_groups=st.lists(DOMAINS, max_size=3), searched=DOMAINS)
def test_a_search_with_rules_is_a_search_for_both(
    world: Recordset, everybody: list[str], of_groups: list[str], searched: str
) -> None:
    from mockserver.orm.rights.rule_domains import evaluate, names as known, parse

    database = world.env.db
    snapshot = database.snapshot()
    try:
        sudo = world.sudo()

        def found(text: str) -> set[int]:
            return set(sudo.search(evaluate(parse(text), known(world.env, set()))).ids)

        expected = found(searched)
        for text in everybody:
            expected &= found(text)
        if of_groups:
            expected &= set().union(*map(found, of_groups))
        # a path in the search itself is limited too, so it is left to the rules here
        asked = [("id", "in", sorted(found(searched)))]
        for text in everybody:
            rule(world, text)
        for text in of_groups:
            rule(world, text, "base.group_user")
        assert set(world.search(asked).ids) == expected
        assert world.search_count(asked) == len(expected)
        for id_ in sudo.search([]).ids[:10]:
            allowed = set(world.search([("id", "=", id_)]).ids)
            assert _may_read(world.browse(id_)) is bool(allowed)
    finally:
        database.restore(snapshot)


def test_the_names_of_the_fixtures_are_those_of_the_server(env: Environment) -> None:
    assert {"res.partner company", "user rule", "company rule employee", "Partner bank company rule"} <= set(
        names(env["ir.rule"].search([]))
    )


def test_what_is_computed_and_kept_is_so_for_everybody(notes: Recordset, env: Environment) -> None:
    ann = notes.env.sudo().user
    ann.write({"groups_id": [(4, env.ref("base.group_partner_manager").id)]})  # type: ignore[union-attr]
    parent = env["res.partner"].create({"name": "Hidden", "is_company": True})
    child = env["res.partner"].create({"name": "Child", "parent_id": parent.id})
    rule(parent, "[('name', '!=', 'Hidden')]")
    child.with_user(ann).write({"name": "Kid"})
    assert child.read(["complete_name", "commercial_company_name"]) == [
        {"id": child.id, "complete_name": "Hidden, Kid", "commercial_company_name": "Hidden"}
    ]
