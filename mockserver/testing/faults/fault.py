"""What a fault is, and how faults are put together: in one call, or in turn.

A single fault says what it does in the call's place (`strike`) and what the client meets on the wire (`wire`).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeAlias, TypeGuard

from mockserver.server.exchange import NoAnswer
from mockserver.testing.faults.wires import Wire

MAX_SECONDS = 24 * 3600


class FaultError(ValueError):
    """A fault, its parameters or its aim make no sense."""


class Fault:
    """Something that happens to a call; `+` puts two into one call."""

    @property
    def ends(self) -> bool:
        """Whether the call is answered with it, so that no other fault can follow."""
        return True

    @property
    def after(self) -> bool:
        """Whether the call is performed first."""
        return False

    @property
    def effect(self) -> str:
        """The outcome of the call, in a word or two."""
        return "answer lost" if self.after else "not performed"

    @property
    def given(self) -> Fault | Exception:
        """As the test wrote it."""
        return self

    @property
    def length(self) -> int | None:
        """How many calls it is for, where it says so itself."""
        return None

    def __add__(self, other: Spec) -> Together:
        return Together((self, as_fault(other)))

    def steps(self, hit: int) -> Sequence[Fault]:
        """Return the single faults that the call meets which is hit as the `hit`-th, counted from 0."""
        return (self,)

    def strike(self, over: threading.Event) -> None:
        """Act in place of the call, or before it: raise, or wait at most until `over` is set."""
        raise NoAnswer(self.wire(over), self)

    def wire(self, over: threading.Event) -> Wire:
        """Return what the client meets, on the wire."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Return the expression that makes it, without defaults."""
        shown = []
        for place, field in enumerate(fields(self)):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if field.default is MISSING:
                shown.append(f"{value!r}")
            elif value != field.default:
                by_place = not place and not isinstance(value, bool)
                shown.append(f"{value!r}" if by_place else f"{field.name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def _check(self, name: str, kind: str, possible: bool) -> None:
        if not possible:
            raise FaultError(f"{type(self).__name__}: {name} is {kind}, not {getattr(self, name)!r}")

    def _check_seconds(self) -> None:
        seconds = getattr(self, "seconds", None)
        possible = is_number(seconds) and 0 <= seconds <= MAX_SECONDS
        self._check("seconds", f"a number from 0 to {MAX_SECONDS}", possible)

    def _check_after(self) -> None:
        self._check("after", "True or False", isinstance(self.after, bool))


Spec: TypeAlias = "Fault | Exception | Sequence[Fault | Exception | None]"


@dataclass(frozen=True, repr=False)
class Raises(Fault):
    """The call raises the error, and the dialect tells it as it tells any; nothing is performed."""

    error: Exception

    def strike(self, over: threading.Event) -> None:
        """Raise it, without the traceback of the last time."""
        raise self.error.with_traceback(None)

    @property
    def given(self) -> Exception:
        """The exception."""
        return self.error

    def __repr__(self) -> str:
        return repr(self.error)


@dataclass(frozen=True, repr=False)
class Together(Fault):
    """Faults in one call, in this order."""

    faults: tuple[Fault, ...]

    def __post_init__(self) -> None:
        for first, second in zip(self.faults, self.faults[1:], strict=False):
            if first.ends:
                raise FaultError(f"{first} ends the call: {second} cannot follow it")
            if first.after and not second.after:
                raise FaultError(f"{first} comes after the call, and {second} before it: write them the other way")

    @property
    def ends(self) -> bool:
        """As the last one."""
        return self.faults[-1].ends

    @property
    def after(self) -> bool:
        """As the last one."""
        return self.faults[-1].after

    @property
    def length(self) -> int | None:
        """As long as the shortest one that has a length."""
        return min((fault.length for fault in self.faults if fault.length is not None), default=None)

    def steps(self, hit: int) -> Sequence[Fault]:
        """Return those of all."""
        return [step for fault in self.faults for step in fault.steps(hit)]

    def __repr__(self) -> str:
        return " + ".join(map(repr, self.faults))


@dataclass(frozen=True, repr=False)
class InTurn(Fault):
    """One fault for each call that is hit; None lets it through."""

    faults: tuple[Fault | None, ...]

    def __post_init__(self) -> None:
        if not any(self.faults):
            raise FaultError("a list of faults has at least one that is not None")

    @property
    def after(self) -> bool:
        """Whether all are, so that it fits behind one that is."""
        return all(fault.after for fault in self.faults if fault is not None)

    @property
    def length(self) -> int:
        """How many calls it is for."""
        return len(self.faults)

    def steps(self, hit: int) -> Sequence[Fault]:
        """Return those of one; after the last it is the first one's turn again."""
        fault = self.faults[hit % len(self.faults)]
        return fault.steps(hit // len(self.faults)) if fault else ()

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self.faults))}]"


def as_fault(given: Spec) -> Fault:
    """Return a fault; an exception is one that raises it, a list one that takes turns."""
    if isinstance(given, Fault):
        return given
    if isinstance(given, Exception):
        return Raises(given)
    if isinstance(given, Sequence) and not isinstance(given, (str, bytes)):
        return InTurn(tuple(None if one is None else as_fault(one) for one in given))
    name = given.__name__ if isinstance(given, type) else ""
    hint = f"; write {name}(…)" if name and issubclass(given, (Fault, Exception)) else ""
    raise FaultError(f"a fault, an exception or a list of them is wanted, not {given!r}{hint}")


def is_number(value: Any) -> TypeGuard[float]:
    """Return whether it is a finite number, and no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def is_count(value: Any) -> TypeGuard[int]:
    """Return whether it is a whole number above 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
