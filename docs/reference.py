"""Write the pages of the reference that follow from the program: options, error texts, and how close it is.

`make docs` runs it; `tests/test_docs.py` fails when a page is not what it would write.
"""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import click

from mockserver import cli, pytest_plugin
from mockserver.profiles import PROFILES
from mockserver.profiles.closeness import AS_OF, FIGURES, FLOWS, Figures

DOCS = Path(__file__).parent


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in lines)


# -- options.md


def options() -> str:
    """Return the page of all options."""
    parts = ["# Options\n\nOf pytest and of the commands.  `make docs` writes this page.\n"]
    plugin = Plugin.read()
    parts += ["\n## pytest\n\nOptions of the command line:\n\n", table(("option", "what"), plugin.options)]
    parts += ["\nIn `pytest.ini`, `tox.ini`, `setup.cfg` or `pyproject.toml`:\n\n"]
    parts += [table(("ini option", "what", "default"), plugin.inis)]
    parts += ["\nThe marker:\n\n", f"> {pytest_plugin._MARKER}\n"]
    for name, command in sorted(cli.main.commands.items(), key=lambda item: item[0] != "serve"):
        inner = command.commands if isinstance(command, click.Group) else {}
        shown = [(name, command)] * (not inner) + [(f"{name} {one}", inner[one]) for one in sorted(inner)]
        for title, one in shown:
            parts += [f"\n## mockserver {title}\n\n", "".join(f"{line}\n" for line in _help(one)), "\n"]
            parts += [table(("option", "what"), _click_options(title, one))]
    return "".join(parts)


class Plugin:
    """Stands for pytest's parser, and keeps what the plugin declares."""

    def __init__(self) -> None:
        self.options: list[tuple[str, str]] = []
        self.inis: list[tuple[str, str, str]] = []

    @classmethod
    def read(cls) -> Plugin:
        found = cls()
        pytest_plugin.pytest_addoption(cast(Any, found))
        return found

    def getgroup(self, *_: Any) -> Plugin:
        return self

    def addoption(self, name: str, *, metavar: str = "", help: str, choices: Sequence[str] = (), **_: Any) -> None:
        self.options.append((f"`{name} {metavar or '|'.join(choices)}".rstrip() + "`", help))

    def addini(self, name: str, help: str, type: str = "text", default: Any = None) -> None:
        shown = {True: "true", False: "false"}.get(default, "") if isinstance(default, bool) else ""
        self.inis.append((f"`{name}`", help, shown))


def _help(command: click.Command) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", (command.help or "").strip()):
        yield " ".join(paragraph.replace("\b", "").split())


def _click_options(title: str, command: click.Command) -> Iterator[tuple[str, str]]:
    context = click.Context(command, info_name=title, terminal_width=1000, show_default=False)
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            yield f"`{parameter.metavar or (parameter.name or '').upper()}`", "argument"
        elif (record := parameter.get_help_record(context)) is not None:
            yield f"`{record[0]}`", " ".join(record[1].split())


# -- errors.md

Call = Callable[["Client"], Any]


class Client:
    """Makes the calls of the cases on one profile, and tells how each is refused."""

    def __init__(self, odoo: Any) -> None:
        self.odoo = odoo
        self.limited = odoo.user("limited", groups=["base.group_user"])
        self.partner = odoo.env["res.partner"].create({"name": "Azure"}).id

    def call(self, model: str, method: str, *args: Any, user: Any = None, **kwargs: Any) -> Any:
        uid, password = (user.uid, user.password) if user else (self.odoo.uid, self.odoo.password)
        return self.raw(self.odoo.db, uid, password, model, method, list(args), kwargs)

    def raw(self, *args: Any) -> Any:
        with self.odoo.xmlrpc() as models:
            return models.execute_kw(*args)


CASES: dict[str, Call] = {
    "a wrong password": lambda c: c.raw(c.odoo.db, c.odoo.uid, "wrong", "res.partner", "search", [[]]),
    "an unknown model": lambda c: c.call("x.nope", "search", []),
    "an unknown method": lambda c: c.call("res.partner", "nope", []),
    "a private method": lambda c: c.call("res.partner", "_nope", []),
    "an argument too few": lambda c: c.call("res.partner", "write", [c.partner]),
    "create with an unknown field": lambda c: c.call("res.partner", "create", {"name": "A", "nope": 1}),
    "write of an unknown field": lambda c: c.call("res.partner", "write", [c.partner], {"nope": 1}),
    "read of an unknown field": lambda c: c.call("res.partner", "read", [c.partner], ["nope"]),
    "an unknown field in a domain": lambda c: c.call("res.partner", "search", [["nope", "=", 1]]),
    "an unknown field in an order": lambda c: c.call("res.partner", "search", [], order="nope"),
    "an unknown operator": lambda c: c.call("res.partner", "search", [["name", "~", "a"]]),
    "a domain with an operator too many": lambda c: c.call("res.partner", "search", ["&", ["name", "=", "a"]]),
    "a required field without a value": lambda c: c.call("res.country.state", "create", {"name": "A", "code": "A"}),
    "a value that is there already": lambda c: c.call("res.country", "create", {"name": "A", "code": "BE"}),
    "a value that is no choice": lambda c: c.call("res.partner", "write", [c.partner], {"type": "nope"}),
    "a many2one to nothing": lambda c: c.call("res.partner", "write", [c.partner], {"country_id": 99999}),
    "a parent that is the record itself": lambda c: c.call(
        "res.partner", "write", [c.partner], {"parent_id": c.partner}
    ),
    "write to a record that is gone": lambda c: c.call("res.partner", "write", [99999], {"name": "A"}),
    "read of a record that is gone": lambda c: c.call("res.partner", "read", [99999], ["name"]),
    "unlink of a record that others need": lambda c: c.call("res.company", "unlink", [1]),
    "no right on the model": lambda c: c.call("res.country", "create", {"name": "A", "code": "A1"}, user=c.limited),
    "no right on the record": lambda c: c.call("res.users", "write", [c.odoo.uid], {"name": "A"}, user=c.limited),
}


