"""What a call costs that is written down, against the same call with the journal off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.data import fill
from benchmarks.measuring import Figure, best
from benchmarks.wire import encoded, on_one_core, wsgi_call
from mockserver import MockServer

CALLS = 25  # a round
DOMAIN = [["is_company", "=", True], ["name", "ilike", "acme"], ["city", "=", "Brussels"]]
VALS = {"email": "info@azure.example", "phone": "+32 2 290 34 90", "city": "Brussels"}


def figures() -> Iterator[Figure]:
    """The WSGI app alone, which is all that the journal can slow down; data are as at the start in every round."""
    noted, plain = MockServer(journal=True), MockServer(journal=False)
    ids = fill(noted.database(noted.db), 100)
    fill(plain.database(plain.db), 100)
    with on_one_core(), noted, plain:
        for name, method, args in (
            ("read of 1 record", "read", [[3], ["name", "email", "country_id"]]),
            ("search_read of 1 record", "search_read", [DOMAIN, ["name", "email"], 0, 1]),
            ("search_read of 49 records", "search_read", [DOMAIN, ["name", "email"]]),
            ("write of 3 fields", "write", [[ids[0]], VALS]),
            ("create of one record", "create", [{"name": "Azure", **VALS}]),
        ):
            yield _against(noted, plain, name, method, args)


def _against(noted: MockServer, plain: MockServer, name: str, method: str, args: list[Any]) -> Figure:
    def reset() -> None:
        noted.reset()
        plain.reset()

    params = (noted.db, noted.uid, noted.password, "res.partner", method, *args)
    body = encoded("JSON-RPC", params, "execute")
    calls = [wsgi_call(server.app, "JSON-RPC", body) for server in (noted, plain)]
    slow, fast = best(*calls, number=CALLS, rounds=200, before=reset)
    against = f"the call without: {fast * 1e6:.0f} µs"
    return Figure(f"(h) journal, added to a {name}", (slow - fast) * 1e6, "µs", against=against, within=10)
