"""The terms of an HTML text: the parts that are translated separately.

A term is the content of a block, such as a paragraph: its text with the inline elements in it.  Inline elements
without text beside them form no term; each is searched for terms on its own.
Source: recorded in i18n-custom (17.0), i18n (18.0, 19.0).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

INLINE = frozenset(
    """
    abbr b bdi bdo br cite code data del dfn em font i ins kbd keygen mark math meter option output progress q ruby s
    samp select small span strong sub sup text time u var wbr
    """.split()  # noqa: SIM905
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
_TOKEN = re.compile(r"<!--.*?-->|<(?P<close>/?)(?P<name>[a-zA-Z][\w:-]*)[^>]*?(?P<alone>/?)>|[^<]+|<", re.DOTALL)
# how similar a new term must be to an old one to count as an edited version of it
_MIN_SIMILARITY = 0.9

Translate = Callable[[str], str]


@dataclass
class _Node:
    """An HTML element, or a text if `name` is empty."""

    name: str = ""
    start: str = ""
    children: list[_Node] = field(default_factory=list)
    end: str = ""

    @property
    def inline(self) -> bool:
        return not self.name or (self.name in INLINE and all(child.inline for child in self.children))

    @property
    def source(self) -> str:
        return self.start + "".join(child.source for child in self.children) + self.end


def terms(html: str) -> list[str]:
    """Return the terms in order."""
    found: list[str] = []

    def collect(term: str) -> str:
        found.append(term)
        return term

    replace_terms(html, collect)
    return found


def replace_terms(html: str, translate: Translate) -> str:
    """Return the text with each term replaced by its translation."""
    return _translate_nodes(_parse(html), translate)


def keep_translations(old: Mapping[str, str], lang: str, html: str) -> dict[str, str]:
    """Return `{language: text}` after the text of `lang` was replaced by `html`.

    In the other languages, a term that is unchanged or almost the same keeps its translation; a new one has none.
    """
    new_terms = terms(html)
    before = terms(old[lang])
    origin = _origins(before, new_terms)
    texts = {}
    for other, text in old.items():
        there = terms(text)
        known = dict(zip(before, there, strict=True)) if len(there) == len(before) else {}
        texts[other] = replace_terms(html, lambda term, known=known: known.get(origin.get(term, term), term))  # type: ignore[misc]
    return {**texts, lang: html}


def _origins(before: Iterable[str], after: Iterable[str]) -> dict[str, str]:
    """Return `{new term: old term}` for the terms that were edited."""
    added = [term for term in after if term not in set(before)]
    origins: dict[str, str] = {}
    for term in before:
        if term in after:
            continue
        for found in difflib.get_close_matches(term, [t for t in added if t not in origins], 1, _MIN_SIMILARITY):
            origins[found] = term
    return origins


def _parse(html: str) -> list[_Node]:
    root = _Node("root")
    path = [root]
    for match in _TOKEN.finditer(html):
        name, token = (match["name"] or "").lower(), match[0]
        if match["close"]:
            depth = next((i for i in range(len(path) - 1, 0, -1) if path[i].name == name), 0)
            if depth:
                path[depth].end = token
                del path[depth:]
            continue
        node = _Node(name or ("comment" if token.startswith("<!--") else ""), token)
        path[-1].children.append(node)
        if name and name not in _VOID and not match["alone"]:
            path.append(node)
    return root.children


def _translate_nodes(nodes: list[_Node], translate: Translate) -> str:
    parts: list[str] = []
    run: list[_Node] = []
    for node in nodes:
        if node.inline:
            run.append(node)
            continue
        parts += [_translate_run(run, translate), _translate_element(node, translate)]
        run = []
    return "".join((*parts, _translate_run(run, translate)))


def _translate_run(run: list[_Node], translate: Translate) -> str:
    """Translate adjacent texts and inline elements: as one term if they include text, else one by one."""
    source = "".join(node.source for node in run)
    if not any(not node.name and node.start.strip() for node in run):
        return "".join(_translate_element(node, translate) for node in run)
    term = source.strip()
    start = source.index(term)
    return source[:start] + translate(term) + source[start + len(term) :]


def _translate_element(node: _Node, translate: Translate) -> str:
    return node.start + _translate_nodes(node.children, translate) + node.end
