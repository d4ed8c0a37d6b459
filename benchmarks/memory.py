"""(f) Memory a record, as `tracemalloc` counts it."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figure
from mockserver import MockServer
from mockserver.seed import build as seed

COUNT = 5_000
COUNTS = (1_000, 10_000, 100_000)  # of a saved state
FIRST = 1_000  # the first id of its partners
LOGGED = {"uid": 1, "date": "2024-01-01 00:00:00"}
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
    yield from saved_state()


def saved_state() -> Iterator[Figure]:
    """A file with many records as an export writes it: the time to load it, and the memory that its rows take."""
    MockServer()  # the base data
    with tempfile.TemporaryDirectory() as folder:
        for count in COUNTS:
            path = Path(folder, f"{count}.json")
            path.write_text(json.dumps({"stored": True, "records": [_stored(i) for i in range(count)]}))
            start = time.process_time()
            json.loads(path.read_bytes())
            parsed = time.process_time()
            server = MockServer(fixtures=[str(path)])
            loaded = time.process_time() - parsed
            yield Figure(
                f"(f) load of a saved state, {count} partners, each", loaded / count * 1e6, "µs",
                (parsed - start) / count * 1e6, "json.loads of the file", within=60,
            )  # fmt: skip
            rows = server.database(server.db).store.rows("res.partner")
            name = f"(f) memory of a partner of that state, of {count}"
            yield Figure(name, _held(list(rows.values())[-count:]) / count, "B", within=1_500)


def _held(rows: Iterable[dict[str, Any]]) -> int:
    """Return the bytes of rows and of their values, each object counted once."""
    found = {id(value): sys.getsizeof(value) for row in rows for value in row.values()}
    return sum(found.values()) + sum(map(sys.getsizeof, rows))


def _stored(i: int) -> dict[str, Any]:
    logged = {f"{what}_{which}": value for what in ("create", "write") for which, value in LOGGED.items()}
    computed = {"commercial_partner_id": FIRST + i, "complete_name": f"Acme {i}", "type": "contact", "lang": "en_US"}
    computed |= {"active": True, "color": 0}
    country = {"country_id": {"ref": "base.be"}}
    return {"model": "res.partner", "id": FIRST + i, "values": {**_partner(i), **computed, **logged, **country}}


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
