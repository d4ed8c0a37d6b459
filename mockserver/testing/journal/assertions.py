"""`assert_called`, `assert_not_called`, `assert_order`, and their error texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.services.named_arguments import public_methods
from mockserver.testing.journal import Calls, Journal
from mockserver.testing.journal.criteria import Criteria, near_names
from mockserver.testing.journal.wording import plural

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from mockserver.server.app import App
    from mockserver.testing.journal.entry import JournalEntry
    from mockserver.testing.journal.keywords import Keywords

LISTED = 5  # calls listed in an error text
NEAREST = 3  # calls listed with their differences

# (model, method), (model, method, {criteria}) or "model.method"
Step = str | tuple[str, str] | tuple[str, str, Mapping[str, Any]]


class Count(NamedTuple):
    """How often a call is to be made: `least` times and more, `most` times at most, if that is not None."""

    least: int
    most: int | None = None

    def __str__(self) -> str:
        if self.least == self.most:
            return _times(self.least)
        if self.most is None:
            return f"at least {_times(self.least)}"
        return f"{self.least} to {self.most} times" if self.least else f"at most {_times(self.most)}"

    def fits(self, number: int) -> bool:
        """Return whether so many calls are right."""
        return number >= self.least and (self.most is None or number <= self.most)


ONCE_OR_MORE = Count(1)


class Assertions:
    """Assertions about the calls that were made; a base class of the kit."""

    app: App
    calls: Journal

    def assert_called(
        self,
        model: str | None = None,
        method: str | None = None,
        *,
        count: int | None = None,
        **criteria: Unpack[Keywords],
    ) -> Calls:
        """Return the calls that match; raises AssertionError for none, or for another number than `count`.

        `model` is a model, or a service such as `common`.  Beside the names of the method's arguments (`vals`,
        `domain`, `fields`, …, each also with `__contains` for a part of it) there are `ids`, `user` (login, uid or
        user), `db`, `dialect`, `context`, `error` (False for none, or its class), `fault` (the same, or one) and `args`
        (`{name: value}`), for arguments of your own methods where a type checker reads the test.

            mockserver.assert_called("res.partner", "create", vals__contains={"name": "Azure"}, count=1)
        """
        __tracebackhide__ = True
        wanted = Criteria.of(model, method, criteria)
        return self.check_calls(wanted, ONCE_OR_MORE if count is None else Count(count, count))

    def assert_not_called(
        self, model: str | None = None, method: str | None = None, **criteria: Unpack[Keywords]
    ) -> None:
        """Raise AssertionError if such a call was made; the arguments are those of `assert_called`.

        An unknown name that resembles a known one fails too, since it could never be called; that of an argument does
        where the method was called.
        """
        __tracebackhide__ = True
        self.check_calls(Criteria.of(model, method, criteria), Count(0, 0))

    def check_calls(self, wanted: Criteria, count: Count) -> Calls:
        """Return the calls that match; raises AssertionError unless they are as many as that."""
        __tracebackhide__ = True
        found = self.calls.matching(wanted)
        decided = found.count >= count.least if count.most is None else found.count > count.most
        _check_kept(self.calls, found, wanted, decided)
        if not count.fits(found.count):
            if count.most == 0:
                raise AssertionError(_called(found, wanted))
            if found:
                raise AssertionError(_miscounted(self.calls, found, wanted, count))
            raise AssertionError(_not_found(self.app, self.calls, wanted, count))
        if count.most == 0 and (hints := _impossible(self.app, self.calls, wanted)):
            raise AssertionError("\n".join(hints))
        return found

    def assert_order(self, steps: Iterable[Step]) -> None:
        """Raise AssertionError unless calls were made in this order, with or without others between them.

        mockserver.assert_order(["res.partner.search", ("res.partner", "write", {"ids": [7]})])
        """
        __tracebackhide__ = True
        entries = self.calls[:]
        found: list[JournalEntry] = []
        position = 0
        wanted = [_step(step) for step in steps]
        for number, step in enumerate(wanted):
            index = next((i for i in range(position, len(entries)) if step.match(entries[i])), None)
            if index is None:
                raise AssertionError(_disordered(self.app, entries, wanted[: number + 1], found))
            found.append(entries[index])
            position = index + 1


def _step(step: Step) -> Criteria:
    if isinstance(step, str):
        model, _, method = step.rpartition(".")
        return Criteria.of(model, method, {})
    return Criteria.of(step[0], step[1], step[2] if len(step) > 2 else {})


def _check_kept(calls: Journal, found: Calls, wanted: Criteria, certain: bool) -> None:
    """Raise AssertionError where calls that are not kept could change the result."""
    __tracebackhide__ = True
    if certain:
        return
    if not calls.enabled:
        raise AssertionError(f"Whether {wanted} was called cannot be told: the journal is off.")
    if found.dropped:
        raise AssertionError(
            f"Whether {wanted} was called{_like_this(wanted)} cannot be told: "
            f"of {plural(found.dropped, 'earlier call')} nothing is kept, "
            f"there is room for {plural(calls.size, 'call')}.\n"
            "More of them: MockServer(journal=...), @pytest.mark.mockserver(journal=...)."
        )


# -- texts


def _called(found: Calls, wanted: Criteria) -> str:
    head = f"{wanted} was called{_on(found, wanted)}{_like_this(wanted)}, and should not be."
    return _text(head, _criteria_lines(wanted), _listing(found))


def _miscounted(calls: Calls, found: Calls, wanted: Criteria, count: Count) -> str:
    head = f"{wanted} was called{_on(found, wanted)}{_like_this(wanted)} {_times(found.count)}, not {count}."
    others = [e for e in calls if wanted.concerns_entry(e) and e not in found] if found.count < count.least else []
    nearest = ["Nearest of the others:", *_nearest(others, wanted)] if others else []
    return _text(head, _criteria_lines(wanted), _listing(found), nearest)


def _not_found(app: App, calls: Journal, wanted: Criteria, count: Count) -> str:
    same = [entry for entry in calls if wanted.concerns_entry(entry)]
    times = "" if count == ONCE_OR_MORE else f", and {count} was expected"
    what = str(wanted) if wanted.model or wanted.method else "nothing"
    was_not = "was not" if wanted.model or wanted.method else "was"
    if same:
        head = f"{what} {was_not} called like this{times}."
        of = f"Nearest of {plural(len(same), 'call')}:"
        return _text(head, _criteria_lines(wanted), [of, *_nearest(same, wanted)])
    return _text(f"{what} {was_not} called{times}.", _spelling(app, calls, wanted, 0.6), _instead(calls, wanted))


def _instead(calls: Journal, wanted: Criteria) -> list[str]:
    """Return the lines on calls made instead: of the model, else of the method, else any."""
    if not calls:
        refused = calls.refused
        if not refused:
            return ["There were no calls."]
        return [f"There were no calls, but {plural(len(refused), 'request')} that were not calls:", *_lines(refused)]
    for title, found in (
        (f"Calls of {wanted.model}:", calls.of(wanted.model)),
        (f"Calls of {wanted.method}:", calls.of(None, wanted.method)),
        ("Calls:", calls[:]),
    ):
        if found:
            return [title, *_lines(found)]
    return []


def _disordered(app: App, calls: Calls, wanted: Sequence[Criteria], found: Sequence[JournalEntry]) -> str:
    lines = [f"    {entry!r}" for entry in found]
    missing = wanted[-1]
    earlier = [entry for entry in calls if missing.match(entry)]
    after = f" after call {found[-1].number}" if found else ""
    head = f"Step {len(wanted)}, {missing}, did not come{after}."
    texts = _criteria_lines(missing)
    if found:
        texts += ["In order until then:", *lines]
    if earlier:
        return _text(head, texts, ["It came before:", *_lines(earlier)])
    same = [entry for entry in calls if missing.concerns_entry(entry)]
    if same:
        return _text(head, texts, ["It never came like this; nearest:", *_nearest(same, missing)])
    return _text(head, _spelling(app, calls, missing, 0.6), texts, ["It never came. Calls:", *_lines(calls)])


def _text(head: str, *parts: Sequence[str]) -> str:
    return "\n".join([head, *(line for part in parts for line in part)])


def _on(found: Calls, wanted: Criteria) -> str:
    """Return the models of the calls, where the criteria name none."""
    models = dict.fromkeys(str(entry.model or entry.service) for entry in found)
    return f" on {', '.join(models)}" if wanted.model is None else ""


def _like_this(wanted: Criteria) -> str:
    return " like this" if wanted.more else ""


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _criteria_lines(wanted: Criteria) -> list[str]:
    return [f"    {criterion}" for criterion in wanted.more]


def _listing(found: Calls) -> list[str]:
    return ["Calls:", *_lines(found)] if found else []


def _lines(found: Sequence[JournalEntry] | Calls) -> list[str]:
    """Return the last calls, one a line."""
    lines = [f"    {entry!r}" for entry in found[-LISTED:]]
    more = len(found) - len(lines)
    return [f"    ... {plural(more, 'earlier one')}", *lines] if more else lines


def _nearest(entries: Sequence[JournalEntry], wanted: Criteria) -> list[str]:
    """Return the calls that differ least, the latest first among equals, each with its differences."""
    candidates = [(wanted.differences(entry), entry) for entry in reversed(entries)]
    lines = []
    for differences, entry in sorted(candidates, key=lambda pair: len(pair[0]))[:NEAREST]:
        lines.append(f"    {entry!r}")
        lines += [f"        {line}" for line in differences]
    return lines


def _impossible(app: App, calls: Calls, wanted: Criteria) -> list[str]:
    """Return lines on the names for which no call can match, of the model, the method or its arguments."""
    made = calls.of(wanted.model, wanted.method) if wanted.model and wanted.method else None
    if made:
        hints, how = wanted.misspelt(made[-1]), " like this"
    else:
        hints, how = _spelling(app, calls, wanted, 0.8), ""
    return [f"{wanted} cannot be called{how}.", *hints] if hints else []


def _spelling(app: App, calls: Calls, wanted: Criteria, cutoff: float) -> list[str]:
    """Return the line with the nearest known names for an unknown model or method."""
    model, method = wanted.model, wanted.method
    databases = list(app.databases.values())
    if calls.of(model, method) if method else calls.of(model):
        return []
    models = {name for database in databases for name in database.registry}
    if model is not None and model not in models:
        return _meant("model", model, models, cutoff) if "." in model else []
    methods = {name for database in databases for name in public_methods(model or "", database)}
    return [] if method is None or method in methods else _meant("method", method, methods, cutoff)


def _meant(noun: str, name: str, known: Iterable[str], cutoff: float) -> list[str]:
    near = near_names(name, sorted(known), cutoff)
    return [f"There is no {noun} {name!r}; did you mean {' or '.join(map(repr, near[:2]))}?"] if near else []
