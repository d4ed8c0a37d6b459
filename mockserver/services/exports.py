"""Exports of the web client: which fields can be exported, and tables as CSV and XLSX.

Differs: records are not exported in groups.
Source: versions.md §1.4; recorded in web-dataset (17.0); the source of Odoo, web/controllers/export.py.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment, Recordset

MAX_DEPTH = 3  # relations that a path can follow
_RELATED = ("many2one", "many2many")
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def fields(
    records: Recordset,
    prefix: str = "",
    parent_name: str = "",
    import_compat: bool = True,
    parent_field_type: str | None = None,
    parent_field: dict[str, Any] | None = None,
    exclude: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """Return the fields that can be exported, by label; a relation has `params`, to ask for the fields behind it."""
    known = records.fields_get()
    if import_compat and parent_field_type in _RELATED:
        named = records._model.label_field or "id"
        known = {name: known[name] for name in ("id", named) if name in known}
    elif not import_compat:
        known[".id"] = dict(known["id"])
    known["id"] = {**known["id"], "string": "External ID"}
    if parent_field:
        known["id"] = {**parent_field, "string": "External ID", "type": parent_field.get("field_type")}
    shown = {name: field for name, field in known.items() if _is_shown(name, field, import_compat, exclude or ())}
    found = []
    for name, field in sorted(shown.items(), key=lambda item: str(item[1].get("string", "")).lower()):
        path = f"{prefix}/{name}" if prefix else name
        label = f"{parent_name}/{field['string']}" if parent_name else field["string"]
        by_name = name == "name" and import_compat and parent_field_type in _RELATED
        entry = {
            "id": path, "string": label, "value": prefix if by_name else path, "children": False,
            "field_type": field.get("type"), "required": field.get("required"),
            "relation_field": field.get("relation_field"),
            "default_export": import_compat and field.get("default_export_compatible"),
        }  # fmt: skip
        if len(path.split("/")) < MAX_DEPTH and field.get("relation"):
            behind = {**field, "field_type": field.get("type")}
            comodel = behind.pop("relation")
            entry["value"] += "/id"
            entry["params"] = {"model": comodel, "prefix": path, "name": label, "parent_field": behind}
            entry["children"] = True
        found.append(entry)
    return found


def _is_shown(name: str, field: dict[str, Any], import_compat: bool, exclude: Sequence[str]) -> bool:
    if import_compat and name != "id" and (name in exclude or field.get("readonly")):
        return False
    return bool(field.get("exportable", True)) and not str(field.get("type")).startswith("properties")


def labels(records: Recordset, paths: Iterable[str]) -> dict[str, str]:
    """Return the labels of paths such as `child_ids/name`, with `/` between those of its steps; known paths only."""
    found = {}
    for path in paths:
        at, steps = records, []
        for name in path.split("/"):
            field = at._model.fields.get(name)
            if field is None and name != ".id":
                break
            steps.append("External ID" if name == "id" else field.string if field else "ID")
            if field is not None and field.comodel in at.env:
                at = at.env[field.comodel]
        else:
            found[path] = "/".join(steps)
    return found


def table(env: Environment, data: dict[str, Any], *, grouped_refused: bool) -> tuple[list[str], list[list[Any]]]:
    """Return the header and the rows of an export, as its form asks for it.

    Raises KeyError for a form without a part, and UserError for groups in a format that has none.
    """
    model, columns, ids, domain, compatible = (
        data[name] for name in ("model", "fields", "ids", "domain", "import_compat")
    )
    records = env[model].with_context(**{**(data.get("context") or {}), "import_compat": compatible})
    names = [column["name"] for column in columns]
    header = names if compatible else [column["label"].strip() for column in columns]
    if data.get("groupby") and not compatible and grouped_refused:
        raise UserError("Exporting grouped data to csv is not supported.")
    chosen = records.browse(ids) if ids else records.search(domain)
    return header, chosen.call("export_data", names)["datas"]


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as CSV, every cell in quotes; what a spreadsheet would take for a formula begins with `'`."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _csv_cell(cell: Any) -> Any:
    if cell is None or cell is False:
        return ""
    if isinstance(cell, (bytes, bytearray)):
        cell = cell.decode("utf-8", "replace")
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "-", "+")) else cell


def as_xlsx(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as a workbook of one sheet, without styles; every cell is a text, a number or a boolean."""
    lines = "".join(f"<row>{''.join(map(_xlsx_cell, row))}</row>" for row in (header, *rows))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEETS}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATIONS}/worksheet" Target="sheet1.xml"/></Relationships>',
        "xl/sheet1.xml": f'<worksheet xmlns="{_SHEETS}"><sheetData>{lines}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), _XML + text)
    return out.getvalue()


def _xlsx_cell(cell: Any) -> str:
    if isinstance(cell, bool):
        return f'<c t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, (int, float)):
        return f"<c><v>{cell}</v></c>"
    text = "".join(char for char in str(cell or "") if char >= " " or char in "\t\n\r")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
