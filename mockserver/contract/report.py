"""Reports on replayed contracts: text, JSON, and JUnit XML for CI."""

from __future__ import annotations

import json
import re
import textwrap
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from mockserver.contract.compare import Difference
from mockserver.contract.live.errors import visible
from mockserver.contract.paths import ABSENT
from mockserver.contract.steps import Call, Http, Json2, Service, Step, Web
from mockserver.contract.verify import Report, Verdict

# (text, style) → styled text; styles: `good`, `bad`, `head`, `dim`, and `old` and `new` for the differing parts
Paint = Callable[[str, str], str]

WIDTH = 120
LABELS = ("expected", "got")
CONTEXT_CHARS = 24  # characters shown before the first difference
MAX_SHOWN = 6  # differences shown of one step
# characters that XML does not allow
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(text: str, _look: str) -> str:
    """Return the text without styling."""
    return text


# -- text


def lines(report: Report, show: int = 10, width: int = WIDTH, paint: Paint = plain) -> Iterator[str]:
    """Yield one line on the contract, then its first differences; `show` is the number of steps shown, 0 for none."""
    yield headline(report, paint)
    failures = report.failures
    for verdict in failures[:show]:
        yield ""
        yield from describe(verdict, width, paint)
    if show and failures:
        yield ""
    if show and len(failures) > show:
        yield paint(f"  … and {_count(len(failures) - show, 'more step')} (--show {len(failures)})", "dim")
        for text, steps in report.reasons()[:MAX_SHOWN]:
            yield paint(_cut(f"    {_count(steps, 'step')}: {visible(text)}", width), "dim")
        yield ""
    for model, steps in report.missing_models().items() if show else ():
        yield paint(f"  the server has no model '{visible(model)}': {_count(steps, 'step')}", "head")
        yield ""


def headline(report: Report, paint: Paint = plain) -> str:
    """Return a line such as `ok       core-crud.json on odoo-17.0: 106 of 106 steps, 0.4 s`."""
    total, passed = len(report.verdicts), report.passed
    mark = paint("differs", "bad") if report.failed else paint("ok     ", "good")
    unscored = f", {report.unscored} not compared" if report.unscored else ""
    where = paint(f"on {report.against}:", "dim")
    spent = paint(f"{unscored}, {report.seconds:.1f} s", "dim")
    return f"{mark}  {report.contract.source} {where} {passed} of {_count(total, 'step')}{spent}"


def consumers(reports: Sequence[Report], paint: Paint = plain) -> Iterator[str]:
    """Yield a line such as `your integration against odoo-18.0: 3 of 41 calls differ` for each consumer contract."""
    own = [report for report in reports if report.contract.consumer]
    for report in own:
        which = consumer_name(report.contract.consumer, len(own))
        yield f"{which} against {report.against}: {differing_calls(report.failed, len(report.verdicts), paint)}"


def consumer_name(consumer: str, among: int = 1) -> str:
    """Return the words for a consumer in a summary, with its name where there are several."""
    return f"your integration {consumer!r}" if among > 1 else "your integration"


def differing_calls(number: int, total: int, paint: Paint = plain) -> str:
    """Return `3 of 41 calls differ`, `1 of 41 calls differs`, `41 calls, nothing differs`."""
    if not number:
        return paint(f"{_count(total, 'call')}, nothing differs", "good")
    return paint(f"{number} of {_count(total, 'call')} differ{'s' if number == 1 else ''}", "bad")


def summary(reports: Sequence[Report], paint: Paint = plain) -> str:
    """Return a line such as `106 passed, 0 failed`."""
    failed = sum(report.failed for report in reports)
    passed = f"{sum(report.passed for report in reports)} passed"
    return f"{passed}, {paint(f'{failed} failed', 'bad')}" if failed else f"{paint(passed, 'good')}, 0 failed"


def describe(
    verdict: Verdict, width: int = WIDTH, paint: Paint = plain, labels: tuple[str, str] = LABELS
) -> Iterator[str]:
    """Yield the lines on a step that differs: the request, then each differing value as expected and as received."""
    step = verdict.step
    yield f"  {paint(f'step {step.number}', 'head')}  {step.protocol} {paint(visible(str(step.request)), 'head')}"
    sent = visible(arguments(step))
    if sent:
        yield paint(f"    {_cut(sent, width - 4)}", "dim")
    for note in textwrap.wrap(visible(step.about), width - 4):
        yield paint(f"    {note}", "dim")
    for difference in verdict.differences[:MAX_SHOWN]:
        yield from _difference_lines(difference, width, paint, labels)
    if len(verdict.differences) > MAX_SHOWN:
        yield paint(f"    … and {_count(len(verdict.differences) - MAX_SHOWN, 'more place')}", "dim")


