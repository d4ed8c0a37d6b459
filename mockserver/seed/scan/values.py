"""Values of records as a module's data files give them, before it is known what fields they are for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mockserver.seed.scan.literals import Literals, NotLiteral
from mockserver.seed.scan.notes import Place


@dataclass(frozen=True)
class Ref:
    """A record by its external id, with its module."""

    xmlid: str


@dataclass(frozen=True)
class Text:
    """A text that means what the type of its field makes of it."""

    text: str


@dataclass
class DeclaredRecord:
    """A record of a data file; a value is a Ref, a Text, a list of DeclaredRecord (lines) or plain data with Refs."""

    model: str
    xmlid: str | None
    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    noupdate: bool = False
    demo: bool = False


def qualified(xmlid: str, module: str) -> str:
    """Return an external id with its module."""
    return xmlid if "." in xmlid else f"{module}.{xmlid}"


class Evaluated(Literals):
    """The values of `eval` attributes: literals, `ref("…")` and commands of x2many fields."""

    def __init__(self, module: str) -> None:
        super().__init__()
        self._module = module

    def text(self, source: str) -> Any:
        """Return the value of an expression; raises NotLiteral."""
        try:
            node = ast.parse(source.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise NotLiteral(ast.Name(source)) from None
        return self.value(node)

    def call(self, node: ast.Call, depth: int) -> Any:
        """Return the value of `ref(…)`, `Command.link(…)` and the like."""
        given = [self.value(argument, depth) for argument in node.args]
        if isinstance(node.func, ast.Name) and node.func.id == "ref" and given and isinstance(given[0], str):
            return Ref(qualified(given[0], self._module))
        command = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if owner in ("Command", "fields.Command") and not node.keywords:
            if command in ("link", "set") and len(given) == 1:
                return [4, given[0], 0] if command == "link" else [6, 0, given[0]]
            if command == "create" and len(given) == 1:
                return [0, 0, given[0]]
            if command == "clear" and not given:
                return [5, 0, 0]
        raise NotLiteral(node)


class Commands:
    """What the commands of an x2many value come to: records that exist already, and lines to create."""

    def __init__(self, value: Any) -> None:
        self.targets: list[Any] = []
        self.lines: list[dict[str, Any]] = []
        self.replaces = False  # whether what the field held before is gone
        self.readable = isinstance(value, list) and all(map(self._take, value))

    def _take(self, command: Any) -> bool:
        if isinstance(command, (Ref, int)) and not isinstance(command, bool):  # a list of ids
            self.replaces = True
            self.targets.append(command)
            return True
        if not isinstance(command, list) or not command:
            return False
        code, last = command[0], command[-1]
        if code == 6 and isinstance(last, list):
            self.targets, self.replaces = list(last), True
        elif code == 5:
            self.targets, self.lines, self.replaces = [], [], True
        elif code == 4 and len(command) > 1:
            self.targets.append(command[1])
        elif code == 0 and isinstance(last, dict):
            self.lines.append(last)
        else:
            return False
        return True


def refs(value: Any) -> Iterator[Ref]:
    """Yield the references in a value."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from refs(item)
