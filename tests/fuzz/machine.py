"""Business documents as a state machine of hypothesis: what clients do next depends on what is there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from random import Random
from typing import cast

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.fuzz.sent import Sent
from tests.fuzz.target import Outcome, Target
from tests.fuzz.walks import Walk, Work

EXAMPLES = 5  # of an episode
STEPS = 30  # of an example, of one to four requests each

RANDOM = st.randoms(use_true_random=False)  # whose numbers are those that hypothesis chose
SETTINGS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    phases=(Phase.generate,),  # the campaign itself looks for the shortest requests
    suppress_health_check=list(HealthCheck),
)


class Course:
    """What a campaign does at the beginning of a course of requests, for each request, and at its end."""

    def begin(self) -> None:
        """Bring back the first state."""
        raise NotImplementedError

    def send(self, sent: Sent) -> Outcome:
        """Perform a request and judge its answer."""
        raise NotImplementedError

    def look(self) -> None:
        """Judge the state."""
        raise NotImplementedError


class Documents(RuleBasedStateMachine):
    """Two clients that make documents, take them from state to state, change their minds, and err."""

    def __init__(self, target: Target, course: Course) -> None:
        super().__init__()
        self.course = course
        course.begin()
        self.walk = Walk(Random(0), target)

    def do(self, random: Random, make: Callable[[], Work]) -> None:
        """Send the requests of a piece of work."""
        self.walk.random = random
        work = make()
        with contextlib.suppress(StopIteration):
            sent = next(work)
            while True:
                sent = work.send(self.course.send(sent))

    @initialize(random=RANDOM)
    def prepare(self, random: Random) -> None:
        self.do(random, self.walk.prepare)

    @rule(random=RANDOM)
    def make(self, random: Random) -> None:
        self.do(random, self.walk.document)

    @precondition(lambda self: self.walk.open_steps())
    @rule(random=RANDOM)
    def take_on(self, random: Random) -> None:
        self.do(random, self.walk.take_on)

    @precondition(lambda self: self.walk.in_state("stock.picking", ("assigned", "confirmed")))
    @rule(random=RANDOM)
    def move_goods(self, random: Random) -> None:
        self.do(random, self.walk.move_goods)

    @precondition(lambda self: self.walk.in_state("sale.order", ("sale", "done")))
    @rule(random=RANDOM)
    def invoice(self, random: Random) -> None:
        self.do(random, lambda: self.walk.invoice_of_order("sale.advance.payment.inv"))

    @rule(random=RANDOM)
    def meddle(self, random: Random) -> None:
        self.do(random, random.choice((self.walk.press_any, self.walk.change, self.walk.copy_or_delete)))

    @precondition(lambda self: self.walk.latest is not None)
    @rule(random=RANDOM)
    def err(self, random: Random) -> None:
        self.do(random, self.walk.err)

    @rule()
    def hand_over(self) -> None:
        self.walk.hand_over()

    def teardown(self) -> None:
        """Judge what is left."""
        self.course.look()


def play(number: int, target: Target, course: Course) -> None:
    """Play examples of the machine; the same number plays the same ones."""

    @seed(number)
    def machine() -> Documents:
        return Documents(target, course)

    run_state_machine_as_test(cast(type[RuleBasedStateMachine], machine), settings=SETTINGS)
