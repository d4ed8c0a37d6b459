"""The file of a contract: what it may hold, and what a wrong one is told."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mockserver import profiles
from mockserver.contract.checks import ContractError
from mockserver.contract.format import KEYS, parse, read, write
from mockserver.contract.shaping import SHAPES
from mockserver.contract.step_format import REQUESTS, STEP_KEYS
from mockserver.contract.steps import Call, Http, Json2, Service
from mockserver.seed import files as fixture_files
from tests.conformance import contracts

RECORDINGS = [path for profile in profiles.PROFILES for path in contracts(profile)]
CREATE = {"call": {"model": "res.partner", "method": "create", "args": [{"name": "A"}]}, "as": "a", "expect": {}}
SERVICE = {"service": {"name": "common", "method": "version"}, "expect": {}}
HTTP = {"http": {"method": "GET", "path": "/web"}, "keep": ["a.b"], "expect": {}}


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((fixture_files.folder() / "contract-schema.json").read_text("utf-8"))
    return loaded


def valid(data: Any) -> bool:
    """Whether the JSON Schema takes it."""
    return bool(jsonschema.Draft202012Validator(schema()).is_valid(data))


def refusal(*steps: Any, **top: Any) -> str:
    with pytest.raises(ContractError) as caught:
        parse({"steps": list(steps), **top}, "mine.json")
    return str(caught.value)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_recording_is_a_contract(path: Path) -> None:
    data = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator(schema()).validate(data)
    contract = read(path)
    assert len(contract.steps) == len(data["steps"])
    assert contract.profile == path.parent.name
    assert [step.expect for step in contract.steps] == [step["expect"] for step in data["steps"]]


@pytest.mark.parametrize("path", RECORDINGS[:4], ids=lambda path: path.stem)
def test_a_contract_is_written_as_it_was_read(path: Path, tmp_path: Path) -> None:
    data = json.loads(path.read_text("utf-8"))
    write(tmp_path / "copy.json", data)
    assert json.loads((tmp_path / "copy.json").read_text("utf-8")) == data
    assert len((tmp_path / "copy.json").read_text("utf-8").splitlines()) > len(data["steps"])
    assert [item.name for item in tmp_path.iterdir()] == ["copy.json"]


def test_a_wrong_contract_is_not_written(tmp_path: Path) -> None:
    target = tmp_path / "mine.json"
    target.write_text("as before")
    with pytest.raises(ContractError):
        write(target, {"steps": [{}]})
    assert target.read_text() == "as before"
    write(target, {"steps": []})
    assert read(target).steps == []


def test_steps_have_types() -> None:
    json2 = {"json2": {"model": "m", "method": "f", "body": {}, "headers": {"A": None}}, "shape": "ids:m", "expect": {}}
    contract = parse({"steps": [{**CREATE, "via": "xmlrpc", "as_model": "x"}, SERVICE, HTTP, json2]}, "mine.json")
    call, service, http, named = contract.steps
    assert call.request == Call("res.partner", "create", [{"name": "A"}])
    assert (call.number, call.via, call.protocol, call.labels, call.labels_of) == (1, "xmlrpc", "xmlrpc", "a", "x")
    assert service.request == Service("common", "version")
    assert http.request == Http("GET", "/web")
    assert http.keep == {"a.b": "raw"}
    assert http.protocol == "http"
    assert named.request == Json2("m", "f", {}, {"A": None})
    assert (named.shape, named.protocol, named.scored) == ("ids:m", "json2", True)


def test_the_schema_knows_the_keys_that_the_program_knows() -> None:
    told = schema()
    assert tuple(told["properties"]) == KEYS
    assert set(told["$defs"]["step"]["properties"]) == set(STEP_KEYS)
    for kind, keys in REQUESTS.items():
        assert set(told["$defs"][kind]["properties"]) == set(keys)
    pattern = told["$defs"]["shape"]["pattern"]
    for shape, of_a_model in SHAPES.items():
        assert re.match(pattern, f"{shape}:res.partner")
        assert bool(re.match(pattern, shape)) is not of_a_model


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"shap": "raw"}, "step 2: unknown key 'shap'; did you mean 'shape'? (keys: call, json2"),
        ({"shape": "recrods:m"}, "step 2: unknown shape 'recrods:m'; did you mean 'records'? (shapes: id, ids"),
        ({"shape": "ids"}, "step 2: the shape 'ids' needs a model, such as 'ids:res.partner'"),
        ({"via": "soap"}, "step 2: 'via' is jsonrpc, xmlrpc, xmlrpc1 or web, not 'soap'"),
        ({"unscored": 1}, "step 2: 'unscored' is true or false, or the reason as a text, not a number"),
        ({"as": 7}, "step 2: 'as' is a text or a list of texts, not a number"),
        ({"as": ["a", 7]}, "step 2: 'as' is a text or a list of texts, not a list of other things"),
        ({"expect": []}, "step 2: 'expect' is an object, not a list"),
        ({"call": {"model": "m"}}, "step 2: call: 'method' is missing"),
        ({"call": {"model": "m", "method": "f", "args": {}}}, "step 2: call: 'args' is a list, not an object"),
        ({"call": {"model": "m", "method": "f", "kw": {}}}, "step 2: call: unknown key 'kw'"),
        ({"call": {"model": None, "method": "f"}}, "step 2: call: 'model' is missing"),
        ({"service": {"name": "db", "method": "list"}}, "step 2: a step has one of call, json2, service, web, http; "),
        ({"ignore": [1]}, "step 2: 'ignore' is a list of texts"),
    ],
)
def test_a_wrong_step_is_told_in_one_line(change: dict[str, Any], told: str) -> None:
    step = {**copy.deepcopy(CREATE), **change}
    line = refusal(SERVICE, step)
    assert line.startswith(f"mine.json: {told}")
    assert "\n" not in line
    assert not valid({"steps": [SERVICE, step]})


def test_what_a_step_lacks_is_told() -> None:
    assert refusal({"expect": {}}).endswith(
        "a step has one of call, json2, service, web, http; this one has none of them"
    )
    assert refusal({"call": {"model": "m", "method": "f"}}) == "mine.json: step 1: 'expect' is missing, the outcome"
    assert refusal(["call"]) == "mine.json: step 1: a step is an object, not a list of other things"
    assert refusal({**HTTP, "keep": {"a": 1}}).startswith("mine.json: step 1: 'keep' is a list of paths, or an object")
    assert refusal({**HTTP, "bind": []}).startswith("mine.json: step 1: 'bind' is an object, name to path")


def test_a_label_that_nothing_makes_is_told() -> None:
    read_it = {"call": {"model": "m", "method": "read", "args": [[{"$ref": "anna"}]]}, "expect": {}}
    assert refusal({**CREATE, "as": "ana"}, read_it) == (
        "mine.json: step 2: no step before it makes 'anna'; did you mean 'ana'?"
    )
    assert refusal(read_it, {**CREATE, "as": "anna"}).startswith("mine.json: step 1: no step before it makes 'anna'")


def test_a_wrong_head_is_told() -> None:
    assert refusal(nmae="x").startswith("mine.json: unknown key 'nmae'; did you mean 'name'?")
    assert refusal(fields={"m": {"f": "char"}}).startswith("mine.json: 'fields' of m: an object, field name to what")
    assert refusal(profile="odoo-17").startswith("mine.json: unknown profile 'odoo-17'; did you mean odoo-17.0")
    assert refusal(fixtures=[1]) == "mine.json: 'fixtures' is a list of texts"
    others: list[Any] = [[], {"steps": {}}, {}, "steps"]
    for wrong in others:
        with pytest.raises(ContractError, match="a contract is a JSON object with a list of 'steps'"):
            parse(wrong, "mine.json")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    with pytest.raises(ContractError, match="No such file or directory"):
        read(file)
    file.write_text('{"steps": [}')
    with pytest.raises(ContractError, match="line 1 column 12: not JSON: "):
        read(file)
    file.write_bytes(b'{"name": "\xff"}')
    with pytest.raises(ContractError, match="byte 10: not UTF-8"):
        read(file)
    file.write_text("[" * 100_000)
    with pytest.raises(ContractError):
        read(file)


@pytest.mark.parametrize(
    ("version", "profile"), [("17.0", "odoo-17.0"), ("1.6", "flectra-1.6"), ("13.0", "odoo-13.0"), ("saas~18.2", None)]
)
def test_the_recorded_version_stands_for_a_profile(version: str, profile: str | None) -> None:
    assert parse({"steps": [], "recorded_from": version}, "x").profile == profile
    assert parse({"steps": [], "recorded_from": version, "profile": "odoo-12.0"}, "x").profile == "odoo-12.0"


def test_the_contract_of_the_documentation_is_one() -> None:
    text = (Path(__file__).parent.parent / "docs" / "contracts.md").read_text("utf-8")
    (block,) = re.findall(r"<!-- contract: .*? -->\n```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    data = json.loads(block)
    assert valid(data)
    assert len(parse(data, "partners.json").steps) == 4
