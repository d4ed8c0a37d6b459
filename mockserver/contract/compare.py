"""Find where two outcomes differ, field by field, without the differences that are ignored."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.contract.normal import NO_RESULT
from mockserver.contract.paths import ABSENT
from mockserver.contract.steps import Outcome

Path = tuple[str, ...]

# an outcome has one of these keys; outcomes of two kinds differ as a whole
KINDS = ("result", "error", "fault", "unbound", "failed")


def _matching(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


# texts in `expect` that match any value of a kind, for values that change with every run
WILDCARDS: Mapping[str, Callable[[Any], bool]] = {
    "<any>": lambda value: True,
    "<list>": lambda value: isinstance(value, list),
    "<date>": _matching(r"\d{4}-\d\d-\d\d"),
    "<datetime>": _matching(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?"),
    "<token>": lambda value: isinstance(value, str) and len(value) >= 8,
}


@dataclass(frozen=True)
class Difference:
    """One value that differs, at a `path` such as `result.0.name`; `<absent>` stands for a missing value."""

    path: str
    expected: Any
    got: Any


def differences(
    expected: Outcome, got: Outcome, ignore: Iterable[str] = (), at_least: bool = False
) -> list[Difference]:
    """Return where the outcomes differ as JSON values; 1, 1.0 and true are three different values.

    Where the recorded server passed on an error of its database driver, any error matches.
    `ignore`: names of fields, or paths from the root in which `*` matches any part.
    `at_least`: keys and items that only `got` has are not differences.
    """
    if _driver_error(expected) and ("fault" if "fault" in expected else "error") in got:
        return []
    kind, other = _kind(expected), _kind(got)
    if kind != other:
        found: Iterable[tuple[Path, Any, Any]] = [((kind or other,), expected, got)]
    else:
        found = _walk((), expected, got, at_least)
    skipped = [tuple(pattern.split(".")) for pattern in ignore]
    return [
        Difference(".".join(path), *pair) for path, *pair in found if not any(_is_ignored(p, path) for p in skipped)
    ]


def across_protocols(outcome: Outcome) -> Outcome:
    """Return the part of an outcome that is the same over every protocol: the result, or the text of the error."""
    if "fault" in outcome:
        fault = outcome["fault"]
        # a traceback's last line begins with the class
        return {"error": {"text": re.sub(r"^[\w.]+: ", "", fault["text"]) if fault["code"] == 1 else fault["text"]}}
    if "error" in outcome:
        return {"error": {"text": outcome["error"]["text"]}}
    return {"result": None} if outcome.get("result") == NO_RESULT else outcome


def _kind(outcome: Outcome) -> str:
    return next((kind for kind in KINDS if kind in outcome), "")


def _driver_error(expected: Outcome) -> bool:
    error, fault = expected.get("error"), expected.get("fault")
    if isinstance(error, dict):
        return str(error.get("name", "")).startswith("psycopg2.")
    return isinstance(fault, dict) and "psycopg2" in str(fault.get("text", ""))


def _is_ignored(pattern: Path, path: Path) -> bool:
    if len(pattern) == 1:
        return pattern[0] in path
    return len(pattern) <= len(path) and all(p in ("*", part) for p, part in zip(pattern, path, strict=False))


def _walk(path: Path, expected: Any, got: Any, at_least: bool) -> Iterator[tuple[Path, Any, Any]]:
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in (*expected, *(key for key in got if key not in expected and not at_least)):
            yield from _walk((*path, key), expected.get(key, ABSENT), got.get(key, ABSENT), at_least)
    elif isinstance(expected, list) and isinstance(got, list) and _comparable(expected, got):
        yield from _items(path, expected, got, at_least)
    elif not _is_equal(expected, got):
        yield path, expected, got


def _comparable(expected: list[Any], got: list[Any]) -> bool:
    """Return whether to compare item by item; lists of plain values such as ids are compared as a whole."""
    return any(isinstance(item, dict) for item in (*expected, *got))


def _items(path: Path, expected: list[Any], got: list[Any], at_least: bool) -> Iterator[tuple[Path, Any, Any]]:
    """Compare the items in pairs; where one list is longer, added and missing items are reported as such."""
    if len(expected) == len(got):
        spans: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(expected), 0, len(got))]
    else:
        texts = [_text(item) for item in expected], [_text(item) for item in got]
        spans = difflib.SequenceMatcher(None, *texts, autojunk=False).get_opcodes()
    for kind, i, i_end, j, j_end in spans:
        if kind == "equal":
            continue
        for offset in range(max(i_end - i, j_end - j)):
            one = expected[i + offset] if i + offset < i_end else ABSENT
            other = got[j + offset] if j + offset < j_end else ABSENT
            number = i + offset if i + offset < i_end else j + offset
            if at_least and one is ABSENT:
                continue
            yield from _walk((*path, str(number)), one, other, at_least)


def _is_equal(expected: Any, got: Any) -> bool:
    if isinstance(expected, str) and expected in WILDCARDS and WILDCARDS[expected](got):
        return True
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(_is_equal, expected, got))
    return _text(expected) == _text(got)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
