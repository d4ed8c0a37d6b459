"""Values: those that a field takes, and those that nothing takes."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from random import Random
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field
from mockserver.orm.query.values import selection

TEXTS = (
    "", " ", "a", "Azure", "x" * 300, "Ünïcödé 中文 🦉", "a\nb", "<b>x</b>", "%", "_", "a%b_c\\", "'; DROP TABLE x; --",
    "{0}", "%s%n", "%(x)s", "${x}", "../../etc/passwd", "\\", '"', "\u202e", "1", "0", "False", "None", "2024-02-30",
    "a@b.c", "base.main_partner", "res.partner,1", "res.partner", "draft", "id", "name", "Ａ", "ı", "ß", "\u0000x",
    "__import__('os')", "[]", "{}", "[('id', '=', 1)]", "true", "a,b", "1,2", "=1+1", "@", "#",
)  # fmt: skip
INTEGERS = (0, 1, 2, 3, -1, 7, 10, 99, 1000, 2**31 - 1, -(2**31))
FLOATS = (0.0, 1.0, 0.5, -1.5, 0.005, 2.675, 1e6, 99999999.99, 1e-9, 3.0)
DATES = ("2026-03-16", "2024-02-29", "1970-01-01", "1999-12-31", "2100-12-31", "0001-01-01", "9999-12-31")
HOSTILE: tuple[Any, ...] = (
    None, True, False, "", "\ud800", "\x00", "9" * 400, 2**31, 2**63, -(2**63), 2**70, 10**30, 1e308, 5e-324, -0.0,
    float("inf"), float("-inf"), float("nan"), [], {}, [[]], [None], [[], []], {"": None}, {"a": {"b": []}}, "x" * 5000,
    "2024-13-45", "2024-02-30 25:61:61", "not a date", "[" * 500, "active_id", ["&"], ["|", "|"], [1, 2, 3], ["a", "b"],
    [6, 0, [1]], [[6, 0, 5]], [[0, 0]], [[9, 9, 9]], {"id": 1}, ["id", "=", 1], "uid", b"\xff".decode("latin-1"),
)  # fmt: skip
NAMES = (
    "id",
    "name",
    "active",
    "x",
    "",
    "context",
    "domain",
    "fields",
    "ids",
    "model",
    "vals",
    "display_name",
    "__class__",
)
CONTEXT_KEYS = (
    "lang", "tz", "active_test", "active_id", "active_ids", "active_model", "allowed_company_ids", "default_name",
    "bin_size", "default_partner_id", "default_type", "no_recompute", "tracking_disable", "mail_create_nolog",
    "import_file", "prefetch_fields", "group_by", "show_address", "search_default_x", "default_company_id", "uid",
    "skip_backorder", "default_move_type", "force_period_date", "active_domain", "default_state", "install_mode",
)  # fmt: skip


class Values:
    """Values at random; `fair` is true until one was chosen that its place does not take."""

    def __init__(self, random: Random, database: Database, hostility: float) -> None:
        self.random = random
        self.database = database
        self.hostility = hostility
        self.fair = True

    def chance(self, of: float) -> bool:
        """Return True with this probability."""
        return self.random.random() < of

    def pick(self, *choices: Any) -> Any:
        """Return one of these values."""
        return self.random.choice(choices)

    def spoilt(self) -> bool:
        """Return whether the next value is to be a hostile one."""
        if self.chance(self.hostility):
            self.fair = False
            return True
        return False

    def hostile(self, depth: int = 3) -> Any:
        """Return any value that JSON can hold."""
        self.fair = False
        kind = self.random.randrange(9 if depth else 6)
        if kind < 3:
            return self.random.choice(HOSTILE)
        if kind == 3:
            return self.random.choice(TEXTS)
        if kind == 4:
            return self.random.choice((*INTEGERS, *FLOATS))
        if kind == 5:
            return "".join(chr(self.random.randrange(1, 0x3000)) for _ in range(self.random.randrange(8)))
        inner = [self.hostile(depth - 1) for _ in range(self.random.randrange(4))]
        if kind == 6:
            return {str(self.random.choice((*NAMES, value))): value for value in inner}
        return inner

    def text(self) -> str:
        """Return a text."""
        if self.chance(0.5):
            return str(self.random.choice(TEXTS))
        return "".join(self.random.choice("abc XYZ01é%_'") for _ in range(self.random.randrange(12)))

    def id(self, model: str) -> int:
        """Return the id of a record, sometimes of one that is not there."""
        if self.chance(0.05):
            return int(self.pick(0, -1, 99999, 2**31 - 1))
        return self.random.choice(self.known_ids(model) or [1])

    def ids(self, model: str, most: int = 4) -> list[int]:
        """Return a few ids."""
        return [self.id(model) for _ in range(self.random.randrange(most + 1))]

    def known_ids(self, model: str) -> Sequence[int]:
        """Return the ids of some records of a model; new ones are among them."""
        if model not in self.database.registry or self.database.registry[model].abstract:
            return []
        found = list(self.database.store.rows(model))
        return [*found[:40], *found[-10:]]

    def of(self, field: Field) -> Any:
        """Return a value for a field, by chance a hostile one."""
        return self.hostile() if self.spoilt() else self.fitting(field)

    def fitting(self, field: Field) -> Any:
        """Return a value of the type of a field."""
        kind = field.type
        if field.x2many:
            return self.commands(field)
        if kind == "many2one":
            return False if self.chance(0.15) else self.id(field.comodel or "")
        if kind == "selection":
            keys = [key for key, _ in selection(self.database.env(), field) or ()]
            return self.random.choice(keys) if keys else False
        if kind == "reference":
            return self.pick(False, "res.partner,1", "res.users,2", "product.product,1")
        if kind == "binary":
            return base64.b64encode(self.text().encode("utf-8", "replace")).decode()
        if kind in ("date", "datetime"):
            day = (
                str(self.random.choice(DATES))
                if self.chance(0.5)
                else f"2026-0{self.pick(1, 3, 4)}-1{self.pick(0, 5, 6)}"
            )
            return day if kind == "date" else f"{day} 0{self.pick(0, 7, 9)}:00:00"
        plain: dict[str, Any] = {
            "boolean": (True, False), "integer": INTEGERS, "many2one_reference": INTEGERS, "float": FLOATS,
            "monetary": FLOATS,
        }  # fmt: skip
        if kind in plain:
            return self.random.choice(plain[kind])
        if kind in ("char", "text", "html"):
            return False if self.chance(0.1) else self.text()
        return self.hostile()

    def commands(self, field: Field, depth: int = 1) -> list[Any]:
        """Return commands for an x2many field."""
        comodel = field.comodel or ""
        made: list[Any] = []
        for _ in range(self.random.randrange(4)):
            if self.spoilt():
                made.append(self.hostile())
                continue
            code = self.random.randrange(7)
            if code == 0:
                made.append([0, 0, self.vals(comodel, depth=depth - 1)])
            elif code == 1:
                made.append([1, self.id(comodel), self.vals(comodel, depth=depth - 1)])
            elif code == 6:
                made.append([6, 0, self.ids(comodel)])
            else:
                made.append([code, 0 if code == 5 else self.id(comodel), 0])
        return made

    def vals(self, model: str, depth: int = 1, create: bool = False) -> Any:
        """Return values by field, for write or create."""
        known = self.database.registry.get(model)
        if known is None or self.spoilt():
            return self.hostile()
        usual = [f for f in known.fields.values() if depth > 0 or not f.x2many]
        chosen = self.random.sample(usual, min(len(usual), self.random.randrange(1, 7)))
        if create:
            chosen += [f for f in usual if f.required and not f.readonly and self.chance(0.9)]
        made = {f.name: self.of(f) for f in chosen if f.name not in ("id", "create_uid", "write_uid")}
        if self.spoilt():
            made[str(self.random.choice((*NAMES, *TEXTS)))] = self.hostile()
        return made

    def context(self) -> Any:
        """Return a context."""
        if self.spoilt():
            return self.hostile()
        keys = self.random.sample(CONTEXT_KEYS, self.random.randrange(1, 4))
        return {key: self._in_context(key) for key in keys}

    def _in_context(self, key: str) -> Any:
        if self.spoilt():
            return self.hostile()
        good: dict[str, tuple[Any, ...]] = {
            "lang": ("en_US", "fr_FR", False, "xx_XX"), "tz": ("Europe/Brussels", "UTC", False, "x"),
            "allowed_company_ids": ([1], [], [99]), "active_ids": ([1], [], [1, 2]), "active_domain": ([],),
            "active_model": ("res.partner", "sale.order", "account.move", "crm.lead", "stock.picking"),
            "default_name": ("x", ""), "default_type": ("contact", "opportunity", "x"), "active_id": (1, 2, False),
            "default_partner_id": (1, False, 99999), "default_company_id": (1, 99999), "uid": (1, 2),
            "default_move_type": ("out_invoice", "entry", "x"), "default_state": ("draft", "done", "x"),
            "force_period_date": ("2026-01-01", False), "group_by": ("name", ["name"], False),
        }  # fmt: skip
        return self.random.choice(good.get(key, (True, False, 1)))
