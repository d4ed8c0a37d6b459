"""Databases as text, for `db.dump` and `db.restore`."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from typing import Any

from mockserver.orm.database import Database

MAX_CONTENT = 1 << 30  # bytes of unpacked JSON
# a small zip can unpack to any size, and JSON takes many times its own in memory: beyond the first bytes, at most so
# many times the size of the zip; that of real data is about 25
MIN_CONTENT, MAX_RATIO = 8 << 20, 100
_CONTENT, _MANIFEST = "dump.json", "manifest.json"
_DATE = (1980, 1, 1, 0, 0, 0)  # so that the same data give the same text


def pack(database: Database, format: str) -> str:
    """Return base64 of a zip with `dump.json` and `manifest.json`; for any format but "zip", of the JSON alone.

    Differs: the real server puts SQL into the zip, or its SQL server's own format.
    """
    with database.lock:
        content = json.dumps(database.dump()).encode()
    if format != "zip":
        return base64.b64encode(content).decode()
    profile = database.profile
    manifest = {
        "odoo_dump": "1",
        "db_name": database.name,
        "version": profile.server_version,
        "version_info": list(profile.version_info),
        "major_version": profile.server_version,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ((_CONTENT, content), (_MANIFEST, json.dumps(manifest, indent=4).encode())):
            archive.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)
    return base64.b64encode(file.getvalue()).decode()


def unpack(data: Any) -> dict[str, Any]:
    """Return the content of a text that `pack` wrote; raises ValueError for any other text."""
    if not isinstance(data, (str, bytes)):
        raise ValueError(f"a database dump is base64 text, not {type(data).__name__}")
    try:
        raw = base64.b64decode(data)
        content = json.loads(_from_zip(raw) if raw.startswith(b"PK") else raw)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, ValueError, RecursionError) as error:
        raise ValueError(f"this is not a dump of a database: {error}") from None
    if not isinstance(content, dict):
        raise ValueError("this is not a dump of a database: it is not a JSON object")
    return content


def _from_zip(raw: bytes) -> bytes:
    most = min(MAX_CONTENT, max(MIN_CONTENT, MAX_RATIO * len(raw)))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, archive.open(_CONTENT) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"the dump unpacks to more than {most} bytes")
    return content
