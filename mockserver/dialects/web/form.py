"""Parameters of the query string and of forms, and uploaded files."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO, NamedTuple
from urllib.parse import parse_qsl

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from mockserver.dialects import Request
from mockserver.dialects.volume import check_form

FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}
MAX_FIELDS = 10_000  # in one query string or form


class Form(NamedTuple):
    """The body of a form: `values` by name, and `files` of a multipart body by name.

    `uploads` has all files in order, including those with the same name.
    """

    values: dict[str, str]
    files: dict[str, FileStorage]
    uploads: tuple[FileStorage, ...] = ()


def query(request: Request) -> dict[str, str]:
    """Return the parameters of the query string; the first value counts for a repeated name."""
    text = request.environ.get("QUERY_STRING", "")
    if not text:
        return {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise RequestEntityTooLarge(f"The query string has more than {MAX_FIELDS} fields") from None
    return _first_values(pairs)


def form(request: Request) -> Form:
    """Return the body of a request with any HTTP method, if it is a form; otherwise an empty form.

    Raises werkzeug's RequestEntityTooLarge for a body or a number of fields above the limits.
    """
    if request.media_type not in FORM_TYPES:
        return Form({}, {})
    text = request.environ.get("CONTENT_LENGTH") or ""
    if text.isascii() and text.isdigit() and int(text[:20]) > request.max_body:
        raise RequestEntityTooLarge()
    if request.media_type != "multipart/form-data":  # of which the parser counts the parts
        body = request.body()
        if body.count(b"&") >= MAX_FIELDS:
            raise RequestEntityTooLarge(f"The form has more than {MAX_FIELDS} fields")
        check_form(body)
        request.environ["wsgi.input"] = io.BytesIO(body)
    parser = FormDataParser(
        stream_factory=_in_memory,
        max_form_memory_size=request.max_body,
        max_content_length=request.max_body,
        max_form_parts=MAX_FIELDS,
    )
    _, values, files = parser.parse_from_environ(request.environ)
    uploads = tuple(file for _, file in files.items(multi=True))
    return Form(_first_values(values.items(multi=True)), {name: files[name] for name in files}, uploads)


def parameters(request: Request) -> dict[str, str]:
    """Return the parameters of the query string and the form; those of the form have priority."""
    return {**query(request), **form(request).values}


def _in_memory(*about: object, **more: object) -> IO[bytes]:
    """Return the stream for an upload: werkzeug's default may be a temporary file, which would have to be closed."""
    return io.BytesIO()


def _first_values(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found
