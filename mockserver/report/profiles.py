"""The profiles and their differences as text: for the command line, and `docs/profiles.md`.

The source is what the server itself uses: the tables in `profiles/` and the model classes.
"""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mockserver import addons
from mockserver.orm.schema.api import Method
from mockserver.profiles import DEFAULT, FIRST, PROFILES, Profile, offered
from mockserver.profiles.closeness import AS_OF, FIGURES, FLOWS, Figures
from mockserver.profiles.deprecations import DEPRECATIONS, between
from mockserver.profiles.rules import RULES, SECTIONS, Rule

__all__ = ["difference", "listing", "markdown"]

WIDTH = 100  # columns of a terminal
_NOT_COMPARED = frozenset({"name", "generation", "known_from"})  # fields of a profile that clients cannot observe


# -- the list


def listing() -> str:
    """Return a table with a line for each profile: name, product, version, generation, and which is the default."""
    rows = [_row(profile) for profile in PROFILES.values()]
    heads = _COLUMNS
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (heads, *rows)
    )


_COLUMNS = ("profile", "product", "version", "rules of", "known from")


def _row(profile: Profile) -> tuple[str, ...]:
    default = " (the default)" if profile.name == DEFAULT else ""
    product = "CloudOffix" if profile.product == "cloudoffix" else profile.product.capitalize()
    return (
        profile.name, product, profile.server_version, f"Odoo {profile.generation}.0", profile.known_from + default,
    )  # fmt: skip


# -- the difference of two


def difference(one: Profile, other: Profile) -> str:
    """Return what a client sees differently on the other server, in sections, at most `WIDTH` columns wide."""
    sections = {
        "The server": _own_differences(one, other),
        **{section.title: _rule_differences(section.entries, one, other) for section in SECTIONS},
        "Methods": _method_differences(one, other),
        "Calls to replace": _replacements(one, other),
    }
    parts = [f"{one.name} → {other.name}"]
    for title, items in sections.items():
        if items:
            parts.append("\n".join(["", title, *items]))
    return "\n".join(parts) if len(parts) > 1 else f"{parts[0]}: nothing changes for a client"


def _own_differences(one: Profile, other: Profile) -> list[str]:
    names = [field.name for field in dataclasses.fields(Profile) if field.name not in _NOT_COMPARED]
    lines = [
        _entry(name.replace("_", " "), *_from_to("", before, after))
        for name in names
        for before, after in [(getattr(one, name), getattr(other, name))]
        if before != after
    ]
    before, after = one.session_info_keys(), other.session_info_keys()
    gone, new = [key for key in before if key not in after], [key for key in after if key not in before]
    if gone or new:
        texts = [f"{sign} {', '.join(names)}" for sign, names in (("-", gone), ("+", new)) if names]
        lines.append(_entry("keys of the session information", *texts))
    return lines


def _from_to(label: str, before: Any, after: Any) -> list[str]:
    """`label`, the value before and the value after: on one line, or on two where they are long."""
    old, new = _shown(before), _shown(after)
    if len(label) + len(old) + len(new) < WIDTH - 10:
        return [f"{label}{old} → {new}"]
    return [f"{label}{old}", f"→ {new}"]


def _rule_differences(rules: Iterable[Rule], one: Profile, other: Profile) -> list[str]:
    lines = []
    for rule in rules:
        before, after = rule.at(one.generation, one.name), rule.at(other.generation, other.name)
        if before != after:
            changes = [line for head, old, new in _changes(before, after) for line in _from_to(head, old, new)]
            lines.append(_entry(f"{rule.title} [{rule.source}]", *changes))
    return lines


