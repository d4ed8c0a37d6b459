"""res.country, res.country.state, res.currency and res.lang."""

from __future__ import annotations

import pytest

from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.query import computing
from mockserver.orm.records.environment import Environment, Recordset


def _ref(env: Environment, name: str) -> Recordset:
    found = env.ref(f"base.{name}")
    assert found is not None
    return found


def test_a_state_is_named_with_its_country(env: Environment) -> None:
    assert _ref(env, "state_us_5").display_name == "California (US)"


def test_two_letters_find_a_country_by_code_before_names(env: Environment) -> None:
    names = [name for _, name in env["res.country"].name_search("be")]
    assert names[0] == "Belgium"
    assert {"Belarus", "Uzbekistan"} <= set(names)
    assert names.count("Belgium") == 1
    assert [name for _, name in env["res.country"].name_search("be", limit=1)] == ["Belgium", "Belarus"]
    assert env["res.country"].name_search("Belgi") == [[_ref(env, "be").id, "Belgium"]]
    assert env["res.country"].name_search("be", [("code", "=", "BY")]) == [[_ref(env, "by").id, "Belarus"]]


def test_a_state_is_found_by_code_first_then_by_name(env: Environment) -> None:
    states = env["res.country.state"]
    us = states.with_context(country_id=_ref(env, "us").id)
    assert us.name_search("CA")[0] == [_ref(env, "state_us_5").id, "California (US)"]
    assert us.name_search("Californ") == [[_ref(env, "state_us_5").id, "California (US)"]]
    assert len(us.name_search("")) == len(states.search([("country_id.code", "=", "US")]))
    assert states.name_search("zzz") == []


def test_a_state_is_found_by_name_and_country_in_brackets(env: Environment) -> None:
    california = [[_ref(env, "state_us_5").id, "California (US)"]]
    assert env["res.country.state"].name_search("California (US)") == california
    assert env["res.country.state"].name_search("California (United)") == california
    assert env["res.country.state"].name_search("California (FR)") == []
    partner = env["res.partner"].create({"name": "x", "state_id": california[0][0]})
    assert partner in env["res.partner"].search([("state_id", "=", "California (US)")])


def test_a_country_code_is_put_in_capitals(env: Environment) -> None:
    country = env["res.country"].create({"name": "Xland", "code": "xx"})
    assert country.code == "XX"
    country.write({"code": "xy"})
    assert country.code == "XY"
    with pytest.raises(ValidationError, match="The code of the country must be unique!"):
        env["res.country"].create({"name": "Yland", "code": "us"})


def test_a_country_has_a_flag(env: Environment) -> None:
    assert _ref(env, "be").image_url == "/base/static/img/country_flags/be.png"
    assert _ref(env, "gp").image_url == "/base/static/img/country_flags/fr.png"
    assert _ref(env, "aq").image_url is False


def test_the_address_format_is_checked_and_told(env: Environment) -> None:
    belgium = _ref(env, "be")
    belgium.write({"address_format": "%(street)s\n%(zip)s %(city)s"})
    assert belgium.get_address_fields() == ["street", "zip", "city"]
    with pytest.raises(UserError, match="The layout contains an invalid format key"):
        belgium.write({"address_format": "%(planet)s"})


# -- currencies


def test_rates_are_against_the_currency_of_the_company(env: Environment) -> None:
    euro, dollar = _ref(env, "EUR"), _ref(env, "USD")
    assert (euro.rate, euro.rate_string, euro.date) == (0.9, "1 USD = 0.900000 EUR", "2010-01-01")
    assert (dollar.rate, dollar.rate_string) == (1.0, "")
    assert (dollar.is_current_company_currency, euro.is_current_company_currency) == (True, False)
    env["res.company"].browse(1).write({"currency_id": euro.id})
    assert (euro.rate, round(dollar.rate, 6), dollar.rate_string) == (1.0, 1.111111, "1 EUR = 1.111111 USD")


