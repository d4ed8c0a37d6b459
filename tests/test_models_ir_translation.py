"""ir.translation: until 15, translated texts as records."""

from __future__ import annotations

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed


@pytest.fixture(scope="module")
def french() -> Environment:
    profile = profiles.get("odoo-14.0")
    env = seed.build("test", profile=profile, clock=Clock()).env(profile.admin_id)
    env["base.language.install"].create({"lang": "fr_FR", "overwrite": False}).call("lang_install")
    return env


def _of(record: Recordset, field: str) -> list[dict[str, object]]:
    texts = record.env["ir.translation"]
    domain = [("name", "=", f"{record._name},{field}"), ("res_id", "=", record.id)]
    fields = ["lang", "type", "src", "value", "state", "module"]
    return [{name: found[name] for name in fields} for found in texts.call("search_read", domain, fields)]


def test_a_loaded_language_has_a_row_for_each_text_of_its_module(french: Environment) -> None:
    spain = french.ref("base.es")
    assert spain is not None
    assert _of(spain, "name") == [
        {
            "lang": "fr_FR", "type": "model", "src": "Spain", "value": "Espagne", "state": "translated",
            "module": "base",
        }
    ]  # fmt: skip
    assert _of(spain, "code") == []


def test_rows_follow_what_is_written_and_deleted(french: Environment) -> None:
    tag = french["res.partner.category"].create({"name": "Gold"})
    assert _of(tag, "name") == []
    tag.with_context(lang="fr_FR").write({"name": "Or"})
    tag.write({"name": "Silver"})
    (row,) = _of(tag, "name")
    assert (row["src"], row["value"], row["module"]) == ("Silver", "Or", False)
    tag.unlink()
    assert _of(tag, "name") == []


def test_a_row_that_is_created_changed_or_deleted_changes_the_record(french: Environment) -> None:
    tag = french["res.partner.category"].create({"name": "Gold"})
    about = {"name": "res.partner.category,name", "res_id": tag.id, "lang": "fr_FR", "type": "model"}
    row = french["ir.translation"].create({**about, "src": "Gold", "value": "Or", "state": "translated"})
    assert tag.with_context(lang="fr_FR").name == "Or"
    row.write({"value": "Doré"})
    assert tag.with_context(lang="fr_FR").name == "Doré"
    row.unlink()
    assert tag.with_context(lang="fr_FR").name == "Gold"
