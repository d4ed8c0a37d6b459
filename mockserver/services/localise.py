"""Language and country of a new database, as given to `create_database`."""

from __future__ import annotations

from mockserver.addons.base.base_language_install import load_terms
from mockserver.orm.database import Database


def localise(database: Database, lang: str, country_code: str | None) -> None:
    """Make `lang` active and the administrator's language; set the main company's country.

    An unknown language or country changes nothing.
    """
    env = database.env().with_context(active_test=False)
    with database.transaction():
        if lang and lang != "en_US" and "res.lang" in env:
            found = env["res.lang"].search([("code", "=", lang)])
            if found:
                found.write({"active": True})
                load_terms(env, [lang])
                env["res.users"].browse(database.profile.admin_id).partner_id.write({"lang": lang})
        if country_code and "res.country" in env:
            country = env["res.country"].search([("code", "=", country_code.upper())])
            company = env.ref("base.main_company", raise_if_not_found=False)
            if country and company:
                company.partner_id.write({"country_id": country.id})
