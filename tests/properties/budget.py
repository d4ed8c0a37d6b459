"""How many examples the properties try: few and the same ones by default, many and fresh ones when asked.

`MOCKSERVER_PROPERTIES=thorough` tries twenty times as many, from a new random seed in each run.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

THOROUGH = os.environ.get("MOCKSERVER_PROPERTIES") == "thorough"
FACTOR = 20 if THOROUGH else 1


def examples(number: int, *, steps: int = 25, reset: bool = False) -> settings:
    """The settings for a property that tries `number` examples by default; `steps` is for state machines.

    `reset`: the test itself brings its fixtures back to their first state after each example.
    """
    allowed = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    if reset:
        allowed.append(HealthCheck.function_scoped_fixture)
    return settings(
        max_examples=number * FACTOR,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not THOROUGH,
        database=None,
        suppress_health_check=allowed,
    )
