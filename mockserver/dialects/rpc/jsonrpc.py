"""`/jsonrpc`: the RPC services in a JSON-RPC envelope, by any verb.

Source: versions.md §1.1, §2; recorded in core-envelope (17.0).
"""

from __future__ import annotations

from mockserver.dialects import Request, Route
from mockserver.dialects.rpc.envelope import JsonRpcDialect
from mockserver.services import Call


class JsonRpc(JsonRpcDialect):
    """Parameters `service`, `method`, `args`.

    Inferred: `args` that are no list are handed to the service, and what Python says of them is the call's error.
    """

    name = "jsonrpc"
    routes = (Route("/jsonrpc", "jsonrpc"),)

    def parse(self, request: Request) -> Call:
        """Return the call of a service."""
        service, method, args = self.required("RPC.jsonrpc", ("service", "method", "args"), self.params(request))
        return Call(self.name, service, method, args)
