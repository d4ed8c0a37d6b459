"""The bundled pack that has a model, for error texts about unknown models."""

from __future__ import annotations

from mockserver.profiles import Profile
from mockserver.seed.files import closure, packs
from mockserver.seed.versions import resolve


def pack_of(model: str, profile: Profile) -> str | None:
    """Return the pack that defines the model in this profile, or None; reads files, so only for errors."""
    for pack in packs():
        files = resolve({str(path): fixture for path, fixture in closure([pack]).items()}, profile)
        if any(model in fixture.get("models", {}) for fixture in files.values()):
            return pack
    return None


def pack_hint(model: str, profile: Profile) -> str:
    """Return `; the pack 'crm' has it: fixtures=["crm"]`, or an empty text."""
    pack = pack_of(model, profile)
    return f'; the pack {pack!r} has it: fixtures=["{pack}"]' if pack else ""
