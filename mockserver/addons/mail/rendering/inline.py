"""Templates of one line: `Hello {{ object.name }}`, with `{{ object.ref ||| none }}` for a value that is empty.

Until 14 they are written `${object.name}`, and the whole body of a mail too.
Source: recorded in flow-activity (17.0).
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from mockserver.addons.mail.rendering.expressions import Markup, Names, evaluate
from mockserver.errors import UserError

_PLACEHOLDER = re.compile(r"\{\{(.+?)(?:\|\|\|\s*(.*?))?\}\}", re.DOTALL)
_OLD_PLACEHOLDER = re.compile(r"\$\{(.+?)\}", re.DOTALL)
_OLD_LINE = re.compile(r"^\s*%", re.MULTILINE)
_SAFE = re.compile(r"\|\s*safe\s*$")


# the error of a line that cannot be rendered; recorded in flow-activity (17.0)
NOT_RENDERED = "Failed to render inline_template template: {template}"


def render(template: Any, names: Names, *, text: str) -> str:
    """Return a line with its placeholders filled in; `text` is the server's error, with `{template}`."""
    template = template or ""

    def fill(found: re.Match[str]) -> str:
        try:
            value = evaluate(found[1], names)
        except UserError:
            raise
        except Exception as error:
            raise UserError(text.format(template=template)) from error
        return str(value) if value or (value == 0 and value is not False) else (found[2] or "").strip()

    return _PLACEHOLDER.sub(fill, template)


def render_old(template: Any, names: Names, *, html: bool) -> str:
    """Return a text in which `${…}` is filled in; in HTML, values are escaped unless they are marked `|safe`."""
    template = template or ""
    if _OLD_LINE.search(template):
        raise UserError("The mock server does not render lines that begin with % in a template.")

    def fill(found: re.Match[str]) -> str:
        expression = found[1]
        safe = _SAFE.search(expression) is not None
        try:
            value = evaluate(_SAFE.sub("", expression), names)
        except UserError:
            raise
        except Exception as error:
            raise UserError(f"Failed to render template {template!r}") from error
        shown = "" if value is None or value is False else str(value)
        return escape(shown, quote=False) if html and not safe and not isinstance(value, Markup) else shown

    return _OLD_PLACEHOLDER.sub(fill, template)
