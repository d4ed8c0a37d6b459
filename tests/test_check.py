"""`mockserver check` and `mockserver schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mockserver import cli, shipped
from mockserver.contract import format as contracts


def check(*arguments: str | Path) -> tuple[int, list[str]]:
    done = CliRunner().invoke(cli.main, ["check", *map(str, arguments)])
    return done.exit_code, done.output.splitlines()


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, data: Any) -> str:
    Path(name).write_text(json.dumps(data), encoding="utf-8")
    return name


VISIT = {"fields": {"name": {"type": "char"}, "partner_id": {"type": "many2one", "relation": "res.partner"}}}


def test_a_right_file_has_no_mistakes() -> None:
    mine = write(
        "mine.json", {"models": {"x.visit": VISIT}, "records": [{"model": "x.visit", "values": {"name": "A"}}]}
    )
    assert check(mine) == (0, ["1 checked for odoo-17.0: no mistakes"])


def test_each_wrong_record_is_a_line(tmp_path: Path) -> None:
    records = [
        {"model": "res.partner", "values": {"nam": "A"}},
        {"model": "res.partner", "values": {"name": "B"}},
        {"model": "x.visit", "valeus": {}},
    ]
    mine = write("mine.json", {"models": {"x.visit": VISIT}, "records": records})
    place = tmp_path / mine
    assert check(mine) == (
        1,
        [
            f"{place}: record 1 of res.partner, field 'nam': unknown field of res.partner; did you mean 'name'?",
            f"{place}: record 3 of x.visit: unknown key 'valeus'; did you mean 'values'?",
        ],
    )


def test_each_wrong_model_is_a_line(tmp_path: Path) -> None:
    models = {
        "x.one": {"fields": {"name": {"type": "chr"}}},
        "x.base": {"abstract": True, "fields": {"code": {"type": "char"}}},
        "x.two": {
            "inherit": ["x.base"],
            "order": "cod",
            "fields": {"to": {"type": "many2one", "relation": "res.parner"}},
        },
        "x.three": 3,
    }
    code, lines = check(write("mine.json", {"models": models}))
    place = tmp_path / "mine.json"
    assert (code, len(lines)) == (1, 4)
    assert lines[0].startswith(f"{place}: model x.one, field 'name': unknown field type 'chr'; did you mean 'char'?")
    assert lines[1].startswith(f"{place}: model x.three: a model is an object")
    assert lines[2:] == [
        f"{place}: model x.two, order: unknown field 'cod'; did you mean 'code'?",
        f"{place}: model x.two, field 'to', relation: unknown model 'res.parner'; did you mean 'res.partner'?",
    ]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"country_id": {"ref": "base.bee"}}, "there is no record with the external id 'base.bee'"),
        ({"color": "red"}, "an integer takes"),
    ],
)
def test_what_only_storing_finds_is_found_too(values: dict[str, Any], text: str) -> None:
    code, (line,) = check(
        write("mine.json", {"records": [{"model": "res.partner", "values": {"name": "A", **values}}]})
    )
    assert code == 1
    assert text in line


def test_a_file_is_checked_for_the_version_and_with_what_it_needs() -> None:
    mine = write(
        "mine.json", {"records": [{"model": "sale.order", "values": {"partner_id": {"ref": "base.main_partner"}}}]}
    )
    code, (line,) = check(mine)
    assert (code, "unknown model 'sale.order'" in line) == (1, True)
    assert check(mine, "--fixtures", "sale") == (0, ["1 checked for odoo-17.0: no mistakes"])
    mobile = write("mobile.json", {"records": [{"model": "res.partner", "values": {"name": "A", "mobile": "1"}}]})
    assert check(mobile)[0] == 0
    assert "'mobile'" in check(mobile, "--profile", "odoo-19.0")[1][0]


def test_contracts_are_checked_too() -> None:
    good = write(
        "good.json", {"steps": [{"service": {"name": "db", "method": "list"}, "expect": {"result": ["mock"]}}]}
    )
    bad = write("bad.json", {"steps": [{"service": {"name": "db", "method": "list"}, "expcet": {"result": []}}]})
    assert contracts.is_contract(good)
    assert check(good) == (0, ["1 checked: no mistakes"])
    code, (line,) = check(good, bad)
    assert (code, line.startswith("bad.json: step 1: unknown key 'expcet'; did you mean 'expect'?")) == (1, True)


def test_an_option_that_no_contract_is_checked_with_is_refused() -> None:
    contract = write("good.json", {"steps": []})
    text = "has no effect on contracts; `mockserver profiles check` compares one with another version"
    for option, value in (("--profile", "odoo-18.0"), ("--fixtures", "sale")):
        assert check(contract, option, value) == (2, [f"mockserver: {option} {text}"])


def test_a_file_that_is_no_json_or_not_there_is_one_line(tmp_path: Path) -> None:
    Path("broken.json").write_text("{", encoding="utf-8")
    code, lines = check("broken.json", "gone.json")
    assert code == 1
    assert lines[0].startswith(f"{tmp_path / 'broken.json'}: line 1 column 2: not JSON")
    assert lines[1] == "gone.json: no such fixture file or folder"


def test_a_file_with_too_many_brackets_is_one_line(tmp_path: Path) -> None:
    Path("deep.json").write_text("[" * 200_000, encoding="utf-8")
    assert check("deep.json") == (1, [f"{tmp_path / 'deep.json'}: it is nested too deeply"])


def test_an_unknown_profile_ends_it() -> None:
    done = CliRunner().invoke(cli.main, ["check", "x.json", "--profile", "odoo-1.0"])
    assert done.exit_code == 2


@pytest.mark.parametrize("kind", ["fixture", "contract"])
def test_the_schemas_can_be_found_and_have_a_name(kind: str) -> None:
    (path,) = CliRunner().invoke(cli.main, ["schema", kind]).output.splitlines()
    assert json.loads(Path(path).read_text(encoding="utf-8"))["$id"] == f"urn:odoo-mockserver:{kind}"
    assert [kind, path] in [line.split() for line in CliRunner().invoke(cli.main, ["schema"]).output.splitlines()]
    assert Path(path).parent == shipped.folder()
