"""What a server offers in every protocol: the three RPC services, logins, sessions."""

from __future__ import annotations

from typing import Any

from mockserver.services import common, db, object as object_
from mockserver.services.call import Call, execute
from mockserver.services.db import Databases
from mockserver.services.sessions import Sessions

__all__ = ["Call", "Databases", "Services", "Sessions", "execute"]


class Services:
    """The services of one server over its databases."""

    def __init__(self, databases: Databases, sessions: Sessions) -> None:
        self.databases = databases
        self.sessions = sessions
        self._rpc = {
            "common": common.service(databases),
            "object": object_.service(databases),
        }
        if databases.profile.rules.db_service:
            self._rpc["db"] = db.service(databases)

    def rpc(self, call: Call) -> Any:
        """Return the result of the service's method; raises the error of the profile for an unknown service."""
        try:
            service = self._rpc[call.service]
        except KeyError:
            error = self.databases.profile.rules.unknown_service
            if error == "KeyError":
                raise
            if error == "ValueError":
                raise ValueError(f"Invalid service name: {call.service}") from None
            raise UnboundLocalError("local variable 'dispatch' referenced before assignment") from None
        return service(call)

    def execute(self, call: Call, *, direct: bool = False) -> Any:
        """Run a call whose `db`, `uid` and `model` are set; for `direct` see `call.execute`."""
        database = self.databases.connect(call.db)
        return execute(database, call, direct=direct)
