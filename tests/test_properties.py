"""Properties: values whose definition stands on another record."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.orm.records.environment import Environment, Recordset
from tests.models import define, names, one

DEFINITION = [
    {"name": "size", "type": "char", "string": "Size", "default": "M"},
    {"name": "rank", "type": "integer", "string": "Rank"},
    {"name": "done", "type": "boolean", "string": "Done"},
    {"name": "who", "type": "many2one", "string": "Who", "comodel": "res.partner"},
    {"name": "tags", "type": "many2many", "string": "Tags", "comodel": "res.partner"},
]


@pytest.fixture
def tasks(env: Environment) -> Recordset:
    define(env, "project", {"name": {"type": "char"}, "task_properties_definition": {"type": "properties_definition"}})
    tasks = define(env, "task", {
        "name": {"type": "char"}, "project_id": {"type": "many2one", "relation": "project"},
        "props": {"type": "properties", "definition_record": "project_id"},
    })  # fmt: skip
    tasks.env["project"].create({"name": "p", "task_properties_definition": DEFINITION})
    return tasks


def values(task: Recordset) -> dict[str, Any]:
    return {item["name"]: item["value"] for item in one(task, "props")}


def test_a_definition_reads_as_it_was_written(tasks: Recordset) -> None:
    assert one(tasks.env["project"].browse(1), "task_properties_definition") == DEFINITION
    assert one(tasks.env["project"].create({}), "task_properties_definition") == []


def test_values_read_with_their_definition(tasks: Recordset) -> None:
    task = tasks.create({"project_id": 1, "props": {"size": "L", "rank": 3, "done": True, "who": 1, "tags": [1, 2]}})
    name = {id_: tasks.env["res.partner"].browse(id_).display_name for id_ in (1, 2)}
    found = one(task, "props")
    assert found[0] == {"name": "size", "type": "char", "string": "Size", "default": "M", "value": "L"}
    assert values(task) == {"size": "L", "rank": 3, "done": True, "who": [1, name[1]],
                            "tags": [[1, name[1]], [2, name[2]]]}  # fmt: skip


def test_what_was_not_written_has_its_default_or_is_false(tasks: Recordset) -> None:
    assert values(tasks.create({"project_id": 1})) == {"size": "M", "rank": False, "done": False, "who": False,
                                                       "tags": False}  # fmt: skip
    assert one(tasks.create({"props": {"size": "L"}}), "props") == []


def test_values_may_come_as_a_list(tasks: Recordset) -> None:
    task = tasks.create({"project_id": 1, "props": [{"name": "size", "value": "XL"}, {"name": "rank", "value": 2}]})
    assert (values(task)["size"], values(task)["rank"]) == ("XL", 2)
    task.write({"props": False})
    assert values(task)["size"] == "M"


def test_a_definition_may_change_along_with_the_values(tasks: Recordset) -> None:
    task = tasks.create({"project_id": 1, "props": {"size": "L"}})
    task.write({"props": [
        {"name": "size", "type": "char", "string": "Renamed", "value": "S", "definition_changed": True},
        {"name": "rank", "type": "integer", "value": 1, "definition_deleted": True},
    ]})  # fmt: skip
    assert one(tasks.env["project"].browse(1), "task_properties_definition") == [
        {"name": "size", "type": "char", "string": "Renamed"}
    ]
    assert one(task, "props") == [{"name": "size", "type": "char", "string": "Renamed", "value": "S"}]


def test_a_target_that_has_gone_reads_as_false(tasks: Recordset) -> None:
    partner = tasks.env["res.partner"].create({"name": "P"})
    task = tasks.create({"project_id": 1, "props": {"who": partner.id, "tags": [partner.id, 1]}})
    partner.unlink()
    assert values(task)["who"] is False
    assert [id_ for id_, _ in values(task)["tags"]] == [1]


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        (("props.size", "=", "L"), "a"), (("props.size", "!=", "L"), "bc"), (("props.size", "ilike", "l"), "a"),
        (("props.size", "in", ["L", "S"]), "ab"), (("props.size", "not in", ["L"]), "bc"),
        (("props.rank", "=", 3), "a"),
        (("props.rank", ">", 1), "ab"), (("props.rank", "<=", 2), "b"), (("props.size", "=", False), "c"),
        (("props.size", "!=", False), "ab"), (("props.done", "=", True), "a"), (("props.done", "!=", True), "bc"),
        (("props.who", "=", 1), "a"), (("props.who", "in", [1, 2]), "a"), (("props.nope", "=", "x"), ""),
        (("project_id.name", "=", "p"), "ab"), (("props.tags", "in", [2]), "a"), (("props.tags", "in", [1, 9]), "ab"),
        (("props.tags", "not in", [2]), "bc"),
    ],
)  # fmt: skip
def test_a_search_on_one_property(tasks: Recordset, leaf: tuple[Any, ...], expected: str) -> None:
    tasks.create([
        {"name": "a", "project_id": 1, "props": {"size": "L", "rank": 3, "done": True, "who": 1, "tags": [1, 2]}},
        {"name": "b", "project_id": 1, "props": {"size": "S", "rank": 2, "tags": [1]}},
        {"name": "c"},
    ])  # fmt: skip
    assert "".join(names(tasks.search([leaf], order="id"))) == expected


def test_a_copy_has_the_same_values(tasks: Recordset) -> None:
    task = tasks.create({"project_id": 1, "props": {"size": "L"}})
    assert values(task.copy())["size"] == "L"


def test_values_are_nobody_elses(tasks: Recordset) -> None:
    given: dict[str, Any] = {"tags": [1]}
    task = tasks.create({"project_id": 1, "props": given})
    given["tags"].append(2)
    one(task, "props")[0]["string"] = "changed"
    assert [id_ for id_, _ in values(task)["tags"]] == [1]
    assert one(task, "props")[0]["string"] == "Size"
