"""API keys that are given as an option of the server, not in its data.  Source: versions.md §11.1."""

from __future__ import annotations

from mockserver.orm.database import Database

NAME = "mockserver"


class NoApiKeys(ValueError):
    """The profile has no API keys."""

    def __init__(self, profile: str) -> None:
        super().__init__(f"{profile} has no API keys: its clients log in with a password")


def ensure_key(database: Database, uid: int, key: str) -> None:
    """Make `key` an API key of the user; raises `NoApiKeys`, or ValueError for an empty key."""
    if not database.profile.api_keys:
        raise NoApiKeys(database.profile.name)
    if not key:
        raise ValueError("an API key must not be empty")
    store = database.store
    if not store.having("res.users.apikeys", "key", (key,)):
        with database.transaction():
            database.env(uid).sudo()["res.users.apikeys"].call("create", {"name": NAME, "user_id": uid, "key": key})
