"""The texts of record rules: what can be read, and what is refused by name."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights import rule_domains
from mockserver.orm.rights.rule_domains import UnreadableDomain, evaluate, parse
from mockserver.seed import build as seed


def values(env: Environment, text: str) -> Any:
    env.db.clock.freeze("2024-05-17 12:00:00")
    return evaluate(parse(text), rule_domains.names(env, set()))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[]", []),
        ("[(1, '=', 1)]", [(1, "=", 1)]),
        ("  [('a', '!=', False), ('b', '=', None)]\n", [("a", "!=", False), ("b", "=", None)]),
        ("['|', ('x', '>', -1.5), ['y', 'in', (1, 2)]]", ["|", ("x", ">", -1.5), ["y", "in", (1, 2)]]),
        ("[('a', '=', user.id)]", [("a", "=", 2)]),
        ("[('a', '=', user.company_id.id)]", [("a", "=", 1)]),
        ("[('a', 'in', user.company_ids.ids)]", [("a", "in", [1])]),
        ("[('a', '=', user.partner_id.commercial_partner_id.id)]", [("a", "=", 3)]),
        ("[('a', '=', user.commercial_partner_id.id)]", [("a", "=", 3)]),
        ("[('a', '=', user.login), ('b', '=', user.share)]", [("a", "=", "admin"), ("b", "=", False)]),
        ("[('a', 'in', company_ids + [False]), ('b', '=', company_id)]", [("a", "in", [1, False]), ("b", "=", 1)]),
        ("[('a', '=', 1)] + [('b', '=', 2)]", [("a", "=", 1), ("b", "=", 2)]),
        ("[('a', '=', user.partner_id.parent_id.id)]", [("a", "=", False)]),
        ("[('a', '=', user.has_group('base.group_user'))]", [("a", "=", True)]),
        ("[('a', '=', 1)] if user.has_group('base.group_portal') else [('b', '=', 1)]", [("b", "=", 1)]),
        ("[\n('a', '=', 1 if user.partner_id.parent_id else 2)]", [("a", "=", 2)]),
        ("[('a', '=', user and not user.share)]", [("a", "=", True)]),
        ("[('a', '=', user.partner_id.parent_id.id or user.id)]", [("a", "=", 2)]),
        ("[('a', '=', 7)] if company_id in company_ids else []", [("a", "=", 7)]),
        ("[('a', '=', user.id != 2)]", [("a", "=", False)]),
        ("[('a', '>=', time.strftime('%Y-%m-01'))]", [("a", ">=", "2024-05-01")]),
        ("[('a', 'in', user.env.companies.country_id.ids)]", [("a", "in", [233])]),
        ("[('a', '=', user.env.company.id), ('b', '=', user.env.uid)]", [("a", "=", 1), ("b", "=", 2)]),
        ("[# a remark\n('a', '=', 1)]", [("a", "=", 1)]),
    ],
)  # fmt: skip
def test_what_a_rule_may_say(env: Environment, text: str, value: Any) -> None:
    assert values(env, text) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[('a', '=', ", "was never closed (line 1)"),
        ("__import__('os')", "Call is not supported here (line 1)"),
        ("[('a', '=', user.has_group(user.login))]", "Call is not supported here (line 1)"),
        ("[('a', '=', user.has_group)]", "'res.users' object has no attribute 'has_group'"),
        ("[('a', '=', user.has_group.x)]", "'res.users' object has no attribute 'has_group'"),
        ("[('a', '=', user.write('x'))]", "Call is not supported here (line 1)"),
        ("[('a', '=', 1 < 2 < 3)]", "a row of comparisons is not supported here (line 1)"),
        ("[('a', '=', 1 < 'x')]", "'<' not supported between instances of 'int' and 'str'"),
        ("[('a', '=', user.env.cr)]", "'user.env' has company, companies, uid, user here, not 'cr'"),
        ("[('a', '=', user.env.uid.x)]", "'uid' has no attribute 'x'"),
        ("[x for x in company_ids]", "ListComp is not supported"),
        ("[('a', '=', company_ids[0])]", "Subscript is not supported"),
        ("[('a', '=', f'{user}')]", "JoinedStr is not supported"),
        ("[('a', '=', b'x')]", "Constant is not supported"),
        ("[('a', '=', ...)]", "Constant is not supported"),
        ("{'a': 1}", "Dict is not supported"),
        ("lambda: 1", "Lambda is not supported"),
        ("[('a', '=', -user.id)]", "UnaryOp is not supported"),
        ("[('a', '=', 2 * 3)]", "BinOp is not supported"),
        ("[('a', '=', 1 + 2)]", "only lists can be added"),
        ("[('a', '<', time.time())]", "Call is not supported"),
        ("[('a', '<', time.now)]", "'time.now' is not supported here"),
        ("[('a', '<', datetime.now)]", "name 'datetime' is not defined (known: user, company_id, company_ids, time)"),
        ("[('a', '=', user)]", "'user' is a record; 'user.id' is its id"),
        ("[('a', '=', user.company_id)]", "'company_id' is a record; 'company_id.id' is its id"),
        ("[('a', '=', company_id.name)]", "'company_id' has no attribute 'name'"),
        ("[('a', '=', user.__class__)]", "'res.users' object has no attribute '__class__'"),
        ("[('a', '=', user.id.real)]", "'id' has no attribute 'real'"),
        ("[('a', '=', user.login.upper)]", "'res.users.login' has no attribute 'upper'"),
        ("[('a', '=', (1).real)]", "Constant is not supported"),
        ("'\0'", "null"),
        ("[" * 3000 + "]" * 3000, "nested"),
        ("+".join(["[]"] * 6000), "nested"),
        ("[" + "1," * 20_000 + "]", "longer than 20000 characters"),
    ],
)  # fmt: skip
def test_what_a_rule_may_not_say(env: Environment, text: str, says: str) -> None:
    with pytest.raises(UnreadableDomain) as caught:
        values(env, text)
    assert says in str(caught.value)


def test_a_long_row_of_signs_is_refused(env: Environment) -> None:
    # whether Python's parser gives up on it or hands it on depends on its version
    with pytest.raises(UnreadableDomain, match=r"nested|UnaryOp is not supported"):
        values(env, "-" * 5000 + "1")


@given(st.text(max_size=40) | st.text("[]()'\",.+-user company_ids.id0123456789=|&!\n", max_size=60))
def test_whatever_the_text_it_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UnreadableDomain):
        parse(text)


@pytest.fixture
def rules(env: Environment) -> Recordset:
    return env["ir.rule"]


def model_id(env: Environment, name: str) -> int:
    return int(env["ir.model"].search([("model", "=", name)]).id)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[('name', '=', ", "Invalid domain: '(' was never closed (line 1)"),
        ("[('nope', '=', 1)]", "Invalid domain: Invalid field res.partner.nope in leaf ('nope', '=', 1)"),
        ("[('name', '~', 1)]", "Invalid domain: Invalid leaf ('name', '~', 1)"),
        ("'name'",
         "Invalid domain: Domains to normalize must have a 'domain' form: a list or tuple of domain components"),
        ("['|', ('name', '=', 'x')]", "Invalid domain: Domain ['|', ('name', '=', 'x')] is syntactically not correct."),
        ("open('/etc/passwd')", "Invalid domain: Call is not supported here (line 1)"),
    ],
)  # fmt: skip
def test_a_bad_text_is_refused_when_it_is_written(env: Environment, rules: Recordset, text: str, says: str) -> None:
    values = {"name": "r", "model_id": model_id(env, "res.partner"), "domain_force": text}
    with pytest.raises(ValidationError) as caught:
        rules.create(values)
    assert str(caught.value) == says
    archived = rules.create({**values, "active": False})
    with pytest.raises(ValidationError):
        archived.write({"active": True})


def test_a_rule_has_a_mode_and_is_not_about_rules(env: Environment, rules: Recordset) -> None:
    with pytest.raises(ValidationError, match=r"^Rules can not be applied on the Record Rules model\.$"):
        rules.create({"name": "r", "model_id": model_id(env, "ir.rule")})
    none = dict.fromkeys(("perm_read", "perm_write", "perm_create", "perm_unlink"), False)
    with pytest.raises(ValidationError, match=r"Rule must have at least one checked access right!$"):
        rules.create({"name": "r", "model_id": model_id(env, "res.partner"), **none})


def test_every_rule_of_the_base_data_can_be_read() -> None:
    for profile in profiles.PROFILES.values():
        database = seed.build("t", profile=profile, clock=Clock())
        model, field = ("ir.access", "domain") if profile.rules.one_access_model else ("ir.rule", "domain_force")
        found = database.env()[model].with_context(active_test=False).search([(field, "!=", False)])
        assert len(found) >= 13
        for rule in found:
            assert rule.write({field: rule[field], "active": True}) is True
