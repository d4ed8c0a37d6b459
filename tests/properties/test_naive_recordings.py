"""The naive evaluator gives what a real server gave: every recorded search over the three custom models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import HERE
from tests.properties.naive import Column, Naive, Table

RECORDINGS = sorted((HERE / "odoo-17.0").glob("domains-*.json"))


def _schema(fields: dict[str, Any]) -> dict[str, Table]:
    """The tables of the custom models, from the recorded types; the inverse is the only one there is."""
    tables = {}
    for model in ("x_tag", "x_cat", "x_item"):
        columns = {
            name: Column(told["type"], told.get("relation", ""), "x_parent_id" if told["type"] == "one2many" else "")
            for name, told in fields[model].items()
        }
        tables[model] = Table(columns, name="x_name", active="x_active" if "x_active" in columns else None)
    return tables


def _filled(value: Any, ids: dict[str, int]) -> Any:
    """References replaced by ids."""
    if isinstance(value, dict) and set(value) == {"$ref"}:
        return ids[value["$ref"]]
    if isinstance(value, list):
        return [_filled(item, ids) for item in value]
    return {key: _filled(item, ids) for key, item in value.items()} if isinstance(value, dict) else value


def _row(vals: dict[str, Any], columns: dict[str, Column]) -> dict[str, Any]:
    row = {}
    for name, value in vals.items():
        if columns[name].type == "many2many":
            value = tuple(value[0][2])
        if value is None or (value is False and columns[name].type != "boolean"):
            continue
        row[name] = value
    return row


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_the_naive_evaluator_agrees_with_the_recordings_of_a_real_server(path: Path) -> None:
    recording = json.loads(path.read_text(encoding="utf-8"))
    schema = _schema(recording["fields"])
    naive = Naive(schema, {model: {} for model in schema})
    ids: dict[str, int] = {}
    searched = 0
    for step in recording["steps"]:
        call = step["call"]
        model, method, kwargs = call["model"], call["method"], call.get("kwargs", {})
        if model not in schema or method not in ("create", "search", "search_count"):
            continue
        (argument,) = _filled(call["args"], ids)
        if method == "create":
            ids[step["as"]] = len(naive.rows[model]) + 1
            naive.rows[model][ids[step["as"]]] = _row(argument, schema[model].fields)
            continue
        searched += 1
        found = naive.search(model, argument, kwargs.get("context", {}).get("active_test", True))
        if method == "search_count":
            assert len(found) == step["expect"]["result"], argument
            continue
        ordered = naive.sorted(model, found, kwargs.get("order"))
        first, limit = kwargs.get("offset") or 0, kwargs.get("limit") or len(ordered)
        expected = [ids[label] for label in step["expect"]["result"]]
        assert ordered[first : first + limit] == expected, (argument, kwargs)
    assert searched >= 250
