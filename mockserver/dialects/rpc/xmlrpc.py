"""`/xmlrpc/2/<service>` and the older `/xmlrpc/<service>`, which differ in their fault codes.

Source: versions.md §1.1, §3; recorded in core-envelope and core-errors (17.0).
"""

from __future__ import annotations

import re
import xmlrpc.client
from collections.abc import Callable
from datetime import date, datetime
from io import StringIO
from typing import Any
from xml.parsers import expat

from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, NotFound, RequestEntityTooLarge

from mockserver import errors
from mockserver.dialects import DEFAULT_PROFILE, JSON_TYPES, Dialect, Reply, Request, Route, as_text
from mockserver.dialects.rpc import plain_calls
from mockserver.dialects.volume import MAX_DIGITS, TOO_LONG, check_xml, is_short
from mockserver.profiles import Rules
from mockserver.services import Call

MAX_DEPTH = 200  # nested arrays and structs
PLAIN_LENGTH = 1 << 20  # bytes up to which the faster reader is tried first
POST = frozenset({"POST", "OPTIONS"})
# not allowed in XML: control characters, surrogates, and two noncharacters
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes({*range(32)} - {9, 10, 13})


class XmlRpc(Dialect):
    """Faults have HTTP status 200.  The request's Content-Type is ignored, except that of a form."""

    name = "xmlrpc"
    routes: tuple[Route, ...] = (
        Route("/xmlrpc/2/<path:service>", "2", POST, until=11),
        Route("/xmlrpc/<path:service>", "1", POST, until=11),
        Route("/xmlrpc/2/<service>", "2", POST, since=12),
        Route("/xmlrpc/<service>", "1", POST, since=12),
    )

    def wrong_verb(self, methods: frozenset[str]) -> HTTPException:
        """Return 405, or 404 in servers that handle XML-RPC before the routes."""
        rules = self.profile.rules
        if rules.xmlrpc_before_routes:
            return NotFound()
        return super().wrong_verb(methods if rules.options_allowed else methods - {"OPTIONS"})

    def parse(self, request: Request) -> Call:
        """Return the call of a service."""
        rules = self.profile.rules
        if rules.xmlrpc_refuses_json and request.media_type in JSON_TYPES:
            raise BadRequest(rules.invalid_json_text.format(body=request.body().decode("utf-8", "replace")))
        # as on the real server, the form parser consumes the body of a form, so it is empty here
        form = request.media_type == "application/x-www-form-urlencoded"
        try:
            params, method = loads(b"" if form else request.body(), rules.xml_datetimes)
        except HTTPException:
            raise
        except Exception:
            if rules.xmlrpc_before_routes:
                raise InternalServerError() from None
            raise
        return Call(self.name, request.arguments["service"], method, params)  # type: ignore[arg-type]

    def render(self, request: Request, value: Any) -> Reply:
        """Return the methodResponse; raises TypeError or OverflowError for values that XML-RPC cannot represent."""
        rules = self.profile.rules
        return Reply("200 OK", rules.xml_content_type, dumps(value, rules))

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Return the fault, with the code of the protocol version in the path."""
        rules = self.profile.rules
        code, text = errors.xmlrpc_fault(error, int(request.route.endpoint), self.profile)
        return Reply("200 OK", rules.xml_content_type, dumps_fault(code, text, rules))


# -- reading


def loads(document: bytes, datetimes: bool = False) -> tuple[tuple[Any, ...], str | None]:
    """Return `(parameters, method name)` of a methodCall; nil is None, base64 the library's object.

    A date and time is the library's object too, or Python's with `datetimes`.

    Raises expat's error for invalid XML, `xmlrpc.client.ResponseError` for an invalid call, and ValueError
    for deep nesting and for a DOCTYPE: no document needs one, and its entities could expand without limit.  Raises
    RequestEntityTooLarge for a document that holds too much.
    """
    if len(document) <= PLAIN_LENGTH:
        try:
            return plain_calls.read(document)
        except Exception:  # an unusual document, which the library reads
            pass
    return _any_call(document, datetimes)


def _end_integer(reader: Any, text: str) -> None:
    """Take a number, as the library's reader does, if it has no more than `MAX_DIGITS`."""
    if len(text) > MAX_DIGITS:
        raise RequestEntityTooLarge(TOO_LONG)
    xmlrpc.client.Unmarshaller.dispatch["int"](reader, text)


_ENDS = xmlrpc.client.Unmarshaller.dispatch | dict.fromkeys(("i1", "i2", "i4", "i8", "int", "biginteger"), _end_integer)


