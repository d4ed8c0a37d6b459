"""Normalise and check domains, and compile them to conditions on rows.

A domain is a list in prefix notation of leaves `(field, operator, value)` and `'&'`, `'|'`, `'!'`.
Its length is limited by `MAX_ITEMS`, its depth by `MAX_DEPTH`.
Source: versions.md §8; recorded in domains-*, partners-*, core-errors (17.0).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.orm.fields.kind import INEQUALITIES
from mockserver.orm.query import conditions
from mockserver.orm.query.conditions import ALWAYS, NEVER, Condition
from mockserver.orm.query.leaf import compile_leaf
from mockserver.orm.query.operators import Leaf, is_known, negation
from mockserver.profiles import DEFAULT, Rules, get

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.schema.model import Model

ARITY = {"&": 2, "|": 2, "!": 1}
TRUE_LEAF = (1, "=", 1)
_OF_SERVER = ("any!", "not any!")  # operators that clients may not use
_OF_VALUES = frozenset({"=", "!=", "in", "not in"})
FALSE_LEAF = (0, "=", 1)
# limits the steps of a path plus nested `any`; and the changes between `'&'` and `'|'` from the top to a leaf
MAX_DEPTH = 80
MAX_ITEMS = 10_000  # leaves and operators of a domain and of those inside it, about half a second of work
DEFAULT_RULES = get(DEFAULT).rules
Token = Any  # '&' | '|' | '!' | tuple


class Inner(list[Token]):
    """A normalised domain inside another one; its fields are checked together with those of the outer one.

    `size` is the number of items in it and in the domains inside it.
    """

    size = 0


def normalize(domain: Any, rules: Rules = DEFAULT_RULES, depth: int = 0) -> list[Token]:
    """Return the domain with every `'&'` written out, leaves as tuples and subdomains as `Inner`.

    `depth` is the nesting depth of the domain.  Raises the server's errors for a value that is no domain or has too
    few operands, ValueError for one that nests too deep or has too many items.
    """
    return domain if isinstance(domain, Inner) else _normalized(domain, rules, depth)[0]


def _normalized(domain: Any, rules: Rules, depth: int) -> tuple[list[Token], int]:
    """Return the normalised domain, and the number of items in it and in the domains inside it."""
    errors = rules.domain_errors
    if rules.domain_sets and isinstance(domain, bool):
        return [TRUE_LEAF if domain else FALSE_LEAF], 1
    if not isinstance(domain, (list, tuple)):
        raise errors.not_a_domain(domain=domain)
    if not domain:
        return [TRUE_LEAF], 1
    tokens, size = _items(domain, rules, depth)
    if size > MAX_ITEMS:
        # the real server reads some more, until its stack or that of the database is full
        raise ValueError(f"A domain of {size} items; this server reads {MAX_ITEMS} at most")
    return tokens, size


def _items(domain: Any, rules: Rules, depth: int) -> tuple[list[Token], int]:
    """Return the items of a domain with every `'&'` written out, and their number as above."""
    errors = rules.domain_errors
    tokens: list[Token] = []
    missing_ands = 0
    expected = 1
    size = len(domain)
    for token in domain:
        if expected == 0:  # one operand more than the operators so far take
            missing_ands += 1
            expected = 1
        if isinstance(token, (list, tuple)):
            expected -= 1
            token = tuple(token)
            if len(token) == 3 and token[1] in ("any", "not any") and rules.any:
                inner = _inner(token[2], rules, depth + 1)
                size += inner.size
                token = (token[0], token[1], inner)
        else:
            expected += ARITY.get(token, 0) - 1 if isinstance(token, str) else -1
        tokens.append(token)
    if expected:
        raise errors.unbalanced(domain=domain)
    _check_items(tokens, domain, rules)
    return ["&"] * missing_ands + tokens, size


def conjuncts(tokens: list[Token]) -> list[list[Token]]:
    """Return the operands of the `'&'`s with which a normalized domain begins, at any depth."""
    found: list[list[Token]] = []
    start = 0
    missing = 1  # operands that end the part which is being read
    for index, token in enumerate(tokens):
        if token == "&" and start == index:
            start += 1
            continue
        missing += ARITY[token] - 1 if _is_operator(token) else -1
        if not missing:
            found.append(tokens[start : index + 1])
            start, missing = index + 1, 1
    return found


def _inner(domain: Any, rules: Rules, depth: int) -> Inner:
    if depth > MAX_DEPTH:
        raise _too_deep()
    if isinstance(domain, Inner):
        return domain
    tokens, size = _normalized(domain, rules, depth)
    found = Inner(tokens)
    found.size = size
    return found


def _too_deep() -> ValueError:
    # the real server fails with a RecursionError or a limit of the database, at other depths
    return ValueError(f"The domain nests more than {MAX_DEPTH} levels deep, which is the most that this server reads")


def _check_items(tokens: list[Token], domain: Any, rules: Rules) -> None:
    """Raise the error for an item that is not a leaf; some generations raise it only when they unpack the leaf."""
    errors = rules.domain_errors
    for token, item in zip(tokens, domain, strict=True):
        if _is_operator(token):
            continue
        if not isinstance(token, (str, tuple)):
            raise errors.no_item(type=type(item).__name__, item=item)
        if errors.leaf_length is not None and (isinstance(token, str) or len(token) != 3):
            raise errors.leaf_length(leaf=token, item=item)
        if rules.domain_sets and token[1] in _OF_SERVER:
            raise errors.no_item(item=item)


def _is_operator(token: Token) -> bool:
    return isinstance(token, str) and token in ARITY


def provably_false(tokens: list[Token]) -> bool:
    """Return whether constant leaves and empty `in` lists make the domain false whatever the data.

    The real server answers such a domain before it checks any field.
    """
    truths: list[int] = []  # -1 false, 0 unknown, 1 true
    for token in reversed(tokens):
        if token == "&":
            truths.append(min(truths.pop(), truths.pop()))
        elif token == "|":
            truths.append(max(truths.pop(), truths.pop()))
        elif token == "!":
            truths.append(-truths.pop())
        elif token in (TRUE_LEAF, FALSE_LEAF):
            truths.append(1 if token == TRUE_LEAF else -1)
        elif token[1] == "in" and not token[2]:
            truths.append(-1)
        elif token[1] == "not in" and not token[2]:
            truths.append(1)
        else:
            truths.append(0)
    return truths.pop() < 0


def is_false(domain: Any, rules: Rules) -> bool:
    """Return whether the server answers the domain without a query, because it is provably false."""
    return not rules.domain_sets and provably_false(normalize(domain, rules))


def compile_domain(env: Environment, model: Model, domain: Any) -> Condition:
    """Return the condition of a domain on a model; it does not exclude archived records (see `search`)."""
    return compile_tokens(env, model, normalize(domain, env.db.profile.rules))


def compile_tokens(env: Environment, model: Model, tokens: list[Token], *, checked: bool = False) -> Condition:
    """Return the condition of a normalised domain; `checked`: its fields are known to exist."""
    if not checked:
        _check_all_fields(env, model, tokens, 0)
    built: list[Condition | _Group] = []
    for token, negated in reversed(_push_negation_down(tokens)):
        if _is_operator(token):
            built.append(_Group.of(token, built.pop(), built.pop()))
        elif token in (TRUE_LEAF, FALSE_LEAF):
            built.append(ALWAYS if (token == TRUE_LEAF) is not negated else NEVER)
        else:
            built.append(_leaf(env, model, token, negated))
    return _condition(built.pop())


class _Group(NamedTuple):
    """Operands of one operator, collected so that long flat domains do not nest; `depth` counts groups in it."""

    operator: str
    operands: deque[Condition]
    depth: int

    @classmethod
    def of(cls, operator: str, left: Condition | _Group, right: Condition | _Group) -> _Group:
        first, second = cls._alone(operator, left), cls._alone(operator, right)
        depth = max(first.depth, second.depth)
        if depth > MAX_DEPTH:
            raise _too_deep()
        # extend the longer one: copying at each operator would take quadratic time
        if len(first.operands) < len(second.operands):
            second.operands.extendleft(reversed(first.operands))
            return cls(operator, second.operands, depth)
        first.operands.extend(second.operands)
        return cls(operator, first.operands, depth)

    @classmethod
    def _alone(cls, operator: str, part: Condition | _Group) -> _Group:
        if isinstance(part, Condition):
            return cls(operator, deque((part,)), 0)
        return part if part.operator == operator else cls(operator, deque((_condition(part),)), part.depth + 1)


def _condition(part: Condition | _Group) -> Condition:
    if isinstance(part, Condition):
        return part
    return (conditions.all_of if part.operator == "&" else conditions.any_of)(part.operands)


def _push_negation_down(tokens: list[Token]) -> list[tuple[Token, bool]]:
    """Return the tokens without `'!'`, each with whether it is negated; `'&'` and `'|'` are already swapped."""
    out: list[tuple[Token, bool]] = []
    pending = [False]
    for token in tokens:
        negated = pending.pop()
        if token == "!":
            pending.append(not negated)
        elif _is_operator(token):
            pending += [negated, negated]
            out.append(({"&": "|", "|": "&"}[token] if negated else token, False))
        else:
            out.append((token, negated))
    return out


def _check_all_fields(env: Environment, model: Model, tokens: list[Token], depth: int) -> None:
    """Raise the error for a leaf whose field does not exist, nested ones included, before any leaf is compiled."""
    for token in tokens:
        if not _is_operator(token):
            _check_fields(env, model, token, depth)


def _check_fields(env: Environment, model: Model, token: Token, depth: int) -> None:
    if token in (TRUE_LEAF, FALSE_LEAF):
        return
    if depth > MAX_DEPTH:
        raise _too_deep()
    left, operator, right = token = tuple(token)
    if not isinstance(left, str):
        raise ValueError(f"Invalid leaf {token}")
    name, _, rest = left.partition(".")
    field = model.fields.get(name)
    if field is None:
        errors = env.db.profile.rules.domain_errors
        raise errors.unknown_field(model=model.name, field=name, leaf=token, table=model.table)
    comodel = env.db.registry.get(field.comodel) if field.relational else None
    if comodel is None:
        return
    if rest:
        _check_fields(env, comodel, (rest, operator, right), depth + 1)
    elif operator in ("any", "not any"):
        _check_all_fields(env, comodel, normalize(right, env.db.profile.rules), depth + 1)


def _leaf(env: Environment, model: Model, token: Token, negated: bool) -> Condition:
    left, operator, right = token
    rules = env.db.profile.rules
    operator, right = _canonical(operator, right, rules)
    name, _, rest = left.partition(".")
    if rest and model.fields[name].relational:
        if negated and not rules.path_negation:
            operator, negated = negation(operator, rules) or operator, negation(operator, rules) is None
        # a path is a condition on the records that its first field points to
        left, operator, right = name, "any", Inner([(rest, operator, right)])
    elif not is_known(operator, rules):
        raise rules.domain_errors.unknown_operator(leaf=token)
    elif model.fields[name].x2many and operator in INEQUALITIES:
        # Differs: some servers treat it as equality; here it is an error, since a set of records has no order
        raise rules.domain_errors.unknown_operator(leaf=token)
    if negated and (opposite := negation(operator, rules)) is not None:
        operator, negated = opposite, False
    return compile_leaf(Leaf(env, model, left, operator, right, negated))


_ALIASES = {"<>": "!=", "==": "="}


def _canonical(operator: Any, right: Any, rules: Rules) -> tuple[Any, Any]:
    """Return the operator and value that an alias stands for."""
    if "case" in rules.operator_aliases and isinstance(operator, str):
        operator = operator.lower()
    if isinstance(operator, str) and operator in rules.operator_aliases:
        operator = _ALIASES.get(operator, operator)
    if rules.domain_sets:
        if operator in _OF_VALUES:
            hash(right if not isinstance(right, (list, tuple)) else tuple(right))  # the server makes a set of them
        if operator in ("=", "!=") and isinstance(right, (list, tuple)):
            return ("in" if operator == "=" else "not in"), list(right) or [False]
        if operator in ("in", "not in") and not isinstance(right, (list, tuple, set)):
            return operator, [right] if right else []
        return operator, right
    if isinstance(right, bool) and operator in ("in", "not in"):
        operator = "=" if operator == "in" else "!="
    elif isinstance(right, (list, tuple)) and operator in ("=", "!="):
        operator = "in" if operator == "=" else "not in"
    return operator, right


def matching(env: Environment, model: Model, domain: Any) -> Callable[[int], bool]:
    """Return a predicate over ids, for checking a few records (`filtered_domain`)."""
    condition = compile_domain(env, model, domain)
    rows = env.db.store.rows(model.name)
    return lambda id_: id_ in rows and bool(condition.filter([rows[id_]]))
