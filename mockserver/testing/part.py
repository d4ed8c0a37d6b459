"""What the parts of the kit have in common."""

from __future__ import annotations


class Part:
    """Something that a test says to the server, or sees of it, until the test ends."""

    def begin(self) -> None:
        """Forget what the last test said and saw."""

    def problems(self) -> list[str]:
        """What must fail the test although its client saw no error: texts for people, each told once."""
        return []
