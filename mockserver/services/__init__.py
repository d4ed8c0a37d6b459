"""What a server offers in every protocol: the three RPC services, logins, sessions."""

from __future__ import annotations

from typing import Any

from mockserver.services import common, db, object as object_
from mockserver.services.call import Call, execute
from mockserver.services.db import Databases
from mockserver.services.sessions import Sessions

__all__ = ["Call", "Databases", "Services", "Sessions", "execute"]


_RPC = ("xmlrpc", "jsonrpc")  # the dialects whose callers name a service


class Services:
    """The services of one server over its databases."""

    def __init__(self, databases: Databases, sessions: Sessions) -> None:
        self.databases = databases
        self.sessions = sessions
        self._rpc = {
            "common": common.service(databases),
            "object": object_.service(databases),
            "db": db.service(databases),
        }

    def rpc(self, call: Call) -> Any:
        """Return the result of the service's method; raises the error of the profile for an unknown service."""
        rules = self.databases.profile.rules
        # without a service of databases, the pages of /web/database still call its functions
        known = call.service != "db" or rules.db_service or call.dialect not in _RPC
        try:
            service = self._rpc[call.service if known else ""]
        except KeyError:
            if rules.unknown_service == "ValueError":
                raise ValueError(f"Invalid service name: {call.service}") from None
            if rules.unknown_service == "KeyError":
                raise
            raise UnboundLocalError("local variable 'dispatch' referenced before assignment") from None
        return service(call)

    def execute(self, call: Call, *, direct: bool = False) -> Any:
        """Run a call whose `db`, `uid` and `model` are set; for `direct` see `call.execute`."""
        database = self.databases.connect(call.db)
        return execute(database, call, direct=direct)
