"""(f) Memory a record, as `tracemalloc` counts it."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.measuring import Figure
from mockserver import MockServer
from mockserver.seed import build as seed

COUNT = 5_000
THING = {
    "models": {
        "x_thing": {
            "fields": {
                "x_name": {"type": "char"},
                "x_count": {"type": "integer"},
                "x_partner_id": {"type": "many2one", "relation": "res.partner"},
            }
        }
    }
}


def figures() -> Iterator[Figure]:
    """Records made by `create` while the undo log is kept, as in a test, against their rows as plain dicts."""
    with MockServer() as server:
        seed.load(server.database(server.db), THING, source="benchmark")
        for model, name, vals in (
            ("res.partner", "a partner (11 values given)", _partner),
            ("x_thing", "a record of 3 fields", _thing),
        ):
            records = server.env[model]
            records.create(vals(0))  # indexes and the like, once
            ours = _bytes(lambda r=records, v=vals: [r.create(v(i)) for i in range(1, COUNT)])  # type: ignore[misc]
            rows = list(server.database(server.db).store.rows(model).values())[-COUNT + 1 :]
            text = json.dumps(rows)
            baseline = _bytes(lambda t=text: json.loads(t))  # type: ignore[misc]
            yield Figure(f"(f) memory of {name}", ours / COUNT, "B", baseline / COUNT, "json.loads of the same rows")


def _bytes(make: Callable[[], Any]) -> int:
    gc.collect()
    tracemalloc.start()
    kept = make()
    ids = [record.id for record in kept] if hasattr(kept[0], "ids") else kept
    del kept
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del ids
    return size


def _partner(i: int) -> dict[str, Any]:
    return {
        "name": f"Acme {i}",
        "email": f"{i}@example.com",
        "phone": f"+32 2 {i:07}",
        "street": f"Rue de la Loi {i}",
        "zip": "1000",
        "city": "Brussels",
        "country_id": 20,
        "is_company": True,
        "ref": f"ACME-{i}",
        "website": f"http://acme{i}.example.com",
        "comment": "<p>A customer</p>",
    }


def _thing(i: int) -> dict[str, Any]:
    return {"x_name": f"Thing {i}", "x_count": i, "x_partner_id": 3}