def test_the_rate_of_the_day_is_the_last_until_then(env: Environment) -> None:
    euro = _ref(env, "EUR")
    rate = env["res.currency.rate"].create({"currency_id": euro.id, "name": "2020-01-01", "rate": 0.8})
    assert (euro.rate, euro.date, euro.inverse_rate) == (0.8, "2020-01-01", 1.25)
    assert (rate.company_rate, rate.inverse_company_rate) == (0.8, 1.25)
    assert euro.with_context(date="2019-12-31").rate == 0.9
    assert euro.with_context(date="1999-12-31").rate == 0.9
    with pytest.raises(ValidationError, match="The currency rate must be strictly positive"):
        rate.write({"rate": 0})
    with pytest.raises(ValidationError, match="Only one currency rate per day allowed!"):
        env["res.currency.rate"].create({"currency_id": euro.id, "name": "2020-01-01", "rate": 0.7})


@pytest.mark.parametrize(("rounding", "places"), [(0.01, 2), (1.0, 0), (0.001, 3), (0.05, 2), (0.5, 1), (10.0, 0)])
def test_decimal_places_follow_from_the_rounding(env: Environment, rounding: float, places: int) -> None:
    currency = env["res.currency"].create({"name": "XYZ", "symbol": "x", "rounding": rounding})
    assert currency.decimal_places == places


def test_a_currency_rounds_amounts(env: Environment) -> None:
    dollar = _ref(env, "USD")
    assert dollar.call("round", 1.005) == 1.01
    assert dollar.call("round", -1.005) == -1.01
    assert dollar.is_zero(0.004) is True
    assert [dollar.compare_amounts(1.0, other) for other in (1.004, 1.01, 0.99)] == [0, -1, 1]
    assert computing.smallest_amount(env, dollar._ids[0]) == 0.01
    assert computing.smallest_amount(env, None) == 0.0


@pytest.mark.parametrize(
    ("amount", "step", "rounded"),
    [(0.285, 0.01, 0.29), (2.5, 1.0, 3.0), (1.12, 0.05, 1.1), (1.13, 0.05, 1.15), (1e40, 0.01, 1e40), (7.0, 0.0, 7.0)],
)
def test_round_to_takes_the_next_multiple_halves_away_from_zero(amount: float, step: float, rounded: float) -> None:
    assert round_to(amount, step) == rounded
    assert round_to(-amount, step) == -rounded


def test_a_monetary_value_is_rounded_when_written(env: Environment) -> None:
    company = env["res.company"].browse(1)
    company.write({"po_double_validation_amount": 10.005})
    assert company.po_double_validation_amount == 10.01
    company.write({"currency_id": _ref(env, "JPY").id, "po_double_validation_amount": 10.5})
    assert company.po_double_validation_amount == 11.0


def test_the_currency_of_a_company_stays_active_and_rounds_to_something(env: Environment) -> None:
    dollar = _ref(env, "USD")
    with pytest.raises(UserError, match="This currency is set on a company"):
        dollar.write({"active": False})
    with pytest.raises(ValidationError, match="The rounding factor must be greater than 0!"):
        dollar.write({"rounding": 0})


# -- languages


def test_installed_languages_are_the_active_ones_by_name(env: Environment) -> None:
    langs = env["res.lang"].with_context(active_test=False)
    assert env["res.lang"].get_installed() == [["en_US", "English (US)"]]
    langs.search([("code", "=", "nl_NL")]).write({"active": True})
    langs.search([("code", "=", "de_DE")]).write({"active": True})
    assert [code for code, _ in env["res.lang"].get_installed()] == ["nl_NL", "en_US", "de_DE"]


def test_a_language_in_use_stays(env: Environment) -> None:
    english = env["res.lang"].search([("code", "=", "en_US")])
    with pytest.raises(UserError, match="Cannot deactivate a language that is currently used by users"):
        english.write({"active": False})
    with pytest.raises(UserError, match="Language code cannot be modified"):
        english.write({"code": "en_XX"})
    with pytest.raises(UserError, match="Base Language 'en_US' can not be deleted"):
        english.unlink()
    german = env["res.lang"].with_context(active_test=False).search([("code", "=", "de_DE")])
    german.write({"active": True})
    with pytest.raises(UserError, match="You cannot delete the language which is Active!"):
        german.unlink()
    german.write({"active": False})
    german.unlink()
    assert not german.exists()


def test_a_new_language_has_a_url_code_and_a_flag(env: Environment) -> None:
    lang = env["res.lang"].create({"name": "Elvish", "code": "el_VN", "iso_code": "elv"})
    assert lang.url_code == "elv"
    assert lang.flag_image_url == "/base/static/img/country_flags/vn.png"
