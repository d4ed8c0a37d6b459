"""Defaults of fields as a fixture says them: literals, and the calls that fixtures know."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from mockserver.seed.scan.literals import Literals, NotLiteral

_COMPANY, _USER = {"call": "company"}, {"call": "user"}
# what the body of a default reads, with `.id` taken away, and the default of a fixture
_CALLS: Mapping[str, dict[str, str]] = {
    "self.env.company": _COMPANY,
    "self.env.user.company_id": _COMPANY,
    "self.env['res.company']._company_default_get()": _COMPANY,
    "self.env.user": _USER,
    "self.env.uid": _USER,
    "self._uid": _USER,
    "self.env.lang": {"call": "lang"},
    "self.env.context.get('lang')": {"call": "lang"},
    "self._context.get('lang')": {"call": "lang"},
    "fields.Date.today": {"call": "today"},
    "fields.Date.today()": {"call": "today"},
    "fields.Date.context_today": {"call": "today"},
    "fields.Date.context_today(self)": {"call": "today"},
    "fields.Datetime.now": {"call": "now"},
    "fields.Datetime.now()": {"call": "now"},
}
_BROWSED = re.compile(r"^self\.env\['[a-z_.]+'\]\.browse\((.*)\)$")
_MAX_STEPS = 4  # from a name to a function to a call


def default(node: ast.expr, literals: Literals, functions: Mapping[str, ast.FunctionDef]) -> Any:
    """Return the default that an expression means; raises NotLiteral.

    `functions`: those of the class and the file, one of which it may name.
    """
    for _ in range(_MAX_STEPS):
        inner = _inner(node, functions)
        if inner is None:
            break
        node = inner
    text = _BROWSED.sub(r"\1", ast.unparse(node))
    if "_company_default_get(" in text:
        text = text.partition("_company_default_get(")[0] + "_company_default_get()"
    known = _CALLS.get(text.removesuffix(".id"))
    if known is not None:
        return dict(known)
    xmlid = _xmlid(node)
    return {"ref": xmlid} if xmlid else literals.value(node)


def _inner(node: ast.expr, functions: Mapping[str, ast.FunctionDef]) -> ast.expr | None:
    """Return what a lambda, or the function that an expression names, returns; None for anything else."""
    if isinstance(node, ast.Lambda):
        inner = node.body
        name = inner.func.attr if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) else ""
        # lambda self: self._default_company()
        return returned(functions[name]) if name in functions and isinstance(inner, ast.Call) else inner
    name = node.id if isinstance(node, ast.Name) else getattr(node, "value", "")
    return returned(functions[name]) if isinstance(name, str) and name in functions else None


def returned(function: ast.FunctionDef) -> ast.expr:
    """Return what a function returns that does nothing else; raises NotLiteral for another one."""
    body = [one for one in function.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    if len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None:
        return body[0].value
    raise NotLiteral(ast.Name(f"{function.name}()"))


def _xmlid(node: ast.expr) -> str | None:
    """Return the external id of `self.env.ref("module.name")`, with or without `.id`, or None."""
    if isinstance(node, ast.Attribute) and node.attr == "id":
        node = node.value
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "self.env.ref" or not node.args:
        return None
    given = node.args[0]
    named = given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""
    return named if named.count(".") == 1 else None
