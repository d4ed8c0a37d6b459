"""The page at `/_mock/`: one document with its style and scripts."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path

from mockserver.control.answers import Answer

FOLDER = Path(__file__).parent / "page"
# in the order of their dependencies
SCRIPTS = (
    "elements.js", "server.js", "editing.js", "records.js", "changes.js", "calls.js", "behaviour.js", "state.js",
    "main.js",
)  # fmt: skip


@functools.cache
def answer() -> Answer:
    """Return the page, with a policy by which the browser runs and loads nothing else."""
    style = _read("page.css")
    script = "'use strict';\n" + "\n".join(map(_read, SCRIPTS))
    html = _read("page.html").replace("/* page.css */", style).replace("/* scripts */", script)
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = (("Content-Security-Policy", policy), ("Cross-Origin-Opener-Policy", "same-origin"))
    return Answer(200, "text/html; charset=utf-8", html.encode(), headers)


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
