"""base.language.install: the wizard that activates languages and loads their terms.

Source: recorded in i18n-base (14.0, 16.0, 17.0) and i18n (18.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import models, terms
from mockserver.orm.methods.translations import active_languages
from mockserver.orm.query.slots import SOURCE, slot
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import translation_rows

# their rows are translated even without external ids
_OF_THE_SERVER = ("ir.model", "ir.model.fields")


class BaseLanguageInstall(models.TransientModel):
    _inherit = "base.language.install"

    def lang_install(self) -> dict[str, Any]:
        """Activate the languages and load their terms; return the next action."""
        self.ensure_one()
        env, langs = self.env, _chosen(self)
        langs.filtered(lambda lang: not lang.active).write({"active": True})
        load_terms(env, [lang.code for lang in langs], overwrite=bool(self.overwrite))
        if len(langs) == 1 and "lang_ids" in self:
            self.write({"first_lang_id": langs.id})
        action = {
            "type": "ir.actions.act_window", "res_model": self._name, "view_mode": "form", "target": "new",
            "res_id": self.id, "views": [[False, "form"]],
        }  # fmt: skip
        return action | ({} if "lang_ids" in self else {"name": env._("Language Pack")})


def _chosen(wizard: Recordset) -> Recordset:
    langs = wizard.env["res.lang"].with_context(active_test=False)
    if "lang_ids" in wizard:
        return langs.browse(wizard._rows()[0].get("lang_ids") or ())
    found: Recordset = langs.search([("code", "=", wizard.lang)])
    return found


def load_terms(env: Environment, langs: list[str], *, overwrite: bool = False) -> None:
    """Load the translations of the server's own records; without `overwrite`, existing ones stay."""
    for lang in langs:
        known = terms.catalogue(lang, env.db.profile.generation)
        if known and lang != SOURCE and lang in active_languages(env):
            for model in env.db.registry.values():
                _load(env, model, lang, known, overwrite=overwrite)


def _load(env: Environment, model: Model, lang: str, known: Any, *, overwrite: bool) -> None:
    store = env.db.store
    fields = [(f.name, slot(f, lang)) for f in model.columns if f.translate]
    if not fields:
        return
    named = None if model.name in _OF_THE_SERVER else _with_external_id(env, model)
    for id_, row in list(store.rows(model.name).items()):
        if named is not None and id_ not in named:
            continue
        found: Row = {
            key: known[row[name]]
            for name, key in fields
            if row.get(name) in known and (overwrite or key not in row) and known[row[name]] != row.get(key)
        }
        if found:
            store.put(model.name, {**row, **found})
            translation_rows.update(env, model, (id_,), model.varying.values())


def _with_external_id(env: Environment, model: Model) -> set[int]:
    rows = env.db.store.rows("ir.model.data")
    return {rows[id_]["res_id"] for id_ in env.db.store.having("ir.model.data", "model", (model.name,))}
