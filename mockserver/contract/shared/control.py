"""The control API of a running mockserver, as far as a test run needs it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from mockserver.contract.live.connection import Answer, Connection
from mockserver.contract.live.errors import LiveError

TOKEN = "MOCKSERVER_CONTROL_TOKEN"  # the environment variable with the token, as for `mockserver serve`


class NotMockserver(LiveError):
    """Something else answers at the address."""


class NoDatabase(LiveError):
    """The server has no such database, or no longer."""


class ControlClient:
    """Makes, copies and drops databases of a mockserver.  Raises `LiveError`, and ValueError for an invalid URL."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.connection = Connection(url)
        self.url = self.connection.url
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def health(self) -> dict[str, Any]:
        """Return what the server says about itself."""
        found = self._ask("GET", "/health")
        if not isinstance(found, dict) or not {"db", "login", "profile", "databases"} <= found.keys():
            raise self._other("another answer than that of a mockserver")
        return found

    def databases(self) -> list[str]:
        """Return the names of the databases."""
        return [one["name"] for one in self._ask("GET", "/databases")["databases"]]

    def copy(self, source: str, name: str, idle_seconds: float) -> None:
        """Copy a database, in the place of another one of that name; it is dropped when it was idle for so long."""
        body = {"name": name, "copy_of": source, "replace": True, "idle_seconds": idle_seconds}
        self._ask("POST", "/databases", body)

    def drop(self, name: str) -> None:
        """Drop a database, if it is there."""
        try:
            self._ask("DELETE", f"/databases/{quote(name)}")
        except NoDatabase:
            return

    def packs(self, db: str) -> set[str]:
        """Return the packs of a database."""
        return set(self._ask("GET", f"/fixtures?db={quote(db)}")["loaded"])

    def load(self, db: str, fixture: Any) -> None:
        """Add the data of a pack, by its name, or of a fixture, by its content."""
        self._ask("POST", "/fixtures", {"db": db, "fixture": fixture})

    def _ask(self, verb: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        answer = self.connection.send(verb, f"/_mock{path}", self._headers, data)
        found = answer.json()
        if answer.status < 300 and isinstance(found, dict):
            return found
        error = found.get("error") if isinstance(found, dict) else None
        if not isinstance(error, str):
            raise self._other(f"{answer.status} to {verb} /_mock{path.partition('?')[0]}")
        raise self._refusal(answer, error)

    def _refusal(self, answer: Answer, error: str) -> LiveError:
        if answer.status == 401:
            return LiveError(f"{self.url}: {error} (the environment variable {TOKEN} holds it)")
        if answer.status == 404 and error.startswith("there is no database"):
            return NoDatabase(f"{self.url}: {error}")
        return LiveError(f"{self.url}: {error}")

    def _other(self, answered: str) -> NotMockserver:
        return NotMockserver(
            f"{self.url} is no mockserver with a control API: it answers {answered}. --mockserver-url is the address "
            "of `mockserver serve` (without --no-control); for an Odoo server there is --mockserver-upstream"
        )
