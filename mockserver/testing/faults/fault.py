"""The base class of faults, and combinations of faults: in one call, or in turn.

A single fault defines what it does in place of the call (`strike`) and what the client receives (`wire`).
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
    """A fault, its parameters or its aim are invalid."""


class Fault:
    """A failure of a call; `+` combines two in one call."""

    @property
    def ends(self) -> bool:
        """Whether it answers the call, so that no other fault can follow."""
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
        """The fault or exception that the test passed."""
        return self

    @property
    def length(self) -> int | None:
        """The number of calls that it is for; None where it sets no limit."""
        return None

    def __add__(self, other: Spec) -> Together:
        return Together((self, as_fault(other)))

    def steps(self, hit: int) -> Sequence[Fault]:
        """Return the single faults for the `hit`-th call that is hit, counted from 0."""
        return (self,)

    def strike(self, over: threading.Event) -> None:
        """Act in place of the call, or before it: raise, or wait at most until `over` is set."""
        raise NoAnswer(self.wire(over), self)

    def wire(self, over: threading.Event) -> Wire:
        """Return what the client receives."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Return the expression that creates it, without defaults."""
        arguments = []
        for position, field in enumerate(fields(self)):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if field.default is MISSING:
                arguments.append(f"{value!r}")
            elif value != field.default:
                positional = not position and not isinstance(value, bool)
                arguments.append(f"{value!r}" if positional else f"{field.name}={value!r}")
        return f"{type(self).__name__}({', '.join(arguments)})"

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
    """The call raises the error, and the dialect answers with it as with any; nothing is performed."""

    error: Exception

    def strike(self, over: threading.Event) -> None:
        """Raise the error, without the traceback of an earlier time."""
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
                raise FaultError(f"{first} comes after the call, and {second} before it: swap them")

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
        """Return the single faults of all parts."""
        return [step for fault in self.faults for step in fault.steps(hit)]

    def __repr__(self) -> str:
        return " + ".join(map(repr, self.faults))


@dataclass(frozen=True, repr=False)
class InTurn(Fault):
    """One fault for each call that is hit; None is no fault."""

    faults: tuple[Fault | None, ...]

    def __post_init__(self) -> None:
        if not any(self.faults):
            raise FaultError("a list of faults has at least one that is not None")

    @property
    def after(self) -> bool:
        """Whether all come after the call, so that this may follow a fault that does."""
        return all(fault.after for fault in self.faults if fault is not None)

    @property
    def length(self) -> int:
        """The number of calls that it is for."""
        return len(self.faults)

    def steps(self, hit: int) -> Sequence[Fault]:
        """Return the single faults of the one whose turn it is; after the last the first follows."""
        fault = self.faults[hit % len(self.faults)]
        return fault.steps(hit // len(self.faults)) if fault else ()

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self.faults))}]"


def as_fault(given: Spec) -> Fault:
    """Return a fault: for an exception one that raises it, for a list one that applies them in turn."""
    if isinstance(given, Fault):
        return given
    if isinstance(given, Exception):
        return Raises(given)
    if isinstance(given, Sequence) and not isinstance(given, (str, bytes)):
        return InTurn(tuple(None if one is None else as_fault(one) for one in given))
    name = given.__name__ if isinstance(given, type) else ""
    hint = f"; write {name}(…)" if name and issubclass(given, (Fault, Exception)) else ""
    hint = f"; write HttpError({given})" if is_number(given) else hint
    raise FaultError(f"a fault, an exception or a list of them is wanted, not {given!r}{hint}")


def is_number(value: Any) -> TypeGuard[float]:
    """Return whether it is a finite number, and not a boolean."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def is_count(value: Any) -> TypeGuard[int]:
    """Return whether it is a whole number above 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
