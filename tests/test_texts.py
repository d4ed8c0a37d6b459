"""Equal texts of many rows are kept once."""

from __future__ import annotations

from mockserver.orm.storage.texts import FEW, Texts


def _copy(text: str) -> str:
    return text.encode().decode()


def test_equal_texts_of_a_field_are_one_object() -> None:
    rows = [{"id": i, "city": _copy("Brussels"), "active": True} for i in range(3)]
    Texts().share(rows)

    assert rows[0]["city"] is rows[2]["city"]
    assert rows[2] == {"id": 2, "city": "Brussels", "active": True}


def test_a_field_of_many_different_texts_is_given_up() -> None:
    texts = Texts()
    for i in range(FEW + 2):
        texts.one("name", f"Acme {i}")
    first = texts.one("name", _copy("Acme 0"))

    assert first == "Acme 0"
    assert texts.one("name", _copy("Acme 0")) is not first
    assert texts.one("city", _copy("Ghent")) is texts.one("city", _copy("Ghent"))
