"""The domains of rules: texts that are read as those of record rules are, and are never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights import rule_domains
from mockserver.orm.rights.rule_domains import UnreadableDomain


class _UserId(ast.NodeTransformer):
    """Writes `user.id` for `uid`, which only the domains of rules have."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return the expression in the place of a name."""
        return ast.Attribute(ast.Name("user", node.ctx), "id", node.ctx) if node.id == "uid" else node


def read(env: Environment, text: Any) -> list[Any] | None:
    """Return a domain, None for an empty text; raises UnreadableDomain for what is not in the subset."""
    if not text:
        return None
    found = rule_domains.evaluate(_parse(text), rule_domains.names(env, set()))
    if not isinstance(found, list):
        raise UnreadableDomain("a domain is a list")
    return found


def fields(rule: Recordset) -> Iterator[str]:
    """Yield the fields of the rule's model that its condition begins with."""
    try:
        found = _parse(rule.filter_domain or "[]")
    except UnreadableDomain:
        return
    for leaf in found if isinstance(found, list) else ():
        if isinstance(leaf, (list, tuple)) and len(leaf) == 3 and isinstance(leaf[0], str):
            yield leaf[0].partition(".")[0]


def _parse(text: str) -> Any:
    if "uid" in text and len(text) <= rule_domains.LONGEST:
        try:
            tree = ast.parse(text.strip(), mode="eval")
            text = ast.unparse(ast.fix_missing_locations(_UserId().visit(tree)))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise UnreadableDomain(str(error)) from None
    return rule_domains.parse(text)
