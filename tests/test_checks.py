"""Conditions of table constraints: what they allow."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.orm.writing.checks import BadCheck, allows, columns

COALESCED = "COALESCE(kind IN ('section', 'note'), 'f') OR account IS NOT NULL"


@pytest.mark.parametrize(
    ("condition", "row", "allowed"),
    [
        (COALESCED, {"kind": "note"}, True),
        (COALESCED, {}, False),
        (COALESCED, {"kind": "product", "account": 1}, True),
        ("ROUND(debit - credit, 2) = 0", {"debit": 0.004, "credit": 0.0}, True),
        ("ROUND(debit - credit, 2) = 0", {"debit": 0.006, "credit": 0.0}, False),
        ("ROUND(debit - credit, 2) = 0", {"debit": 1.0}, True),
        ("coalesce(length(name), 0) > 2", {"name": "ab"}, False),
    ],
)
def test_what_a_condition_allows(condition: str, row: dict[str, Any], allowed: bool) -> None:
    assert allows(condition, row) is allowed


def test_the_columns_of_a_condition() -> None:
    assert columns(COALESCED) == {"kind", "account"}
    assert columns("ROUND(debit - credit, 2) = 0") == {"debit", "credit"}


def test_a_function_has_its_number_of_arguments() -> None:
    with pytest.raises(BadCheck, match=r"round\(\) is not known"):
        allows("ROUND(debit) = 0", {"debit": 1})