def _changes(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """`(label, from, to)` of a value, or of each part that differs where a value has parts."""
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        yield "", before, after
        return
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield f"{name.replace('_', ' ')}: ", old.get(name), new.get(name)


def _parts(value: Any) -> dict[str, Any] | None:
    """Return the parts of a value by name, such as the texts of a dataclass; None for a single value."""
    if dataclasses.is_dataclass(value) and not hasattr(value, "text"):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return dict(value) if isinstance(value, Mapping) else None


def _shown(value: Any) -> str:
    """Return a value as text."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, (list, tuple, frozenset)):
        texts = all(isinstance(item, str) for item in value)
        return (", ".join(value) or "none") if texts else str(list(value))
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(item)}" for key, item in value.items())
    if hasattr(value, "text") and hasattr(value, "error"):
        return f"{value.error.__name__} {value.text!r}"
    return str(value)


def _entry(head: str, *lines: str) -> str:
    """Return a heading and the lines below it, wrapped and indented."""
    wrapped = [textwrap.fill(head, WIDTH, initial_indent="  ", subsequent_indent="    ")]
    wrapped += [textwrap.fill(line, WIDTH, initial_indent="      ", subsequent_indent="        ") for line in lines]
    return "\n".join(wrapped)


class _Offer(NamedTuple):
    """A method as one generation has it: its parameters, and whether clients may not call it."""

    signature: str
    refused: bool


def _methods(generation: int) -> dict[str, _Offer]:
    """Return the methods of a generation by name, such as `read` or `res.users.has_group`; no private ones."""
    found = {}
    for owner, method in addons.methods():
        if not method.private and offered(generation, method.since, method.until):
            refused = method.private_since is not None and generation >= method.private_since
            written = method.name if owner is None else f"{owner}.{method.name}"
            found[written] = _Offer(signature(method), refused)
    return found


def signature(method: Method) -> str:
    """Return such as `(ids, vals)`: the parameters of a call."""
    parameters = list(inspect.signature(method.function, follow_wrapped=True).parameters.values())[1:]
    if parameters and parameters[0].name == "parent":
        parameters = parameters[1:]
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    text = str(inspect.Signature(bare))
    return text.replace("(", "(ids, ", 1).replace("(ids, )", "(ids)") if method.takes_ids else text


def _method_differences(one: Profile, other: Profile) -> list[str]:
    before, after = _methods(one.generation), _methods(other.generation)
    lines = []
    for name in sorted(before.keys() | after.keys(), key=lambda name: ("." in name, name)):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if old is None and new is not None:
            lines.append(_entry(f"+ {name}{new.signature}"))
        elif new is None and old is not None:
            lines.append(_entry(f"- {name}{old.signature}"))
        elif old is not None and new is not None and old.refused != new.refused:
            lines.append(_entry(f"{'-' if new.refused else '+'} {name}{new.signature}{' is refused' * new.refused}"))
        elif old is not None and new is not None:
            lines.append(_entry(f"~ {name}", f"{old.signature} → {new.signature}"))
    return lines


def _replacements(one: Profile, other: Profile) -> list[str]:
    return [
        _entry(f"{entry.call}: {entry.when}", f"use {entry.replacement}")
        for entry in between(one.generation, other.generation)
    ]


# -- docs/profiles.md

_INTRODUCTION = """\
# Profiles

A profile names the server to imitate: a product in a version.  `mockserver serve --profile odoo-13.0`, the marker
`@pytest.mark.mockserver(profile="odoo-13.0")`, `MockServer(profile="odoo-13.0")`.  `make docs` writes this page from
the tables that the server uses; `mockserver profiles diff odoo-13.0 odoo-18.0` prints the part between two profiles.

"""
_CLOSE = f"""
## How close

`make conformance` replays recordings of real servers; a step passes if its answer is the same in every value, error
texts included.  Business flows are recordings of invoices, orders, tasks and the like, with the pack `business`.  The
figures are of {AS_OF}.

"""
_RULES = """
## What differs

Each line gives the value from a version of Odoo on; Flectra and CloudOffix follow the version named above, but for
the values that they have of their own.  The
source is a recording of a real server, Odoo's own source, or one of the documents in [sources](sources/README.md).
"""
_METHODS = """
## Methods that come, go or change

`–` in the second column: still there in the last version.  A method that is not listed is the same in all.
"""
_CALLS = """
## Calls that a later version changes

`deprecated="warn"` or `"error"` finds them in your tests:
[before an upgrade](against-a-live-server.md#before-an-upgrade).
"""


def markdown() -> str:
    """Return the whole of `docs/profiles.md`."""
    parts = [_INTRODUCTION, _table(_COLUMNS, (_row(p) for p in PROFILES.values()))]
    heads = ("profile", "recordings", "steps", "as recorded", "business flows", "what is inferred")
    parts += [_CLOSE, _table(heads, map(_closeness, PROFILES.values())), _RULES]
    for section in SECTIONS:
        rows = ((rule.title, _history(rule), rule.source) for rule in section.entries)
        parts.append(f"\n### {section.title}\n\n{_table(('what a client sees', 'from version on', 'source'), rows)}")
    parts += [_METHODS, "\n", _table(("from", "to", "method"), _method_rows())]
    calls = ((entry.call, entry.when, entry.replacement, entry.source) for entry in DEPRECATIONS)
    parts += [_CALLS, "\n", _table(("call", "when", "use", "source"), calls)]
    return "".join(parts)


def _closeness(profile: Profile) -> tuple[str, ...]:
    """Return the row of a profile: its figures, or what is inferred where nothing was recorded."""
    found = FIGURES.get(profile.name)
    if found is not None:
        flows = FLOWS.get(profile.name)
        told = f"{_share(flows)} of {flows.steps} steps" if flows else "–"
        return profile.name, str(found.recordings), str(found.steps), _share(found), told, ""
    of_it = [rule for rule in RULES if profile.generation in rule.values and profile.generation != FIRST]
    number = sum("Inferred:" in rule.source for rule in of_it)
    told = f"all that is new in it: {number} rules, the methods and the fields ([sources](sources/README.md))"
    return profile.name, "none", "–", "–", "–", told if number else f"what {profile.known_from} does not say"


def _share(found: Figures) -> str:
    share = math.floor(1000 * found.passed / found.steps) / 10  # 100.0 only if every step passes
    return f"{found.passed} ({share} %)"


def _history(rule: Rule) -> str:
    """Return the value of the first version, what each later change changes, and the values of single profiles."""
    starts = list(rule.values)
    texts = [f"**{starts[0]}** {_brief(rule.values[starts[0]])}"]
    for earlier, start in itertools.pairwise(starts):
        changes = _changes(rule.values[earlier], rule.values[start])
        texts.append(f"**{start}** " + "; ".join(f"{head}{_brief(new)}" for head, _, new in changes))
    texts += [f"**{profile}** {_brief(value)}" for profile, value in rule.own.items()]
    return " · ".join(texts)


def _brief(value: Any) -> str:
    parts = _parts(value)
    return _shown(value) if parts is None else "; ".join(f"{key}: {_shown(item)}" for key, item in parts.items())


def _method_rows() -> Iterator[tuple[str, str, str]]:
    """`(from, to, method)` of each method that some version lacks, or has with other parameters."""
    for owner, method in sorted(addons.methods(), key=lambda item: (item[0] or "", item[1].name, item[1].since)):
        last = _last(method)
        if method.private or (method.since == FIRST and last is None):
            continue
        written = method.name if owner is None else f"{owner}.{method.name}"
        yield f"{method.since}.0", "–" if last is None else f"{last}.0", f"`{written}{signature(method)}`"


def _last(method: Method) -> int | None:
    """Return the last generation in which a client may call the method; None for a method that still exists."""
    ends = [method.until, None if method.private_since is None else method.private_since - 1]
    return min((end for end in ends if end is not None), default=None)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [tuple(heads)]
    lines.append(tuple("---" for _ in lines[0]))
    lines += [tuple(_cell(text) for text in row) for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """Text for one line of a table, with what Markdown would read as markup escaped."""
    plain = " ".join(text.split())
    if plain.startswith("`"):
        return plain.replace("|", "\\|")
    return plain.replace("|", "\\|").replace("<", "&lt;").replace("__", "\\_\\_")


if __name__ == "__main__":
    print(markdown(), end="")
