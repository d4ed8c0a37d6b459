"""`Kit`: everything that a test says to a server and asks it, whatever carries the calls."""

from __future__ import annotations

from mockserver.app import App


class Kit:
    """The test author's side of an app; `MockServer` is one with a socket."""

    def __init__(self, app: App) -> None:
        self.app = app

    def begin(self) -> None:
        """Forget what the last test said and saw."""

    def problems(self) -> list[str]:
        """What must fail the test although its client saw no error; each a text for people."""
        return []
