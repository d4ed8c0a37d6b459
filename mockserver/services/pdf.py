"""A writer of simple PDF files with lines of text, which are valid for strict readers and whose text can be extracted.

Characters outside of the Western European ones use a second font that no viewer has: they are blank on the screen,
but copying or extracting the text gives them.
"""

from __future__ import annotations

from collections.abc import Sequence

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 56  # points of a page of A4
_TITLE_SIZE, _SIZE, _LEADING = 16, 10, 14
_LINES_PER_PAGE = (_HEIGHT - 2 * _MARGIN) // _LEADING - 2  # lines; the title takes the space of two
_MAX_BLOCK = 100  # entries allowed in one block of a character map
_HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
# object numbers that are the same in every document; those of the pages follow
_CATALOG, _PAGES, _INFO, _PLAIN, _OTHER, _DESCENDANT, _DESCRIPTOR, _MAP, _FIRST_PAGE = range(1, 10)


def document(title: str, lines: Sequence[str]) -> bytes:
    """Return a PDF with the title on the first page and a line for each text, on as many pages as needed."""
    codes = _codes([title, *lines])
    pages = [lines[at : at + _LINES_PER_PAGE] for at in range(0, len(lines), _LINES_PER_PAGE)] or [[]]
    numbers = range(_FIRST_PAGE, _FIRST_PAGE + 2 * len(pages), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        f"<< /Type /Catalog /Pages {_PAGES} 0 R >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< /Title <{_utf16(title, mark=True)}> /Producer (mockserver) >>".encode(),
        *_fonts(codes),
    ]
    for number, page, texts in zip(numbers, range(len(pages)), pages, strict=True):
        objects.append(_page(number))
        objects.append(_stream(_content(title if page == 0 else "", texts, codes)))
    return _file(objects)


def _codes(texts: Sequence[str]) -> dict[str, int]:
    """Return two-byte codes of the second font for the characters that the first one lacks."""
    others = dict.fromkeys(char for text in texts for char in text if not _is_plain(char))
    return {char: code for code, char in zip(range(1, 0x10000), others, strict=False)}


def _is_plain(char: str) -> bool:
    if char < " " or char == "\x7f":
        return False
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _utf16(text: str, mark: bool = False) -> str:
    """Return UTF-16 in hexadecimal; `mark` adds the byte order mark, which text outside of a page needs."""
    return ("FEFF" if mark else "") + text.encode("utf-16-be", "replace").hex().upper()


def _fonts(codes: dict[str, int]) -> list[bytes]:
    return [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Unicode /Encoding /Identity-H"
        f" /DescendantFonts [{_DESCENDANT} 0 R] /ToUnicode {_MAP} 0 R >>".encode(),
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Unicode /DW 600 /FontDescriptor {_DESCRIPTOR} 0 R"
        f" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>".encode(),
        b"<< /Type /FontDescriptor /FontName /Unicode /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0"
        b" /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
        _stream(_character_map(codes)),
    ]


def _character_map(codes: dict[str, int]) -> bytes:
    """Return the character map (ToUnicode) of the second font."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    entries = [f"<{code:04X}> <{_utf16(char)}>" for char, code in codes.items()]
    for at in range(0, len(entries), _MAX_BLOCK):
        block = entries[at : at + _MAX_BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()


def _page(number: int) -> bytes:
    return (
        f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents {number + 1} 0 R"
        f" /Resources << /Font << /F1 {_PLAIN} 0 R /F2 {_OTHER} 0 R >> >> >>"
    ).encode()


def _content(title: str, texts: Sequence[str], codes: dict[str, int]) -> bytes:
    parts = [f"BT {_MARGIN} {_HEIGHT - _MARGIN - _TITLE_SIZE} Td {_LEADING} TL".encode()]
    if title:
        parts += [_show_line(title, codes, _TITLE_SIZE), b"T* T*"]
    for text in texts:
        parts += [_show_line(text, codes, _SIZE), b"T*"]
    return b"\n".join([*parts, b"ET"])


def _show_line(text: str, codes: dict[str, int], size: int) -> bytes:
    """Return the operators that show one line, switching between the fonts."""
    runs: list[tuple[bool, list[str]]] = []
    for char in text:
        plain = char not in codes
        if not runs or runs[-1][0] != plain:
            runs.append((plain, []))
        runs[-1][1].append(char)
    parts = []
    for plain, chars in runs:
        if plain:
            parts.append(f"/F1 {size} Tf <{''.join(chars).encode('cp1252', 'replace').hex().upper()}> Tj")
        else:
            parts.append(f"/F2 {size} Tf <{''.join(f'{codes[char]:04X}' for char in chars)}> Tj")
    return "\n".join(parts).encode()


def _stream(data: bytes) -> bytes:
    return f"<< /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    """Return the file: the objects, numbered from 1, and the table of their offsets."""
    pieces, at, offsets = [_HEAD], len(_HEAD), []
    for number, content in enumerate(objects, 1):
        piece = f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
        offsets.append(at)
        pieces.append(piece)
        at += len(piece)
    size = len(objects) + 1
    entries = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    pieces.append(
        f"xref\n0 {size}\n0000000000 65535 f \n{entries}"
        f"trailer\n<< /Size {size} /Root {_CATALOG} 0 R /Info {_INFO} 0 R >>\nstartxref\n{at}\n%%EOF\n".encode()
    )
    return b"".join(pieces)
