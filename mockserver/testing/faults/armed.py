"""`Faults`: the faults of one server, each with its aim and its counts."""

from __future__ import annotations

import contextlib
import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from mockserver.dialects import Request
from mockserver.errors import SessionExpired
from mockserver.server.app import App
from mockserver.server.exchange import WIRE
from mockserver.server.listeners import Stop
from mockserver.services.call import Call
from mockserver.testing.faults import forms as fault_forms
from mockserver.testing.faults.aim import Aim, Target, check_names, tally
from mockserver.testing.faults.fault import Fault, Raises, Spec, as_fault
from mockserver.testing.faults.wires import Wire, chain
from mockserver.testing.part import Part


class Armed:
    """A fault with its aim: `calls` is the number of calls that matched, `hits` the number that it hit."""

    def __init__(self, faults: Faults, number: int, fault: Fault, aim: Aim, required: bool) -> None:
        self.number = number
        self.fault = fault
        self.aim = aim
        self.required = required
        self.calls = 0
        self.hits = 0
        self._faults = faults
        self._dice = random.Random(aim.seed)
        self._times = aim.times or fault.length
        # the calls that did not match, to list the nearest ones
        self._others: Counter[Target] = Counter()

    def __repr__(self) -> str:
        return f"<{self}: {self.hits} of {self.calls} calls>"

    def __str__(self) -> str:
        return f"{self.fault} at {self.aim}"

    def remove(self) -> None:
        """Remove the fault: it hits no more calls, and need not have hit one."""
        self._faults.remove(self)

    def meets(self, target: Target, free: bool) -> Sequence[Fault]:
        """Count a call and return the faults for it; none if it is not `free`, since another fault answers it."""
        if not self.aim.fits(target):
            tally(self._others, target)
            return ()
        self.calls += 1
        if not free or self.spent or not self.aim.chooses(self.calls, self._dice):
            return ()
        self.hits += 1
        return self.fault.steps(self.hits - 1)

    @property
    def spent(self) -> bool:
        """Whether it has hit all the calls that it is for."""
        return self._times is not None and self.hits >= self._times

    @property
    def unused(self) -> bool:
        """Whether it hit no call; with a probability, a call that matched is enough."""
        return not self.hits and not (self.aim.probability is not None and self.calls)

    def unused_text(self) -> str:
        """Return the error text for a fault that hit no call, with the nearest calls."""
        lines = [f"no call met the fault {self}"]
        if self.calls:
            lines.append(f"  calls that matched: {self.calls}")
        if near := self.aim.nearest(self._others):
            lines.append(f"  {'other' if self.calls else 'the nearest'} calls: {near}")
        elif not self.calls:
            lines.append("  there was no call at all")
        return "\n".join([*lines, "  if no call is needed, add it with required=False"])

    def as_dict(self) -> dict[str, Any]:
        """Return the fault as JSON: what `Faults.add_json` takes, and the counts."""
        values = {"fault": fault_forms.to_json(self.fault), **self.aim.as_dict(), "required": self.required}
        return {"id": self.number, **values, "calls": self.calls, "hits": self.hits}


class Faults(Part):
    """The faults of one server, in the order in which they were added.  Safe to use from several threads.

    Each counts every call that matches.  Once a fault answers a call, later faults do not apply to it.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._armed: list[Armed] = []
        self._added = 0
        self._paused = 0
        self._over = threading.Event()
        self._stop: Stop | None = None  # while there is a fault

    def __iter__(self) -> Iterator[Armed]:
        return iter(list(self._armed))

    def __len__(self) -> int:
        return len(self._armed)

    def add(
        self,
        fault: Spec,
        *,
        model: str | None = None,
        method: str | None = None,
        dialect: str | None = None,
        nth: int | None = None,
        every: int | None = None,
        times: int | None = None,
        probability: float | None = None,
        seed: int = 0,
        required: bool = True,
        known: bool = True,
    ) -> Armed:
        """Apply a fault to calls: one of `mockserver.testing.faults`, an exception, or a list of them in turn.

        `model`, `method`, `dialect`: names or patterns (`sale.*`), any by default; for a call without a model its
        service counts as the model (`common`, `db`, `session`).  `nth`, `every`, `probability`: which of these
        calls, all by default; `times`: how many at most, by default the length of a list.  `required`: it fails the
        test if it hits no call.  Raises FaultError for invalid arguments, and for unknown names unless `known` is
        false.
        """
        aim = Aim(model, method, dialect, nth, every, times, probability, seed)
        made = as_fault(fault)
        if known:
            check_names(aim, self._app)
        return self._arm(made, aim, required)

    def _arm(self, fault: Fault, aim: Aim, required: bool) -> Armed:
        with self._lock:
            self._added += 1
            armed = Armed(self, self._added, fault, aim, required)
            self._armed.append(armed)
            self._stop = self._stop or self._app.guard(self._guard)
        return armed

    def add_json(self, data: Any) -> Armed:
        """Add a fault of JSON: `{"fault": {"type": "HttpError", "status": 503}, "model": "res.partner"}`."""
        return self.add(**fault_forms.read_armed(data))

    def remove(self, armed: Armed) -> None:
        """Remove a fault, if it is there."""
        with self._lock:
            if armed in self._armed:
                self._keep([other for other in self._armed if other is not armed])

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._keep([])

    def _keep(self, armed: list[Armed]) -> None:
        self._armed = armed
        if not armed and self._stop is not None:
            self._stop()
            self._stop = None

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Suspend all faults inside the block; calls there are not counted."""
        with self._lock:
            self._paused += 1
        try:
            yield
        finally:
            with self._lock:
                self._paused -= 1

    def begin(self) -> None:
        """Remove all faults, and end the calls that still wait."""
        self.clear()
        self.release()

    def release(self) -> None:
        """Close the connections of waiting calls; calls that were not performed yet never are."""
        self._over.set()
        self._over = threading.Event()

    def problems(self) -> list[str]:
        """Return the texts of required faults that hit no call; each is reported once."""
        found = [armed for armed in self if armed.required and armed.unused]
        for armed in found:
            armed.required = False
        return [armed.unused_text() for armed in found]

    def _guard(self, request: Request, call: Call) -> None:
        over, wires = self._over, list[Wire]()
        call.faults = met = self._met(Target.of(call))
        for fault in met:
            if fault.after:
                wires.append(fault.wire(over))
                continue
            if isinstance(fault, Raises) and isinstance(fault.error, SessionExpired) and request.session is not None:
                # else a client that only retries would succeed, which it does not on a real server
                self._app.sessions.close(request.session.sid)
            fault.strike(over)
        if wires:
            request.environ[WIRE] = chain(wires)

    def meet(self, dialect: str, model: str, method: str) -> list[Fault]:
        """Count something that is no call but may fail, such as a webhook, and return the faults for it."""
        return self._met(Target(dialect, model, method)) if self._armed else []

    def _met(self, target: Target) -> list[Fault]:
        """Return the single faults that apply to a call; only the last one may answer it."""
        met: list[Fault] = []
        with self._lock:
            if not self._paused:
                for armed in self._armed:
                    met.extend(armed.meets(target, free=not met or not met[-1].ends))
        return met
