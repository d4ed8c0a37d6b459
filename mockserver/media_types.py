"""Media types of files: by name, by content, and the extension of a type.

The tables are those of Python with the types of Debian's `/etc/mime.types`, as the real server sees them; those of this
machine are not read.  Source: recorded in attach-crud, attach-images (17.0); the signatures are those that the
server's `guess_mimetype` knows without `python-magic`.
"""

from __future__ import annotations

import io
import mimetypes
import re
import zipfile

UNKNOWN = "application/octet-stream"

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
# media type → extensions; where Python's own table has none or another type
_DEBIAN = {
    "application/epub+zip": "epub",
    "application/geo+json": "geojson",
    "application/java-archive": "jar",
    "application/pem-certificate-chain": "pem",
    "application/pgp-encrypted": "pgp",
    "application/pgp-keys": "asc key",
    "application/pgp-signature": "sig",
    "application/pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/pkix-cert": "cer",
    "application/rtf": "rtf",
    "application/sql": "sql",
    "application/vnd.google-earth.kml+xml": "kml",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": "xlsb",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsm",
    "application/vnd.ms-fontobject": "eot",
    f"{_OPEN_DOCUMENT}graphics": "odg",
    f"{_OPEN_DOCUMENT}presentation": "odp",
    f"{_OPEN_DOCUMENT}spreadsheet": "ods",
    f"{_OPEN_DOCUMENT}text": "odt",
    f"{_OFFICE}presentationml.presentation": "pptx",
    f"{_OFFICE}spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}wordprocessingml.document": "docx",
    f"{_OFFICE}wordprocessingml.template": "dotx",
    "application/vnd.rar": "rar",
    "application/x-7z-compressed": "7z",
    "application/x-iso9660-image": "iso",
    "application/x-msdos-program": "exe dll",
    "application/x-x509-ca-cert": "crt",
    "application/xhtml+xml": "xhtml",
    "application/xml": "xml",
    "application/xslt+xml": "xsl xslt",
    "audio/flac": "flac",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg oga",
    "font/otf": "otf",
    "font/ttf": "ttf",
    "font/woff": "woff",
    "font/woff2": "woff2",
    "image/vnd.adobe.photoshop": "psd",
    "image/webp": "webp",
    "text/calendar": "ics",
    "text/javascript": "js mjs",
    "text/markdown": "md",
    "text/plain": "text pot",
    "text/vcard": "vcf",
    "text/x-sh": "sh",
    "video/mp4": "m4v",
    "video/x-flv": "flv",
    "video/x-matroska": "mkv",
    "video/x-ms-wmv": "wmv",
}
_TABLE = mimetypes.MimeTypes()
for _type, _extensions in _DEBIAN.items():
    for _extension in _extensions.split():
        _TABLE.add_type(_type, f".{_extension}")

_SIGNATURES = (
    (b"%PDF", "application/pdf"),
    (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"\xff\xd8\xff\xe1", "image/jpeg"),
    (b"\xff\xd8\xff\xe2", "image/jpeg"),
    (b"\xff\xd8\xff\xe3", "image/jpeg"),
    (b"\xff\xd8\xff\xdb", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
    (b"PK", "application/zip"),
    (b"<", "application/xml"),
)
_WORD = re.compile(r"\w+")


def by_name(name: str) -> str | None:
    """Return the media type of a file name, None for an unknown or compressed one."""
    found = _TABLE.guess_type(name)[0]
    return found.lower() if found else None


def by_content(content: bytes) -> str:
    """Return the media type that the first bytes indicate; plain text is unknown."""
    found = next((mimetype for magic, mimetype in _SIGNATURES if content.startswith(magic)), UNKNOWN)
    if found == "application/xml" and b"<svg" in content and b"/svg" in content:
        return "image/svg+xml"
    if found == "application/zip":
        return _of_archive(content) or found
    if found == "application/msword" and b"Microsoft Excel" in content:
        return "application/vnd.ms-excel"
    if content.startswith(b"RIFF") and content[8:15] == b"WEBPVP8":
        return "image/webp"
    return found


def _of_archive(content: bytes) -> str | None:
    """Return the media type of an office document, None for another archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" in names:
                for folder, kind in (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx")):
                    if any(name.startswith(folder) for name in names):
                        return by_name(f"file.{kind}")
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    named = file.read(256).decode("latin-1").strip()
                return named if named.startswith(_OPEN_DOCUMENT) else None
    except Exception:  # an incomplete archive raises errors of many classes
        return None
    return None


def has_extension(name: str) -> bool:
    """Return whether a file name has an extension: at most four letters or digits, or a longer one that is known."""
    _, dot, extension = name.lstrip(".").rpartition(".")
    if not dot or not _WORD.fullmatch(extension):
        return False
    return len(extension) <= 4 or any(_TABLE.guess_type(name))


def extension_of(mimetype: str) -> str:
    """Return the extension of a media type with its dot, empty for an unknown type."""
    return _TABLE.guess_extension(mimetype) or ""
