"""Sanitizing of HTML values: a write removes scripts, event handlers and unknown elements."""

from __future__ import annotations

from collections import Counter
from html import escape
from html.parser import HTMLParser

# elements that are removed with their content
_DROPPED = frozenset({"script", "style", "iframe", "object", "embed", "link", "meta", "base", "title", "head", "form"})
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "wbr"})
_KEPT = frozenset(
    "a abbr address area article aside audio b blockquote br caption center cite code col colgroup dd del details div"  # noqa: SIM905
    " dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s"
    " samp section small source span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var video"
    " wbr".split()
)
_REFERENCES = frozenset({"href", "src", "action", "background", "cite", "poster"})


class _Sanitizer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._dropped = 0
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()  # of the open elements, to avoid searching the list
        self.has_block = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropped += tag not in {"link", "meta", "base", "embed"}
            return
        if self._dropped or tag not in _KEPT:
            return
        self.has_block = True
        self.out.append(f"<{tag}{''.join(_attribute(name, value) for name, value in attrs)}>")
        if tag not in _VOID:
            self._open.append(tag)
            self._counts[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif not self._dropped and self._counts[tag]:
            while True:
                last = self._open.pop()
                self._counts[last] -= 1
                self.out.append(f"</{last}>")
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self.out.append(escape(data, quote=False))

    def finish(self) -> str:
        self.close()
        self.out.extend(f"</{tag}>" for tag in reversed(self._open))
        return "".join(self.out)


def _attribute(name: str, value: str | None) -> str:
    if name.startswith("on") or ":" in name:
        return ""
    if name in _REFERENCES and (value or "").strip().lower().startswith(("javascript:", "vbscript:")):
        return ""
    return f' {name}="{escape(value or "")}"'


def sanitize(text: str) -> str:
    """Return the HTML without scripts, handlers and unknown elements; plain text becomes a paragraph.

    Source: recorded in core-types (17.0).
    """
    # a `<` without a `>` after it starts no tag; for each, the library's parser would search the rest of the text
    end = text.rfind(">") + 1
    parser = _Sanitizer()
    parser.feed(text[:end] + text[end:].replace("<", "&lt;"))
    clean = parser.finish()
    return clean if parser.has_block or not clean.strip() else f"<p>{clean}</p>"
