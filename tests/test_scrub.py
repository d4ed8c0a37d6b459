"""Look-alikes: nothing personal is left, and everything that a program looks at is."""

from __future__ import annotations

import base64
import re
import unicodedata

import pytest
from hypothesis import given, strategies as st

from mockserver.contract.pull.look_alikes import LookAlikes
from mockserver.contract.pull.scrambling import Scrambler
from mockserver.contract.pull.scrub import Scrub, kind_of
from mockserver.contract.secrets import is_plain_parameter, is_secret_field, is_secret_model

ALIKE = LookAlikes("a key of the test")
CORPUS = (
    "Anna Kowalska", "Żaneta Łukasiewicz", "Jürgen Groß-Müller", "Ñandú Peñalosa", "Иван Сергеевич Петров",
    "Νίκος Παπαδόπουλος",
    "محمد عبد الرحمن", "שרה כהן", "李小龍", "山田太郎", "サトウ ハナコ", "김철수", "अनिता शर्मा", "สมชาย ใจดี",
    "Արամ Խաչատրյան",
    "გიორგი ბერიძე", "Nguyễn Thị Hương", "O'Brien & Søns Ltd.", "Azure Interior, Brandon Freeman",
)  # fmt: skip


def words(text: str) -> set[str]:
    """The words of a text that are long enough to tell whose they are."""
    return {word for word in re.findall(r"[^\W\d_]{3,}|\d{4,}", text.casefold()) if len(word) > 2}


@pytest.mark.parametrize("name", CORPUS)
def test_a_name_becomes_another_of_the_same_look(name: str) -> None:
    alike = ALIKE.name(name)
    assert [unicodedata.category(char) for char in alike] == [unicodedata.category(char) for char in name]
    assert words(alike).isdisjoint(words(name))
    assert alike != name
    assert alike == ALIKE.name(name) == LookAlikes("a key of the test").name(name)
    assert alike != LookAlikes("another key").name(name)


def test_the_name_inside_a_longer_one_becomes_the_same() -> None:
    assert ALIKE.name("Azure Interior, Brandon Freeman").endswith(f", {ALIKE.name('Brandon Freeman')}")


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_two_texts_never_become_the_same(one: str, other: str) -> None:
    scrambler = Scrambler("key")
    assert (scrambler.text(one) == scrambler.text(other)) == (one == other)


def test_every_word_of_a_pattern_becomes_another_one() -> None:
    scrambler = Scrambler("key")
    pairs = [f"{a}{b}" for a in "0123456789" for b in "aeiou"]
    assert sorted({scrambler.word(pair) for pair in pairs}) == sorted(pairs)


def test_a_single_letter_never_stays() -> None:
    scrambler = Scrambler("key")
    assert all(scrambler.word(letter) != letter for letter in "abcxyzAEI059яж")


@pytest.mark.parametrize(
    "address", ["anna.kowalska@acme.pl", "info@acme.pl", "INFO@other.example.org", "zażółć@gęś.pl"]
)
def test_an_e_mail_stays_an_e_mail_at_example_com(address: str) -> None:
    alike = ALIKE.name(address)
    assert re.fullmatch(r"[^@\s]+@example\.com", alike)
    assert words(alike.replace("example.com", "")).isdisjoint(words(address))


def test_e_mails_of_two_domains_stay_two() -> None:
    assert ALIKE.name("info@acme.pl") != ALIKE.name("info@acme.de")
    assert ALIKE.name("info@acme.pl").rpartition(".")[0] != ALIKE.name("kontakt@acme.pl").rpartition(".")[0]


def test_an_e_mail_in_a_line_becomes_what_it_is_alone() -> None:
    alone = ALIKE.name("anna@acme.pl")
    assert ALIKE.name('"Anna K." <anna@acme.pl>') == f'"{ALIKE.name("Anna K.")}" <{alone}>'


@pytest.mark.parametrize("number", ["+32 2 290 34 90", "(603)-996-3829", "0048 600-123-456", "+1 555-555-5556"])
def test_a_phone_keeps_its_format(number: str) -> None:
    alike = ALIKE.phone(number)
    assert re.sub(r"\d", "0", alike) == re.sub(r"\d", "0", number)
    assert alike != number


def test_a_phone_becomes_the_same_whatever_its_format() -> None:
    assert re.sub(r"\D", "", ALIKE.phone("+32 2 290 34 90")) == re.sub(r"\D", "", ALIKE.phone("+3222903490"))


def test_account_and_vat_numbers_keep_their_country() -> None:
    assert re.fullmatch(r"BE\d\d \d{4} \d{4} \d{4}", ALIKE.number("BE71 0961 2345 6769"))
    assert ALIKE.number("BE71 0961 2345 6769").replace(" ", "") == ALIKE.number("BE71096123456769")
    assert re.fullmatch(r"BE0\d{9}|BE\d{10}", ALIKE.number("BE0477472701"))


def test_a_text_with_contacts_in_it_tells_none_of_them() -> None:
    text = (
        "Call Anna at +48 600 123 456 or write to anna@acme.pl, see https://acme.pl/~anna?x=anna and www.kowalska.pl."
    )
    alike = ALIKE.text(text)
    assert words(alike).isdisjoint(words(text) - words("https www com"))
    assert len(words(alike)) > 8
    assert "@example.com" in alike
    assert ".example.com/~" in alike