def arguments(step: Step) -> str:
    """Return what the step sends as it stands in the contract, with labels for ids and placeholders for secrets."""
    request = step.request
    if isinstance(request, Call):
        given = ", ".join(map(_text, request.args))
        named = ", ".join(f"{name}={_text(value)}" for name, value in request.kwargs.items())
        return f"({', '.join(filter(None, (given, named)))})"
    if isinstance(request, Service):
        return f"({', '.join(map(_text, request.args))})"
    if isinstance(request, Json2):
        return "" if request.body is None else _text(request.body)
    if isinstance(request, Web):
        return _text(request.params)
    body = request.json if request.has_json else request.form or request.multipart
    return (request.body or "") if body is None else _text(body)


def _difference_lines(difference: Difference, width: int, paint: Paint, labels: tuple[str, str]) -> Iterator[str]:
    yield f"    {visible(difference.path)}"
    one, other = visible(readable(difference.expected)), visible(readable(difference.got))
    room = max(20, width - 6 - len(max(labels, key=len)) - 2)
    looks = ("old", "new")
    for label, look, (before, middle, after) in zip(labels, looks, _windows(one, other, room), strict=True):
        yield f"      {label:<8}  {before}{paint(middle, look) if middle else ''}{after}"


def readable(value: Any) -> str:
    """Return a value as JSON, and a whole outcome in words."""
    if value == ABSENT:
        return "(not there)"
    kind = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else ""
    inner = value[kind] if kind else None
    if kind == "unbound":
        return f"not sent: the step that makes {inner} did not succeed"
    if kind == "failed":
        return str(inner)
    if kind == "result":
        return f"the result {_text(inner)}"
    if isinstance(value, dict) and isinstance(value.get("error"), dict) and "text" in value["error"]:
        return f"the error {value['error'].get('name') or ''}: {value['error']['text']}".replace(" :", ":")
    if kind == "fault" and isinstance(inner, dict):
        return f"the fault {inner.get('code')}: {inner.get('text')}"
    return _text(value)


def _windows(one: str, other: str, room: int) -> Iterator[tuple[str, str, str]]:
    """Yield both texts in three parts — equal, different, equal — cut to `room` around the difference."""
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    shorter = min(len(one), len(other)) - start
    end = next((i for i in range(shorter) if one[-1 - i] != other[-1 - i]), shorter)
    head = one[:start]
    if max(len(one), len(other)) > room and start > CONTEXT_CHARS:
        head = f"…{one[start - CONTEXT_CHARS : start]}"
    for text in (one, other):
        middle, tail = text[start : len(text) - end], text[len(text) - end :]
        left = room - len(head)
        yield head, _cut(middle, left), _cut(tail, left - len(middle)) if len(middle) < left else ""


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(0, width - 1)]}…"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# -- JSON


def as_json(reports: Iterable[Report]) -> dict[str, Any]:
    """Return `{"passed", "failed", "contracts": [{"file", …, "differences": [{"step", "places": […], …}]}]}`."""
    contracts = [_contract(report) for report in reports]
    counts = {key: sum(item[key] for item in contracts) for key in ("passed", "failed")}
    return {**counts, "contracts": contracts}


def _contract(report: Report) -> dict[str, Any]:
    return {
        "file": report.contract.source,
        "name": report.contract.name,
        "against": report.against,
        "passed": report.passed,
        "failed": report.failed,
        "not_compared": report.unscored,
        "seconds": round(report.seconds, 3),
        "missing_models": report.missing_models(),
        "differences": [_failure(verdict) for verdict in report.failures],
    }


def _failure(verdict: Verdict) -> dict[str, Any]:
    step = verdict.step
    kinds: dict[type, str] = {Call: "call", Json2: "json2", Service: "service", Web: "web", Http: "http"}
    kind = kinds[type(step.request)]
    return {
        "step": step.number,
        "via": step.protocol,
        kind: step.data.get(kind),
        "places": [{"path": d.path, "expected": d.expected, "got": d.got} for d in verdict.differences],
        "expect": step.expect,
        "got": verdict.got,
    }


# -- JUnit


def as_junit(reports: Iterable[Report]) -> str:
    """Return JUnit XML: a suite for each contract, a case for each step."""
    root = ElementTree.Element("testsuites", name="mockserver verify")
    for report in reports:
        name = _printable(report.contract.source)
        suite = ElementTree.SubElement(root, "testsuite", name=name, time=f"{report.seconds:.3f}")
        counts = {"tests": len(report.verdicts), "failures": report.failed, "errors": 0, "skipped": 0}
        suite.attrib.update({key: str(value) for key, value in counts.items()})
        for verdict in report.verdicts:
            title = _printable(f"step {verdict.step.number}: {verdict.step}")
            case = ElementTree.SubElement(suite, "testcase", classname=name, name=title)
            if verdict.differences:
                first = verdict.differences[0].path
                failure = ElementTree.SubElement(case, "failure", message=_printable(f"{first} differs"))
                failure.text = _printable("\n".join(describe_plainly(verdict)))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def describe_plainly(verdict: Verdict) -> list[str]:
    """Return the lines of `describe`, wide and without styling."""
    return list(describe(verdict, width=600))


def _printable(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)
