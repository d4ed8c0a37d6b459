"""The base class of the parts of the kit."""

from __future__ import annotations


class Part:
    """A part of the test kit, with a state that ends with the test."""

    def begin(self) -> None:
        """Reset to the state before a test."""

    def problems(self) -> list[str]:
        """Return, once, the texts of what must fail the test although its client saw no error."""
        return []
