"""How the server's texts name several things."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.orm.records.environment import Environment


def enumerated(env: Environment, names: Sequence[str]) -> str:
    """Return names as one text: `A, B`; from 18 on in words, `A and B` or `A, B, and C`."""
    if not env.db.profile.rules.lists_in_words or len(names) < 2:
        return ", ".join(names)
    return " and ".join(names) if len(names) == 2 else f"{', '.join(names[:-1])}, and {names[-1]}"
