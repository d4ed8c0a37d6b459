"""The hint for a method that a server does not have: the generations that have it."""

from __future__ import annotations

from mockserver import profiles
from mockserver.orm.schema.composition import compose, methods_of
from mockserver.orm.schema.registry import Registry
from mockserver.orm.schema.summary import imported


def elsewhere(registry: Registry, model: str, name: str) -> str:
    """Return a hint such as `; 'name_get' exists until Odoo 17.0`; empty if this generation, or none, has it."""
    if name.startswith("_") or registry.method(model, name) is not None:
        return ""
    definitions = imported(registry[model].definitions) if model in registry else ()
    having = [
        number
        for number in profiles.GENERATIONS
        if name in methods_of(compose(model, definitions, registry.base, number))
    ]
    return f"; {name!r} exists {profiles.span_text(having)}" if having else ""
