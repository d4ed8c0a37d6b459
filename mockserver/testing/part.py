"""What the parts of the kit have in common."""

from __future__ import annotations


class Part:
    """A part of the test kit, with a state that ends with the test."""

    def begin(self) -> None:
        """Reset to the state before a test."""

    def problems(self) -> list[str]:
        """Return what must fail the test although its client saw no error, as texts; each is returned once."""
        return []