def test_markup_keeps_its_tags_and_loses_its_attributes() -> None:
    html = '<p class="o_x">Anna&nbsp;<a href="mailto:anna@acme.pl" title="Anna">writes</a><!-- Anna --><br/></p>'
    alike = ALIKE.html(html)
    assert re.sub(r"[A-Za-z]", "x", re.sub(r"<[^>]*>", "", alike)) == "xxxx&xxxx;xxxxxx"
    assert re.findall(r"<[^>]*>", alike) == ["<p>", "<a>", "</a>", "<!---->", "<br/>", "</p>"]
    assert "anna" not in alike.casefold()


def test_a_picture_becomes_a_picture_of_the_same_size() -> None:
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (7).to_bytes(4, "big") + (5).to_bytes(4, "big") + b"rest")
    made = base64.b64decode(ALIKE.file(png.decode()))
    assert made.startswith(b"\x89PNG")
    assert (int.from_bytes(made[16:20], "big"), int.from_bytes(made[20:24], "big")) == (7, 5)


def test_another_file_becomes_as_many_bytes() -> None:
    value = base64.b64encode(b"the contract of Anna Kowalska").decode()
    made = base64.b64decode(ALIKE.file(value))
    assert len(made) == 29
    assert b"Anna" not in made
    assert ALIKE.file(value) == ALIKE.file(value)


def test_dates_and_figures_are_moved_on_demand_only() -> None:
    scrub = Scrub("key", also=["hr.employee.birthday", "hr.employee.wage"])
    date = {"type": "date"}
    moved = scrub.value("hr.employee", "birthday", date, "1990-02-28")
    assert re.fullmatch(r"19(89|90)-\d\d-\d\d", moved)
    assert moved != "1990-02-28"
    assert scrub.value("hr.employee", "start", date, "1990-02-28") == "1990-02-28"
    assert 1000 <= scrub.value("hr.employee", "wage", {"type": "float"}, 2500.0) < 10000
    assert scrub.unused == set()


def test_a_choice_has_no_look_alike() -> None:
    with pytest.raises(ValueError, match=r"--scrub-field x\.state: a selection has no look-alike"):
        Scrub(also=["x.state"]).value("x", "state", {"type": "selection"}, "done")


def test_kept_fields_stay() -> None:
    scrub = Scrub(keep=["product.template.*"])
    assert scrub.value("product.template", "name", {"type": "char"}, "Desk") == "Desk"
    assert scrub.value("product.category", "name", {"type": "char"}, "Desks") != "Desks"


@pytest.mark.parametrize(
    ("model", "field", "type_", "kind"),
    [
        ("res.partner", "name", "char", "name"),
        ("res.partner", "email_normalized", "char", "email"),
        ("res.partner", "phone_sanitized", "char", "phone"),
        ("res.partner", "comment", "html", "html"),
        ("res.partner", "vat", "char", "number"),
        ("res.partner.bank", "acc_number", "char", "number"),
        ("res.partner", "street2", "char", "address"),
        ("res.partner", "partner_latitude", "float", "place"),
        ("res.partner", "image_1920", "binary", "file"),
        ("res.partner", "type", "selection", None),
        ("res.partner", "credit_limit", "float", None),
        ("res.partner", "date", "date", None),
        ("res.country", "name", "char", None),
        ("ir.attachment", "name", "char", "name"),
        ("ir.attachment", "res_model", "char", None),
        ("project.task", "properties", "properties", "data"),
    ],
)
def test_fields_are_told_by_type_and_name(model: str, field: str, type_: str, kind: str | None) -> None:
    assert kind_of(model, field, {"type": type_}) == kind


def test_an_external_id_that_names_a_person_is_hidden() -> None:
    row, scrubbed = {"name": "Anna Kowalska", "id": 7}, {"name": "Ekke Rubelzda", "id": 7}
    assert Scrub().reveals("__import__.customer_kowalska", row, scrubbed)
    assert not Scrub().reveals("sale.customer_7", row, scrubbed)


@pytest.mark.parametrize(
    "model", ["res.users.apikeys", "auth_totp.device", "payment.token", "res.users.identitycheck", "muk_rest.token",
              "ir.session", "ir.mail_server"]
)  # fmt: skip
def test_rows_that_are_secrets_are_known(model: str) -> None:
    assert is_secret_model(model)


@pytest.mark.parametrize("model", ["res.partner", "pos.session", "sale.order", "stock.picking", "product.product"])
def test_other_rows_are_not_taken_for_secrets(model: str) -> None:
    assert not is_secret_model(model)


@pytest.mark.parametrize(
    "field", ["password", "new_password", "access_token", "signup_token", "api_key", "totp_secret", "smtp_pass",
              "x_pin", "client_secret", "password_crypt", "oauth_access_token"]
)  # fmt: skip
def test_fields_that_hold_secrets_are_known(field: str) -> None:
    assert is_secret_field(field, {"type": "char"})
    assert not is_secret_field(field, {"type": "boolean"})


@pytest.mark.parametrize("field", ["name", "email", "keyword_ids", "passenger", "compass", "shipping", "spin"])
def test_other_fields_are_not_taken_for_secrets(field: str) -> None:
    assert not is_secret_field(field, {"type": "char"})


@pytest.mark.parametrize(
    ("key", "value", "plain"),
    [
        ("web.base.url", "http://localhost:8069", True),
        ("web.base.url", "https://me:pw@localhost", False),
        ("auth_signup.reset_password", "True", False),
        ("sale.use_pdf", "True", True),
        ("database.secret", "5e2d", False),
        ("database.uuid", "5e2d-11", False),
        ("acme.auth", "hunter2", False),
        ("stock.days", "30", True),
    ],
)
def test_system_parameters_are_written_only_if_known_to_be_plain(key: str, value: str, plain: bool) -> None:
    assert is_plain_parameter(key, value) is plain