class _Marks(list[int]):
    """The stack of open arrays and structs in the library's Unmarshaller, limited to `MAX_DEPTH`.

    Overriding the Unmarshaller's `start` instead would slow down parsing by a tenth.
    """

    def append(self, mark: int) -> None:
        """Add an open array or struct; raises ValueError at the limit."""
        if len(self) >= MAX_DEPTH:
            raise ValueError(f"the request nests deeper than {MAX_DEPTH} levels")
        super().append(mark)


def _any_call(document: bytes, datetimes: bool = False) -> tuple[tuple[Any, ...], str | None]:
    """Read a document with the library's reader."""
    reader: Any = xmlrpc.client.Unmarshaller(use_datetime=datetimes)
    if not is_short(document):
        check_xml(document)
        reader.dispatch = _ENDS
    reader._marks = _Marks()
    reader.xml(None, None)  # expat gives text, not encoded bytes
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.Parse(document, True)
    return reader.close(), reader.getmethodname()


def _refuse_doctype(*_: Any) -> None:
    raise ValueError("a DOCTYPE is not allowed")


# -- writing


def dumps(value: Any, rules: Rules = DEFAULT_PROFILE.rules) -> bytes:
    """Return the methodResponse of one value.

    The standard library's format, except that bytes and dates are sent as text, and that newer servers leave out
    characters that XML does not allow.

    Differs: since 18 bytes that are not UTF-8 are a fault; here they are decoded as Latin-1.
    """
    return _document(f"<params>\n<param>\n{_WRITERS[type(value)](value)}</param>\n</params>\n", rules)


def dumps_fault(code: int | str, text: str, rules: Rules = DEFAULT_PROFILE.rules) -> bytes:
    """Return the methodResponse of a fault; codes of the older path are strings."""
    return _document(f"<fault>\n{_dump_struct({'faultCode': code, 'faultString': text})}</fault>\n", rules)


def _document(content: str, rules: Rules) -> bytes:
    text = f"{rules.xml_declaration}\n<methodResponse>\n{content}</methodResponse>\n"
    document = text.encode("utf-8", "surrogatepass")
    if not rules.xml_drops_controls or (text.isascii() and len(document.translate(None, _CONTROLS)) == len(document)):
        return document
    return _NOT_IN_XML.sub("", text).encode()


class _Writers(dict[type, Callable[[Any], str]]):
    """What writes a value, by type; a subclass is written like the first of the types that is its base."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        writer = next((writer for base, writer in self.items() if issubclass(kind, base)), None)
        if writer is None:
            raise TypeError(f"cannot marshal {kind} objects")
        return writer


def _dump_none(value: None) -> str:
    raise TypeError("cannot marshal None unless allow_none is enabled")


def _dump_bool(value: bool) -> str:
    return f"<value><boolean>{1 if value else 0}</boolean></value>\n"


def _dump_int(value: int) -> str:
    if not xmlrpc.client.MININT <= value <= xmlrpc.client.MAXINT:
        raise OverflowError("int exceeds XML-RPC limits")
    return f"<value><int>{int(value)}</int></value>\n"


def _dump_float(value: float) -> str:
    return f"<value><double>{float(value)!r}</double></value>\n"


def _dump_str(value: str) -> str:
    return f"<value><string>{_escape(value)}</string></value>\n"


def _dump_text(value: Any) -> str:
    return _dump_str(as_text(value))


def _dump_array(value: list[Any] | tuple[Any, ...]) -> str:
    items = "".join([_WRITERS[type(item)](item) for item in value])
    return f"<value><array><data>\n{items}</data></array></value>\n"


def _dump_struct(value: dict[Any, Any]) -> str:
    members = []
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError("dictionary key must be string")
        members.append(f"<member>\n<name>{_escape(key)}</name>\n{_WRITERS[type(item)](item)}</member>\n")
    return f"<value><struct>\n{''.join(members)}</struct></value>\n"


def _dump_wrapper(value: xmlrpc.client.DateTime | xmlrpc.client.Binary) -> str:
    out = StringIO()
    value.encode(out)
    return out.getvalue()


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_WRITERS = _Writers(
    {
        str: _dump_str,
        bool: _dump_bool,
        int: _dump_int,
        float: _dump_float,
        list: _dump_array,
        tuple: _dump_array,
        dict: _dump_struct,
        type(None): _dump_none,
        bytes: _dump_text,
        datetime: _dump_text,
        date: _dump_text,
        xmlrpc.client.DateTime: _dump_wrapper,
        xmlrpc.client.Binary: _dump_wrapper,
    }
)
