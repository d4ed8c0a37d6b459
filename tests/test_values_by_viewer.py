"""Translated and company-dependent fields: what each language and company sees, against a model made of dicts."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples

LANGS = ("en_US", "fr_FR")
TEXTS = st.sampled_from([None, "", "a", "b", "Or", "gold"])
NUMBERS = st.sampled_from([None, "x", "y", "z"])
MODEL = {
    "models": {
        "t.word": {
            "order": "id",
            "fields": {
                "name": {"type": "char", "translate": True},
                "note": {"type": "char"},
                "own": {"type": "char", "company_dependent": True, "store": False},
                "body": {"type": "html", "translate": True},
                "upper_id": {"type": "many2one", "relation": "t.word"},
                "contact_id": {
                    "type": "many2one", "relation": "res.partner", "company_dependent": True, "store": False,
                },
                "line_ids": {"type": "one2many", "relation": "t.line", "relation_field": "word_id", "copy": True},
            },
        },
        "t.line": {
            "fields": {
                "name": {"type": "char", "translate": True},
                "word_id": {"type": "many2one", "relation": "t.word", "ondelete": "cascade"},
            },
        },
    },
    "records": [
        {"model": "res.lang", "xmlid": "base.lang_fr", "update": True, "values": {"active": True}},
        {"model": "res.partner", "xmlid": "t.p", "values": {"name": "Two"}},
        {"model": "res.company", "xmlid": "t.two",
         "values": {"name": "Two", "partner_id": {"ref": "t.p"}, "currency_id": {"ref": "base.USD"}}},
    ],
}  # fmt: skip


@cache
def _template(profile: str) -> Database:
    made = seed.build("test", profile=profiles.get(profile), clock=Clock())
    seed.load(made, MODEL, source="test")
    return made


def database(profile: str = "odoo-17.0") -> Database:
    return _template(profile).clone("test")


@pytest.fixture
def words() -> Recordset:
    return database().env()["t.word"]


class Views(RuleBasedStateMachine):
    """Reads and searches agree with dicts of dicts, whoever looks."""

    @initialize(profile=st.sampled_from(["odoo-14.0", "odoo-17.0", "odoo-18.0"]))
    def start(self, profile: str) -> None:
        self.db = database(profile)
        self.companies = [1, self.db.env().ref("t.two").id]  # type: ignore[union-attr]
        self.names: dict[int, dict[str, str | None]] = {}
        self.owns: dict[int, dict[int, str | None]] = {}
        self.dumped = False

    def env(self, lang: str = "en_US", company: int = 0) -> Environment:
        return self.db.env(context={"lang": lang, "allowed_company_ids": [self.companies[company]]})

    def _written(self, id_: int, lang: str, text: str | None) -> None:
        texts = self.names[id_]
        if text is None:
            texts.clear()
        else:
            texts.setdefault("en_US", text)
            texts[lang] = text

    @rule(lang=st.sampled_from(LANGS), company=st.integers(0, 1), text=TEXTS, own=NUMBERS)
    def create(self, lang: str, company: int, text: str | None, own: str | None) -> None:
        word = self.env(lang, company)["t.word"].create({"name": text, "own": own})
        self.names[word.id], self.owns[word.id] = {}, {company: own}
        self._written(word.id, lang, text)

    @rule(data=st.data(), lang=st.sampled_from(LANGS), company=st.integers(0, 1), text=TEXTS, own=NUMBERS)
    def write(self, data: st.DataObject, lang: str, company: int, text: str | None, own: str | None) -> None:
        if self.names:
            id_ = data.draw(st.sampled_from(sorted(self.names)))
            self.env(lang, company)["t.word"].browse(id_).write({"name": text, "own": own})
            self.owns[id_][company] = own
            self._written(id_, lang, text)

    @rule(data=st.data())
    def copy(self, data: st.DataObject) -> None:
        if self.names:
            id_ = data.draw(st.sampled_from(sorted(self.names)))
            made = self.env()["t.word"].browse(id_).copy()
            self.names[made.id] = dict(self.names[id_])
            self.owns[made.id] = {0: self.owns[id_].get(0)}

    @rule(data=st.data())
    def unlink(self, data: st.DataObject) -> None:
        if self.names:
            id_ = data.draw(st.sampled_from(sorted(self.names)))
            self.env()["t.word"].browse(id_).unlink()
            del self.names[id_], self.owns[id_]

    @precondition(lambda self: self.names and not self.dumped)  # once, since the base data cost a lot
    @rule()
    def dump_and_back(self) -> None:
        self.dumped = True
        data = json.loads(json.dumps(self.db.dump()))
        self.db = Database.undump(data, "test", self.db.profile, self.db.clock)

    def _name(self, id_: int, lang: str) -> str | None:
        return self.names[id_].get(lang, self.names[id_].get("en_US"))

    @invariant()
    def everybody_sees_their_own(self) -> None:
        for lang in LANGS:
            for company in range(2):
                words = self.env(lang, company)["t.word"].search([])
                assert words.ids == sorted(self.names)
                told = {row["id"]: (row["name"], row["own"]) for row in words.read(["name", "own"])}
                assert told == {
                    id_: (False if (n := self._name(id_, lang)) is None else n, self.owns[id_].get(company) or False)
                    for id_ in self.names
                }

    @rule(lang=st.sampled_from(LANGS), company=st.integers(0, 1), text=TEXTS, own=NUMBERS)
    def search(self, lang: str, company: int, text: str | None, own: str | None) -> None:
        words = self.env(lang, company)["t.word"]
        if text:
            found = words.search([("name", "=", text)])
            assert found.ids == [i for i in sorted(self.names) if self._name(i, lang) == text]
        found = words.search([("own", "=", own or False)])
        assert found.ids == [i for i in sorted(self.names) if self.owns[i].get(company) == own]
        ordered = words.search([("name", "not in", [False, ""])], order="name, id")
        expected = sorted((n, i) for i in self.names if (n := self._name(i, lang)))
        assert ordered.ids == [i for _, i in expected]


TestViews = Views.TestCase
TestViews.settings = examples(25, steps=20)


def test_a_first_text_is_that_of_every_language(words: Recordset) -> None:
    word = words.with_context(lang="fr_FR").create({"name": "poire"})
    assert word.with_context(lang="en_US").name == "poire"
    word.with_context(lang="en_US").write({"name": "pear"})
    assert (word.name, word.with_context(lang="en_US").display_name) == ("poire", "pear")


@pytest.mark.parametrize("lang", ["de_DE", "nonsense", False, None, ["fr_FR"]])
def test_a_language_that_is_not_active_is_the_source(words: Recordset, lang: Any) -> None:
    word = words.create({"name": "pear"})
    word.with_context(lang="fr_FR").write({"name": "poire"})
    assert word.with_context(lang=lang).name == "pear"


def test_groups_exports_and_imports_speak_the_language(words: Recordset) -> None:
    french = words.with_context(lang="fr_FR")
    pear, apple = words.create([{"name": "pear"}, {"name": "apple"}])
    french.browse(pear.id).write({"name": "poire"})
    pear.write({"upper_id": apple.id})
    french.browse(apple.id).write({"name": "pomme"})
    groups = french.read_group([], [], ["name"])
    assert [(group["name"], group["__domain"]) for group in groups] == [
        ("poire", [("name", "=", "poire")]), ("pomme", [("name", "=", "pomme")]),
    ]  # fmt: skip
    assert french.browse(pear.id).export_data(["name", "upper_id"])["datas"] == [["poire", "pomme"]]
    assert french.search([("upper_id.name", "=", "pomme")]).ids == [pear.id]
    loaded = french.load(["name", "upper_id"], [["x", "pomme"]])
    assert words.browse(loaded["ids"]).upper_id.id == apple.id


def test_a_copy_has_the_translations_of_lines_too(words: Recordset) -> None:
    word = words.create({"name": "a", "line_ids": [(0, 0, {"name": "one"})]})
    word.line_ids.with_context(lang="fr_FR").write({"name": "un"})
    assert word.copy().line_ids.with_context(lang="fr_FR").name == "un"


def test_an_edited_term_keeps_its_translation(words: Recordset) -> None:
    word = words.create({"body": "<p>A sentence of some length</p><div>Two <b>bold</b></div>"})
    terms = {"A sentence of some length": "Une phrase", "Two <b>bold</b>": "Deux <b>gras</b>"}
    assert word.update_field_translations("body", {"fr_FR": terms}) is True
    word.write({"body": "<p>A sentence of some length!</p><div>Two <b>bold</b></div><p>New</p>"})
    french = word.with_context(lang="fr_FR")
    assert french.body == "<p>Une phrase</p><div>Deux <b>gras</b></div><p>New</p>"


def test_a_translation_into_no_active_language_is_refused(words: Recordset) -> None:
    with pytest.raises(UserError, match="not activated: de_DE"):
        words.create({"name": "a"}).update_field_translations("name", {"de_DE": "x"})


def test_a_target_that_is_gone_reads_as_none(words: Recordset) -> None:
    partner = words.env["res.partner"].create({"name": "P"})
    word = words.create({"contact_id": partner.id})
    assert word.contact_id == partner
    partner.unlink()
    assert not word.contact_id


def test_a_property_is_the_value_of_its_record(words: Recordset) -> None:
    word, properties = words.create({"own": "x"}), words.env["ir.property"]
    held = properties.search([("name", "=", "own")])
    assert (held.res_id, held.value_text, held.company_id.id) == (f"t.word,{word.id}", "x", 1)
    held.write({"value_text": "y"})
    assert word.own == "y"
    default = properties.create({"name": "own", "fields_id": held.fields_id.id, "type": "char", "value": "all"})
    held.unlink()
    assert (word.own, words.search([("own", "=", "all")]).ids) == ("all", word.ids)
    word.write({"own": False})
    assert not word.own
    default.unlink()
    assert not words.create({}).own


def test_labels_and_names_of_the_server_are_french_once_it_is_installed() -> None:
    env = seed.build("test", profile=profiles.get("odoo-17.0"), clock=Clock()).env()
    french = env.with_context(lang="fr_FR")
    lang = env["res.lang"].with_context(active_test=False).search([("code", "=", "fr_FR")])
    env["base.language.install"].create({"lang_ids": [(6, 0, lang.ids)]}).lang_install()
    assert french["res.partner"].fields_get(["country_id"], ["string"]) == {"country_id": {"string": "Pays"}}
    assert french["res.country"].search([("name", "=", "Allemagne")]).code == "DE"
    assert french["res.partner"].create({"name": "A"}).copy().name == "A (copie)"
