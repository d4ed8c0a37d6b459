"""Finding and printing reports.

A report with `attachment_use` prints the newest file of the right type attached to its single record.  Otherwise a
file attached to the report itself is printed, for any records; without one, a small document that names the records.

Differs: there are no templates, and the expressions of a report (`attachment`, `print_report_name`) are not evaluated.
Source: versions.md §1.4; rest-muk §3; the source of Odoo 17.0 (ir.actions.report).
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.records.recordset import missing_record
from mockserver.services import pdf

REPORT = "ir.actions.report"
MIMETYPES = {"pdf": "application/pdf", "html": "text/html", "text": "text/plain"}
EXTENSIONS = {"pdf": "pdf", "html": "html", "text": "txt"}


@dataclass(frozen=True)
class Document:
    """A printed report; `name` is the file name."""

    content: bytes
    mimetype: str
    name: str


def find_report(env: Environment, reference: str | int) -> Recordset:
    """Return the report with that template name (`report_name`), external id or id, with superuser rights.

    Raises ValueError, with the server's text, if there is none.
    """
    reports = env.sudo()[REPORT]
    rows = env.db.store.rows(REPORT)
    if isinstance(reference, int):
        found = [reference] if reference in rows else []
    else:
        found = sorted(id_ for id_, row in rows.items() if row.get("report_name") == reference)
    if found:
        return reports.browse(found[0])
    report = env.ref(reference) if isinstance(reference, str) else None
    if report is None:
        raise ValueError(f"Fetching report {reference!r}: report not found")
    if report._name != REPORT:
        raise ValueError(f"Fetching report {reference!r}: type {report._name}, expected {REPORT}")
    return reports.browse(report._ids)


def render(env: Environment, reference: str | int, ids: Sequence[int] = (), kind: str = "pdf") -> Document:
    """Print the report for those records; `kind` is "pdf", "html" or "text".

    Raises what `find_report` raises, KeyError for a report of an unknown model, MissingError and AccessError for
    records that do not exist or that the user may not read.
    """
    with env.db.transaction():
        report = find_report(env, reference)
        names = _names(env, report.model, ids)
        content = _attached_content(env, report, ids, MIMETYPES[kind])
        if content is None:
            content = _WRITERS[kind](report, names)
        return Document(content, MIMETYPES[kind], f"{report.name}.{EXTENSIONS[kind]}")


def _names(env: Environment, model: str, ids: Sequence[int]) -> dict[int, str]:
    """Return `{id: display name}`, in the order of the ids."""
    if model not in env:
        raise KeyError(model)
    records = env[model].browse(ids)
    if not ids:
        return {}
    read = {values["id"]: values["display_name"] or "" for values in records.call("read", ["display_name"])}
    for id_ in ids:
        if id_ not in read:
            raise missing_record(records, id_)
    return read


def _attached_content(env: Environment, report: Recordset, ids: Sequence[int], mimetype: str) -> bytes | None:
    """Return the content of the newest attachment to print, if there is one."""
    owners = [(REPORT, report.id)]
    if report.attachment_use and len(ids) == 1:
        owners.insert(0, (report.model, ids[0]))
    store = env.db.store
    rows = store.rows("ir.attachment")
    for model, id_ in owners:
        for at in sorted(store.having("ir.attachment", "res_id", (id_,)), reverse=True):
            row = rows[at]
            fits = row.get("res_model") == model and not row.get("res_field") and row.get("mimetype") == mimetype
            if fits and row.get("datas"):
                return base64.b64decode(row["datas"])
    return None


def _line(report: Recordset, id_: int, name: str) -> str:
    return f"{report.model},{id_}: {name}"


def _as_pdf(report: Recordset, names: Mapping[int, str]) -> bytes:
    lines = [report.report_name, *(_line(report, id_, name) for id_, name in names.items())]
    return pdf.document(report.name, lines)


def _as_text(report: Recordset, names: Mapping[int, str]) -> bytes:
    lines = [report.name, report.report_name, *(_line(report, id_, name) for id_, name in names.items())]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _as_html(report: Recordset, names: Mapping[int, str]) -> bytes:
    title, template, model = (html.escape(text) for text in (report.name, report.report_name, report.model))
    articles = "".join(
        f'<div class="article" data-oe-model="{model}" data-oe-id="{id_}"><h2>{html.escape(name)}</h2></div>\n'
        for id_, name in names.items()
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body><main data-report="{template}"><h1>{title}</h1>\n{articles}</main></body></html>\n'
    ).encode("utf-8", "replace")


_WRITERS: dict[str, Any] = {"pdf": _as_pdf, "html": _as_html, "text": _as_text}
