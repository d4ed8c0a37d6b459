"""What the database says about a broken constraint, beside what a user is told."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Environment


def refused(env: Environment, model: str, **values: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        env[model].create(values)
    assert 'constraint "' not in str(caught.value)
    return caught.value.driver


def test_a_mandatory_column_is_named_with_the_row(env: Environment) -> None:
    text = refused(env, "res.partner.category", name=False, color=3)
    assert text.startswith(
        'null value in column "name" of relation "res_partner_category" violates not-null constraint\n'
    )
    assert "DETAIL:  Failing row contains (" in text
    assert text.endswith(").\n")


def test_a_check_is_named(env: Environment) -> None:
    text = refused(env, "res.partner", name=False)
    assert text.startswith('new row for relation "res_partner" violates check constraint "res_partner_check_name"\n')


def test_two_rows_with_the_same_key_are_named_by_it(env: Environment) -> None:
    belgium = env["res.country"].search([("code", "=", "BE")])
    state = {"name": "X", "code": "ABC", "country_id": belgium.id}
    env["res.country.state"].create(state)
    assert refused(env, "res.country.state", **state) == (
        'duplicate key value violates unique constraint "res_country_state_name_code_uniq"\n'
        f"DETAIL:  Key (country_id, code)=({belgium.id}, ABC) already exists.\n"
    )


def test_a_foreign_key_that_leads_nowhere_is_named(env: Environment) -> None:
    assert refused(env, "res.partner", name="X", title=9999) == (
        'insert or update on table "res_partner" violates foreign key constraint "res_partner_title_fkey"\n'
        'DETAIL:  Key (title)=(9999) is not present in table "res_partner_title".\n'
    )
    assert 'Key (category_id)=(9999) is not present in table "res_partner_category"' in refused(
        env, "res.partner", name="X", category_id=[(6, 0, [9999])]
    )


def test_a_record_that_is_needed_is_named_where_it_is_restricted(env: Environment) -> None:
    field = env["ir.model.fields"].create(
        {"name": "x_bank", "ttype": "many2one", "relation": "res.bank", "on_delete": "restrict",
         "model_id": env["ir.model"].search([("model", "=", "res.partner.title")]).id}
    )  # fmt: skip
    assert field
    bank = env["res.bank"].create({"name": "B"})
    env["res.partner.title"].create({"name": "T", "x_bank": bank.id})
    with pytest.raises(ValidationError) as caught:
        bank.unlink()
    assert caught.value.driver == (
        'update or delete on table "res_bank" violates foreign key constraint "res_partner_title_x_bank_fkey"'
        ' on table "res_partner_title"\n'
        f'DETAIL:  Key (id)=({bank.id}) is still referenced from table "res_partner_title".\n'
    )


def test_a_long_value_is_cut(env: Environment) -> None:
    text = refused(env, "res.country", name=False, code="ZZ", address_format="a" * 100)
    assert f", {'a' * 64}...," in text
