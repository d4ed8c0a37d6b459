"""What came of a replayed recording, as lines and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Outcome:
    """What came of one exchange: `mode` as in `exceptions.json` ("exact" unless named), `found` the differences."""

    number: int
    name: str
    mode: str
    reason: str
    found: list[str]
    request: str


@dataclass(frozen=True)
class Report:
    """What came of one recording."""

    recording: str
    outcomes: list[Outcome]

    @property
    def failed(self) -> list[Outcome]:
        """The exchanges that ended otherwise than on the recorded server."""
        return [outcome for outcome in self.outcomes if outcome.found]

    def line(self) -> str:
        """Such as `flectra-1.6: 143 of 143 (122 exactly, 21 by shape), 0 left out`."""
        modes = [outcome.mode for outcome in self.outcomes]
        left_out, exact = modes.count("left_out"), modes.count("exact") + modes.count("no_cookie")
        compared = len(modes) - left_out
        good = f"{compared - len(self.failed)} of {compared}"
        return f"{self.recording}: {good} ({exact} exactly, {compared - exact} by shape), {left_out} left out"

    def details(self, limit: int = 200) -> str:
        """The differences, readable."""
        rows = [f"{o.number} {o.name}\n    {o.request}\n    " + "\n    ".join(o.found) for o in self.failed[:limit]]
        return "\n".join(rows)

    def to_json(self) -> str:
        """The whole report."""
        return json.dumps({"recording": self.recording, "outcomes": [asdict(o) for o in self.outcomes]}, indent=1)
