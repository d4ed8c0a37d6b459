"""Bodies of mails: HTML with `t-out`, `t-esc`, `t-field`, `t-if`, `t-elif`, `t-else`, `t-foreach`, `t-set`, `t-att-…`.

Differs: other directives, such as `t-call`, raise UserError.  Source: recorded in flow-activity (17.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any

from mockserver.addons.mail.rendering.expressions import Markup, NotRendered, evaluate
from mockserver.addons.mail.rendering.formats import as_field
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_IN_TEXT = re.compile(r"#\{(.+?)\}|\{\{(.+?)\}\}")
_VALUES = ("t-out", "t-esc", "t-raw", "t-field")
_KNOWN = frozenset(
    {*_VALUES, "t-if", "t-elif", "t-else", "t-foreach", "t-as", "t-set", "t-value", "t-options", "t-key", "t-valuef"}
)


@dataclass
class Element:
    """An element of a template, or a text between elements (`tag` is empty)."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads a template as elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.root = Element("t")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def _write(self, text: str) -> None:
        self._open[-1].children.append(Element("", text=text))

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")


def render(template: Any, names: dict[str, Any]) -> str:
    """Return a body with its directives carried out; raises the server's UserError for one that fails."""
    template = template or ""
    reader = _Reader()
    reader.feed(template)
    reader.close()
    try:
        return "".join(_children(reader.root, dict(names)))
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"Failed to render QWeb template: {template}\n\n{type(error).__name__}: {error})") from error


def _children(element: Element, names: dict[str, Any]) -> Iterator[str]:
    """Yield what the children of an element become; a branch without its condition follows the last one."""
    taken = False
    for child in element.children:
        given = child.attributes
        if "t-if" in given:
            taken = bool(evaluate(given["t-if"], names))
        elif "t-elif" in given:
            if taken:
                continue
            taken = bool(evaluate(given["t-elif"], names))
        elif "t-else" in given:
            if taken:
                continue
            taken = True
        elif child.tag:
            taken = True
        if child.tag and not taken:
            continue
        yield from _one(child, names)


def _one(element: Element, names: dict[str, Any]) -> Iterator[str]:
    given = element.attributes
    if not element.tag:
        yield element.text
    elif "t-foreach" in given:
        rest = Element(element.tag, {n: v for n, v in given.items() if n not in ("t-foreach", "t-as")},
                       children=element.children)  # fmt: skip
        items = list(evaluate(given["t-foreach"], names))
        for index, item in enumerate(items):
            name = given.get("t-as", "item")
            loop = {name: item, f"{name}_index": index, f"{name}_first": not index,
                    f"{name}_last": index == len(items) - 1, f"{name}_size": len(items)}  # fmt: skip
            yield from _one(rest, {**names, **loop})
    elif "t-set" in given:
        names[given["t-set"]] = _set(element, names)
    else:
        yield from _tag(element, names)


def _set(element: Element, names: dict[str, Any]) -> Any:
    given = element.attributes
    if "t-value" in given:
        return evaluate(given["t-value"], names)
    if "t-valuef" in given:
        return _filled(given["t-valuef"], names)
    return Markup("".join(_children(element, names)))


def _tag(element: Element, names: dict[str, Any]) -> Iterator[str]:
    given = element.attributes
    for name in given:
        if name.startswith("t-") and name not in _KNOWN and not name.startswith(("t-att-", "t-attf-")):
            raise NotRendered(f"{name}={given[name]!r}")
    content = _content(element, names)
    if element.tag == "t":
        yield content
        return
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in _attributes(given, names))
    yield f"<{element.tag}{attributes}/>" if element.tag in _VOID else f"<{element.tag}{attributes}>"
    if element.tag not in _VOID:
        yield f"{content}</{element.tag}>"


def _attributes(given: dict[str, str], names: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, text in given.items():
        if name.startswith("t-attf-"):
            yield name[7:], _filled(text, names)
        elif name.startswith("t-att-"):
            value = evaluate(text, names)
            if value or (value == 0 and value is not False):
                yield name[6:], str(value)
        elif not name.startswith("t-"):
            yield name, text


def _filled(text: str, names: dict[str, Any]) -> str:
    """Return a text with `#{…}` and `{{ … }}` filled in."""

    def fill(found: re.Match[str]) -> str:
        value = evaluate(found[1] or found[2], names)
        return "" if value is None or value is False else str(value)

    return _IN_TEXT.sub(fill, text)


def _content(element: Element, names: dict[str, Any]) -> str:
    """Return what stands in an element: the value of its directive, else what its children become."""
    given = element.attributes
    directive = next((name for name in _VALUES if name in given), None)
    if directive is None:
        return "".join(_children(element, names))
    value = _field(given, names) if directive == "t-field" else evaluate(given[directive], names)
    if value is None or value is False:
        return "".join(_children(element, names))
    return str(value) if directive == "t-raw" or isinstance(value, Markup) else escape(str(value), quote=True)


def _field(given: dict[str, str], names: dict[str, Any]) -> Any:
    """Return the value of a field in the form of its type."""
    holder, _, name = given["t-field"].strip().rpartition(".")
    record = evaluate(holder, names)
    if not isinstance(record, Recordset):
        raise TypeError(f"t-field={given['t-field']!r} is no field of a record")
    return as_field(record, name)
