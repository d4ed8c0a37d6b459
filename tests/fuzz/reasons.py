"""Errors of Python's own that are no bugs, each with its reason.

The real server gives such errors too: it is written in Python, and what a client sends in the place of something else
breaks it as it breaks us.  Only what no server would say is a finding.
"""

from __future__ import annotations

from fnmatch import fnmatch
from urllib.parse import unquote_plus

from tests.fuzz.sent import Sent

# (class, place, reason), for requests with values of wrong types
UNFAIR: tuple[tuple[str, str, str], ...] = (
    ("*", "elsewhere", "raised by the standard library before any code of ours"),
    ("TypeError", "*", "a value of a wrong type, in Python's own words"),
    ("AttributeError", "*", "a value of a wrong type, in Python's own words"),
    ("IndexError", "*", "a list that is too short"),
    ("ValueError", "*", "a text in the place of a number or a date"),
    ("Unicode*Error", "*", "half of a surrogate pair cannot be written, there as here"),
    ("OverflowError", "*", "a number that no column can hold"),
    ("RecursionError", "*", "a value nested deeper than any real one; answered, and the server goes on"),
    ("KeyError", "services/__init__.py:rpc", "the name of a service that is none"),
    ("KeyError", "services/call.py:_run_method", "an object in the place of a list of arguments"),
    ("KeyError", "services/passwords.py:*", "an input of the form that the client left out"),
    ("ZeroDivisionError", "dialects/rest/odoo_rest_api/listing.py:page", "pages of size 0, recorded in yezy-odoo-17.0"),
    ("KeyError", "dialects/*:parse", "a parameter that the client left out"),
    ("KeyError", "dialects/rest/odoo_rest_api/plain.py:*", "a parameter that the client left out"),
    ("KeyError", "orm/methods/*:read_progress_bar*", "a key that the client left out"),
    ("ResponseError", "dialects/rpc/xmlrpc.py:*", "a document that is no call, in the words of the same library"),
)
# the same for requests whose values are all of the types that their places take
FAIR: tuple[tuple[str, str, str], ...] = (
    ("OverflowError", "*", "a number that no column can hold"),
    ("ExpatError", "dialects/rpc/xmlrpc.py:*", "a document that is no XML, in the words of the same parser"),
    ("KeyError", "orm/methods/search_panel.py:search_panel_select_*", "the name of a field that is none"),
    ("KeyError", "orm/methods/translations.py:*", "the name of a field that is none"),
    ("KeyError", "orm/methods/onchange.py:onchange", "a name that is no field, or a changed field without its value"),
    ("KeyError", "orm/bulk/loading.py:*", "a column that is none, or that leads to a module that is not there"),
    ("KeyError", "orm/methods/formatted_grouping.py:progress", "grouped by the id, which is no part of a group there"),
    ("KeyError", "addons/hr/hr_employee.py:_prepare_resource_values", "an employee without a name"),
    ("KeyError", "addons/base/ir_filters.py:create_or_replace", "values without the model"),
    ("KeyError", "addons/portal/portal_mixin.py:action_share", "a context without the record"),
    ("KeyError", "addons/account/move_names.py:display_name", "a form of an entry without its type"),
    ("TypeError", "orm/schema/composition.py:enter", "arguments that are not those of the method in this version"),
    ("ValueError", "orm/fields/*.py:to_store", "the name of a record is a number or a date there"),
    ("TypeError", "services/call.py:_run_method", "arguments that are not those of the method in this version"),
    ("ZoneInfoNotFoundError", "*", "a time zone that is none is an error of the library there too"),
)


def reason(error: BaseException, place: str, sent: Sent) -> str | None:
    """Return why an error is none of ours, or None."""
    names = [cls.__name__ for cls in type(error).__mro__]
    if isinstance(error, KeyError) and not sent.fair and error.args:
        key, sent_text = error.args[0], _text(sent)
        if not isinstance(key, str) or key in sent_text or repr(key)[1:-1] in sent_text:
            return "a key that the client has sent"
    if str(sent.body.get("form", {}).get("method", "")).startswith("_"):
        return "a private method, which one add-on lets clients call, with what nobody else gives it"
    for cls, where, why in (*FAIR, *(() if sent.fair else UNFAIR)):
        if any(fnmatch(name, cls) for name in names) and fnmatch(place, where):
            return why
    return None


def _text(sent: Sent) -> str:
    values = sent.body.get("json") or sent.body.get("xmlrpc")
    query = unquote_plus(f"{sent.path} {sent.query}")
    return f"{query} {values!r} {unquote_plus(sent.content().decode('utf-8', 'replace'))}"
