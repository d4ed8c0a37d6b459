"""What a type checker says of a test that uses the package: its mistakes, and nothing of one without."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from mypy import api as mypy

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.seed import build as seed
from mockserver.services.named_arguments import signature
from mockserver.testing.journal.arguments import ALIASES, PARAMETERS
from mockserver.testing.journal.criteria import _ATTRIBUTES as CRITERIA, CONTAINS
from mockserver.testing.journal.keywords import Keywords

ROOT = Path(__file__).parent.parent
HEAD = """\
from mockserver import Delay, HttpError, MockServer, Reset, UserError
from mockserver.testing.strategies import records


def test_it(mockserver: MockServer) -> None:
"""
Check = Callable[[str], list[tuple[str, str]]]
UNEXPECTED = 'Unexpected keyword argument "{}" for "{}"'
LINE = re.compile(r"[^:]+test_theirs\.py:(\d+): error: (.*)")


@pytest.fixture
def errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """What mypy says of the statements of a test: `(line, text)`, with the options and the cache of `make lint`."""
    monkeypatch.setenv("MYPYPATH", str(ROOT))

    def check(source: str) -> list[tuple[str, str]]:
        lines = source.strip().splitlines()
        (tmp_path / "test_theirs.py").write_text(HEAD + textwrap.indent("\n".join(lines), "    ") + "\n")
        told, complaints, _ = mypy.run([
            "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache"),
            "--no-error-summary", str(tmp_path / "test_theirs.py"),
        ])  # fmt: skip
        assert complaints == ""
        found = [LINE.fullmatch(line) for line in told.splitlines() if ": note: " not in line]
        assert all(found), told
        return [(lines[int(match[1]) - 1 - HEAD.count("\n")], match[2]) for match in found if match]

    return check


# a statement, and what mypy says of it
MISTAKES = {
    'mockserver.assert_called("res.partner", "write", domian=[])': UNEXPECTED.format("domian", "assert_called"),
    'mockserver.assert_not_called("res.partner", "write", idss=7)': UNEXPECTED.format("idss", "assert_not_called"),
    'mockserver.calls.of("res.partner", vals__contain={})': UNEXPECTED.format("vals__contain", "of"),
    'mockserver.fail("res.partner", "create", Reset(), tmies=1)': UNEXPECTED.format("tmies", "fail"),
    'mockserver.faults.add(Reset(), model="res.partner", prob=0.5)': UNEXPECTED.format("prob", "add"),
    'mockserver.on_call("res.partner", "create", privat=True)': UNEXPECTED.format("privat", "on_call"),
    'mockserver.respond("res.partner", "create", 7, id=False)': UNEXPECTED.format("id", "respond"),
    'mockserver.user("sales@x", group=["base.group_user"])': UNEXPECTED.format("group", "user"),
    'MockServer(profil="odoo-17.0")': UNEXPECTED.format("profil", "MockServer"),
    "HttpError(503, retry=1)": UNEXPECTED.format("retry", "HttpError"),
    'records("res.partner", wihtout=["name"])': 'Argument "wihtout" to "records" has incompatible type',
    'mockserver.assert_called("res.partner", "write", count="1")': 'Argument "count" to "assert_called" of',
    'mockserver.assert_called("res.partner", "write", ids="7")': 'Argument "ids" to "assert_called" of',
    'mockserver.assert_called("res.partner", "write", error=UserError("no"))': 'Argument "error" to "assert_called" of',
    'mockserver.fail("res.partner", "create", "Reset")': 'Argument 3 to "fail" of "Kit" has incompatible type',
    'mockserver.fail("res.partner", "create", Reset(), times="2")': 'Argument "times" to "fail" of "Kit" has',
    'Delay("1")': 'Argument 1 to "Delay" has incompatible type',
}


# statements that the documents show, or could
RIGHT = """\
partner = mockserver.env["res.partner"].create({"name": "Azure"})
mockserver.assert_called("res.partner", "write", ids=partner, vals__contains={"phone": "1"}, count=1)
mockserver.assert_called("res.partner", "search_read", domain=[("name", "=", "x")], fields__contains=["name"])
mockserver.assert_called("x_machine", "start", args={"speed": 5, "speed__contains": 1})
mockserver.assert_not_called("res.partner", "create", user="admin", dialect="json2", error=False)
mockserver.assert_called("res.partner", "create", fault=Reset(after=True), error=Reset)
mockserver.assert_called("res.partner", "create", fault=Reset, error=UserError)
assert mockserver.calls.of("res.partner", ids=[partner.id]).last.vals == {"phone": "1"}
mockserver.fail("res.partner", "create", [HttpError(503), None, UserError("no")], times=1, required=False)
mockserver.faults.add(Delay(0.1) + HttpError(503), dialect="json*", nth=2)
"""


def test_mypy_finds_each_mistake_and_no_other(errors: Check) -> None:
    found = errors("\n".join([*MISTAKES, RIGHT]))
    assert [statement for statement, _ in found] == list(MISTAKES)
    for statement, text in found:
        assert text.startswith(MISTAKES[statement])


# of the methods that every model has, those whose arguments are asked for
ORM = (
    "check_access_rights", "copy", "create", "default_get", "export_data", "fields_get", "formatted_read_group",
    "load", "name_search", "read", "read_group", "search", "search_count", "search_read", "web_search_read", "write",
)  # fmt: skip


def parameters(profile: str, *names: str) -> set[str]:
    """The names of the arguments of these methods of contacts, or of all methods of all models."""
    registry = seed.build("t", profile=profiles.get(profile), clock=Clock()).registry
    models = ["res.partner"] if names else registry
    methods = {(model, name): method for model in models for name, method in registry.methods_of(model).items()}
    chosen = [method for (_, name), method in methods.items() if not names or name in names]
    return {name for method in chosen for name in list(signature(method.function).parameters)[1:]}


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-17.0", "odoo-19.0"])
def test_the_arguments_of_the_orm_are_keywords(profile: str) -> None:
    # a domain that is called `args` is asked for as `domain`
    assert parameters(profile, *ORM) - {"count", "args"} <= Keywords.__annotations__.keys()


def test_a_keyword_is_of_some_use() -> None:
    known = {name for names in PARAMETERS.values() for name in names} | CRITERIA.keys() | ALIASES.keys() | {"args"}
    known |= parameters("odoo-11.0") | parameters("odoo-19.0")
    assert {name.removesuffix(CONTAINS) for name in Keywords.__annotations__} <= known
