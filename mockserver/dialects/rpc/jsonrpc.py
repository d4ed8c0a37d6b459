"""`/jsonrpc`: the RPC services in a JSON-RPC envelope, with any HTTP method.

Source: versions.md §1.1, §2; recorded in core-envelope (17.0).
"""

from __future__ import annotations

from mockserver.dialects import Request, Route
from mockserver.dialects.rpc.envelope import JsonRpcDialect
from mockserver.services import Call


class JsonRpc(JsonRpcDialect):
    """Parameters `service`, `method`, `args`.

    Inferred: `args` of another type than a list are passed to the service, and the error that Python raises is sent.
    """

    name = "jsonrpc"
    routes = (Route("/jsonrpc", "jsonrpc"),)

    def parse(self, request: Request) -> Call:
        """Return the call of a service."""
        service, method, args = self.required(
            self.profile.rules.jsonrpc_name, ("service", "method", "args"), self.params(request)
        )
        return Call(self.name, service, method, args)