_ERRORS = """# Error texts

What a client gets over XML-RPC in common cases: the code and the text of the fault; of a traceback, its last line.
Over JSON-RPC and JSON-2 the message is the same, without the name of the class before it.  `make docs` makes these
calls on each profile and writes this page; [the figures of the recordings](closeness.md#figures) tell how
sure the texts are.

{}
The codes are 1 (any other error, with a traceback), 2 (a rule of the application), 3 (access denied) and 4 (no right);
the older `/xmlrpc/object` has texts as codes.
"""


def errors() -> str:
    """Return the page of error texts."""
    told = {profile: dict(_refusals(profile)) for profile in PROFILES if profile.startswith("odoo-")}
    rows = []
    for case in CASES:
        spans = itertools.groupby(told.items(), key=lambda item, case=case: item[1][case])  # type: ignore[misc]
        for number, (text, of) in enumerate(spans):
            versions = [profile.removeprefix("odoo-") for profile, _ in of]
            span = versions[0] if len(versions) == 1 else f"{versions[0]} – {versions[-1]}"
            rows.append((case if not number else "", span, *text))
    return _ERRORS.format(table(("case", "versions", "fault", "text"), rows))


def _refusals(profile: str) -> Iterator[tuple[str, tuple[str, str]]]:
    import xmlrpc.client

    from mockserver import MockServer

    with MockServer(profile=profile) as odoo:
        client = Client(odoo)
        for case, call in CASES.items():
            try:
                call(client)
            except xmlrpc.client.Fault as fault:
                text = fault.faultString.strip()
                shown = text.splitlines()[-1] if text.startswith("Traceback") else text.replace("\n", " ")
                yield case, (str(fault.faultCode), f"`{' '.join(shown.split())}`")
            else:
                yield case, ("–", "no error")
            odoo.reset()
            client = Client(odoo)


# -- closeness.md

_CLOSENESS = """# How close it is to the real server

The mock is written by what real servers were seen to do.  Requests were sent to servers of the versions below, with
databases that were made for it, and requests and answers were kept: the recordings in `tests/conformance`.  The tests
send the same requests to the mock and compare every answer exactly: values, types, empty values, orders, error texts,
fault codes.  `make conformance` prints a line for each recording.

## Figures

{figures}
As of {as_of}.  The base system is users, contacts, countries, currencies, models, rights and the methods of
every model; business flows go from quotations to payments, with stock, purchases, projects, time off and calendars.  A
recording says nothing of what it does not ask: take "all" as "no known difference in what was recorded".

What was not recorded follows from reading ([sources](sources/README.md)) or from neighbouring versions; the code marks
it `Inferred:`, and [profiles](profiles.md) tell it of each rule.

## What is never like the real server

- Passwords are kept and compared as plain text.
- There is one process and one lock for each database: no two calls at once, no serialization failures, unless a
  [fault](testing/faults.md) makes one.
- The base data are those of a new database with some demonstration data, not yours; `mockserver pull` brings yours.
- There is no web client, and Python code of actions is not run.

## What the packs leave out

{packs}
[packs](packs.md) has it in one table.  What is left out is told when a test meets it: in its report, in the log of
`serve` and in [strict mode](testing/strict.md).

## Differences on purpose

Each stands as `Differs:` in the module named.

{differs}"""


def closeness() -> str:
    """Return the page that tells how far the mock can be trusted."""
    rows = [
        (name, str(base.recordings), _share(base), _share(FLOWS[name]) if name in FLOWS else "–")
        for name, base in FIGURES.items()
    ]
    heads = ("server", "recordings", "base system: steps as recorded", "business flows: steps as recorded")
    left = [
        f"- [{title[1]}](packs/{page.name}#what-it-leaves-out)\n"
        for page in sorted((DOCS / "packs").glob("*.md"))
        if "\n## What it leaves out\n" in (text := page.read_text(encoding="utf-8"))
        and (title := re.match(r"# (.+)", text))
    ]
    differs = table(("where", "what differs"), dict.fromkeys(_differences()))
    return _CLOSENESS.format(figures=table(heads, rows), as_of=AS_OF, packs="".join(left), differs=differs)


def _share(found: Figures) -> str:
    return f"{found.passed} of {found.steps}"


def _differences() -> Iterator[tuple[str, str]]:
    """Yield what docstrings and comments say after `Differs:`, until the next paragraph or mark."""
    root = DOCS.parent / "mockserver"
    for path in sorted(root.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "Differs: " not in source:
            continue
        where = path.relative_to(root).as_posix()
        nodes = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef))
        comments = re.sub(r"\n *# ?", " ", "\n".join(re.findall(r"(?:^ *#.*\n)+", source, re.MULTILINE)))
        for text in (*(ast.get_docstring(node) or "" for node in nodes), *comments.split("\n")):
            for found in re.findall(r"Differs: (.+?)(?=\n\n|Source:|Inferred:|Differs:|\Z)", text, re.DOTALL):
                yield f"`{where}`", " ".join(found.replace("``", "`").split())


PAGES: dict[str, Callable[[], str]] = {"options.md": options, "errors.md": errors, "closeness.md": closeness}

if __name__ == "__main__":
    for name in sys.argv[1:] or PAGES:
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
