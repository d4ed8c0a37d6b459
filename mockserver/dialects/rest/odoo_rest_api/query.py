"""The language of the parameter `query`: the fields of a record and of its related records.

Source: rest-yezy §3; recorded in yezy-odoo-17.0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_LENGTH = 10_000  # characters
MAX_DEPTH = 20  # nested blocks

_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"\w+")
_VALUE = r"""(?:"[^"]*"|'[^']*'|[-+.\w]+)"""
_PAIR = rf"\w+\s*:\s*{_VALUE}\s*"
# `(page: 1, x: "y")`, which is allowed before a block and has no effect
_ARGUMENTS = re.compile(rf"\(\s*(?:{_PAIR}(?:,\s*{_PAIR})*)?\)")


class QuerySyntaxError(SyntaxError):
    """A query that is invalid or exceeds a limit."""

    def __init__(self, problem: str, text: str) -> None:
        super().__init__(f"QuerySyntaxError: {problem} on {text}")


@dataclass
class Block:
    """The content of a pair of braces.

    `included` has the named fields in order, with the block for related records, if there is one.
    """

    included: dict[str, Block | None] = field(default_factory=dict)
    excluded: list[str] = field(default_factory=list)
    everything: bool = False


def parse(text: str) -> Block:
    """Parse a text such as `{id, -name, country_id{code}}`; raises `QuerySyntaxError`."""
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(f"more than {MAX_LENGTH} characters", f"{text[:40]}...")
    reader = _Reader(text)
    block = reader.block(1)
    if block is None:
        raise reader.expecting("{")
    if reader.has_rest():
        raise reader.expecting(",")
    return block


class _Reader:
    """A parser with its position in the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def expecting(self, symbol: str) -> QuerySyntaxError:
        """Return the error for a text that does not continue with `symbol`."""
        return QuerySyntaxError(f"expecting {symbol!r}", self._text)

    def has_rest(self) -> bool:
        """Return whether anything but white space is left."""
        self._take(_SPACE)
        return self._position < len(self._text)

    def block(self, depth: int) -> Block | None:
        """Read a block with its arguments, if there is one."""
        before = self._position
        self._take(_SPACE)
        self._take(_ARGUMENTS)
        if not self._take_symbol("{"):
            self._position = before
            return None
        if depth > MAX_DEPTH:
            raise QuerySyntaxError(f"more than {MAX_DEPTH} blocks in each other", self._text)
        block = Block()
        if self._item(block, depth):
            while self._take_symbol(","):
                if not self._item(block, depth):
                    raise self.expecting("}")
        if not self._take_symbol("}"):
            raise self.expecting("}")
        return block

    def _item(self, block: Block, depth: int) -> bool:
        """Read an item into the block; return whether there was one."""
        if self._take_symbol("*"):
            block.everything = True
            return True
        excluded = self._take_symbol("-")
        if not excluded:
            self._take(_SPACE)
        name = self._take(_NAME)
        if name and excluded:
            block.excluded.append(name)
        elif name:
            block.included[name] = self.block(depth + 1)
        return bool(name)

    def _take_symbol(self, symbol: str) -> bool:
        self._take(_SPACE)
        found = self._text.startswith(symbol, self._position)
        self._position += found
        return found

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._position)
        if match is None:
            return ""
        self._position = match.end()
        return match[0]
