"""Sanitizing of HTML values: a write removes scripts, event handlers and unknown elements."""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

# elements that are removed with their content
_DROPPED = frozenset({"script", "style", "iframe", "object", "embed", "link", "meta", "base", "title", "head", "form"})
# elements that end a paragraph which the parser began for text; other elements go on in it
_BLOCKS = frozenset(
    "address article aside blockquote caption center col colgroup dd details div dl dt figcaption figure footer h1 h2"  # noqa: SIM905
    " h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "wbr"})
_KEPT = frozenset(
    "a abbr address area article aside audio b blockquote br caption center cite code col colgroup dd del details div"  # noqa: SIM905
    " dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s"
    " samp section small source span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var video"
    " wbr".split()
)
# the parts of styles that are kept where styles are reduced to known ones; Source: Odoo 17.0
_STYLES = frozenset(
    "background-color border border-bottom border-collapse border-color border-radius border-spacing border-style"  # noqa: SIM905
    " border-top border-width caption-side color display empty-cells float font-family font-size font-style font-weight"
    " height letter-spacing line-height margin margin-bottom margin-left margin-right margin-top max-width min-height"
    " min-width object-fit opacity padding padding-bottom padding-left padding-right padding-top table-layout"
    " text-align text-decoration text-transform vertical-align white-space width".split()
) | {
    f"border-{side}-{part}"
    for side in ("top", "bottom", "left", "right")
    for part in ("style", "color", "width", "left-radius", "right-radius")
}
_REFERENCES = frozenset({"href", "src", "action", "background", "cite", "poster"})
# the marks of what a mail quotes: on a quotation, on what it stands in, on a quotation that is one element
_QUOTE, _QUOTE_CONTAINER, _QUOTE_NODE = "data-o-mail-quote", "data-o-mail-quote-container", "data-o-mail-quote-node"
_SHORT = 200  # characters of a text whose sanitized form is kept for the next time
_SIGNATURE = re.compile(r"(^|\n)--\s?$")


@dataclass
class _Element:
    """An open element; `text` is what stands in it before its first child, None after that."""

    tag: str
    place: int  # in the output
    text: str | None = ""
    marks: set[str] = field(default_factory=set)

    @property
    def begins_signature(self) -> bool:
        return bool(self.text) and _SIGNATURE.search(self.text or "") is not None

    @property
    def quotes_children(self) -> bool:
        return not self.marks.isdisjoint((_QUOTE, _QUOTE_CONTAINER)) and _QUOTE_NODE not in self.marks


class _Sanitizer(HTMLParser):
    """Writes what is kept, and marks the quotations of mails: blockquotes, and the signature below `--`."""

    def __init__(self, *, styles: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self._styles = styles
        self.out: list[str] = []
        self._dropped = 0
        self._open: list[_Element] = []
        self._root = _Element("", -1)
        self._counts: Counter[str] = Counter()  # of the open elements, to avoid searching the list
        self._paragraph: _Element | None = None  # the one that leading text began
        self._has_block = False
        self._tops = 0  # how many elements and texts stand in none

    @property
    def _inner(self) -> _Element:
        return self._open[-1] if self._open else self._root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropped += tag not in {"link", "meta", "base", "embed"}
            return
        if self._dropped or tag not in _KEPT:
            return
        if tag in _BLOCKS:
            self._has_block = True
            if self._open and self._inner is self._paragraph:
                self._end_innermost()
        self._tops += not self._open
        if tag == "br" and self._inner.begins_signature:
            self._quote_signature()
        if self._styles:
            reduced = [(name, _reduced(value) if name == "style" else value) for name, value in attrs]
            attrs = [(name, value) for name, value in reduced if value or name != "style"]
        element = _Element(tag, len(self.out))
        self.out.append(f"<{tag}{''.join(_attribute(name, value) for name, value in attrs)}>")
        element.marks.update(name for name, value in attrs if value)
        if tag == "blockquote":
            self._mark(element, _QUOTE_NODE)
        if tag == "blockquote" or self._inner.quotes_children:
            self._mark(element, _QUOTE)
        self._inner.text = None
        if tag not in _VOID:
            self._open.append(element)
            self._counts[tag] += 1

    def _quote_signature(self) -> None:
        """Mark the innermost element as a mail's signature, and the one around it as its container."""
        self._mark(self._inner, _QUOTE)
        self._mark(self._open[-2] if len(self._open) > 1 else self._root, _QUOTE_CONTAINER)

    def _mark(self, element: _Element, mark: str) -> None:
        if mark not in element.marks:
            element.marks.add(mark)
            if element is not self._root:
                self.out[element.place] = f'{self.out[element.place][:-1]} {mark}="1">'

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif not self._dropped and self._counts[tag]:
            while self._end_innermost() != tag:
                pass

    def _end_innermost(self) -> str:
        last = self._open.pop().tag
        self._counts[last] -= 1
        self.out.append(f"</{last}>")
        return last

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            if not self._tops and data.strip():
                self._begin_paragraph()
            self._tops += bool(data.strip()) and not self._open
            self.out.append(escape(data, quote=False))
            if self._inner.text is not None:
                self._inner.text += data

    def _begin_paragraph(self) -> None:
        """Put leading text, and what follows up to the next block, in a paragraph."""
        self._paragraph = _Element("p", len(self.out))
        self.out.append("<p>")
        self._open.append(self._paragraph)
        self._counts["p"] += 1
        self._tops += 1
        self._has_block = True

    def finish(self) -> str:
        """Return the HTML; what is neither one element nor has blocks stands in a span."""
        self.close()
        self.out.extend(f"</{element.tag}>" for element in reversed(self._open))
        found = "".join(self.out)
        return f"<span>{found}</span>" if self._tops > 1 and not self._has_block else found


def _reduced(style: str | None) -> str:
    """Return the declarations of a style that are known, in the form of the server."""
    pairs = (part.partition(":") for part in (style or "").split(";"))
    return "; ".join(f"{name.strip().lower()}:{value.strip()}" for name, colon, value in pairs
                     if colon and name.strip().lower() in _STYLES)  # fmt: skip


def _attribute(name: str, value: str | None) -> str:
    if name.startswith("on") or ":" in name:
        return ""
    if name in _REFERENCES and (value or "").strip().lower().startswith(("javascript:", "vbscript:")):
        return ""
    return f' {name}="{escape(value or "")}"'


@functools.lru_cache(maxsize=256)
def _short(text: str, *, styles: bool) -> str:
    return _sanitized(text, styles=styles)


def sanitize(text: str, *, styles: bool = False) -> str:
    """Return the HTML without scripts, handlers and unknown elements; plain text becomes a paragraph.

    `styles`: of styles, what is known is kept.

    Source: recorded in core-types, rights-users (17.0).
    """
    # short texts, such as those that the server logs, come again and again
    return _short(text, styles=styles) if len(text) < _SHORT else _sanitized(text, styles=styles)


def _sanitized(text: str, *, styles: bool) -> str:
    # a `<` without a `>` after it starts no tag; for each, the library's parser would search the rest of the text
    end = text.rfind(">") + 1
    parser = _Sanitizer(styles=styles)
    parser.feed(text[:end] + text[end:].replace("<", "&lt;"))
    return parser.finish()
