"""Episodes: what kinds of work there are, and how one is made, request by request, from a random number generator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from tests.fuzz import machine
from tests.fuzz.broken import broken_body, broken_request
from tests.fuzz.calls import call
from tests.fuzz.control import control
from tests.fuzz.dialects import dialects, service, wrap
from tests.fuzz.machine import Course
from tests.fuzz.routes import route
from tests.fuzz.sent import Sent
from tests.fuzz.target import Target
from tests.fuzz.values import Values

LENGTH = 40  # requests of an episode


@dataclass(frozen=True)
class Kind:
    """One kind of work: what makes a request, and how often an episode is of this kind."""

    make: Callable[[Random, Target], Sent]
    weight: int


def play(kind: str, random: Random, target: Target, course: Course) -> None:
    """Make and send the requests of one episode."""
    if kind == "walk":
        machine.play(random.randrange(2**32), target, course)
        return
    course.begin()
    for _ in range(LENGTH):
        course.send(KINDS[kind].make(random, target))
    course.look()


def _call(random: Random, target: Target, hostility: float) -> Sent:
    values = Values(random, target.database, hostility)
    return wrap(values, target, call(values), random.choice(dialects(target)))


def _fair(random: Random, target: Target) -> Sent:
    return _call(random, target, 0.0)


def _hostile(random: Random, target: Target) -> Sent:
    return _call(random, target, random.choice((0.01, 0.05, 0.3)))


def _service(random: Random, target: Target) -> Sent:
    return service(Values(random, target.database, 0.1), target)


def _route(random: Random, target: Target) -> Sent:
    return route(Values(random, target.database, random.choice((0.0, 0.2))), target)


def _control(random: Random, target: Target) -> Sent:
    if random.random() < 0.4:
        return _hostile(random, target)
    return control(Values(random, target.database, random.choice((0.0, 0.15))))


def _any(random: Random, target: Target) -> Sent:
    return random.choice((_fair, _fair, _service, _route))(random, target)


def _broken(random: Random, target: Target) -> Sent:
    return broken_body(random, _any(random, target))


def _socket(random: Random, target: Target) -> Sent:
    sent = _any(random, target)
    return broken_request(random, sent, target.proofs.get(sent.login, {}))


KINDS: Mapping[str, Kind] = {
    "fair": Kind(_fair, 5), "hostile": Kind(_hostile, 5), "service": Kind(_service, 2), "route": Kind(_route, 4),
    "control": Kind(_control, 1), "broken": Kind(_broken, 4), "socket": Kind(_socket, 1), "walk": Kind(_fair, 1),
}  # fmt: skip
