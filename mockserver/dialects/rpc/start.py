"""`/start`: the XML-RPC method `start()` of a product's demo host, which creates a database.

Source: the external API document of Flectra; versions.md §1.1.
"""

from __future__ import annotations

from typing import Any

from mockserver.dialects import Request, Route
from mockserver.dialects.rpc.xmlrpc import POST, XmlRpc
from mockserver.dialects.web.session import base_url
from mockserver.services import Call

LOGIN = PASSWORD = "admin"
_NAME_LENGTH = 12  # characters of the random part of a name


class Start(XmlRpc):
    """One method, without arguments: `{"host", "database", "user", "password"}`."""

    name = "start"
    routes = (Route("/start", "2", POST),)

    def offered(self) -> list[Route]:
        """Return the route, if the product has a demo host."""
        return super().offered() if self.profile.starts_demos else []

    def parse(self, request: Request) -> Call:
        """Return the call of the demo host."""
        request.arguments = {"service": "start"}
        return super().parse(request)

    def perform(self, request: Request, call: Call) -> Any:
        """Create a database and return its login."""
        if call.method != "start":
            raise Exception(f"Method not found: {call.method}")
        databases = self.services.databases
        name = f"demo_{databases.clock.token(_NAME_LENGTH)}"
        databases.create(name, LOGIN, PASSWORD, "en_US")
        return {"host": base_url(request), "database": name, "user": LOGIN, "password": PASSWORD}
