"""Read, check and write the file of a contract; docs/contracts.md describes the format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockserver import json_files, profiles
from mockserver.contract.checks import ContractError, check_keys, check_texts, check_type
from mockserver.contract.step_format import check_labels, parse_step
from mockserver.contract.steps import Contract
from mockserver.saving import save

KEYS = (
    "$schema", "name", "about", "profile", "recorded_from", "fixtures", "models", "ignore", "fields", "users",
    "consumer", "steps",
)  # fmt: skip


def read(path: str | Path) -> Contract:
    """Read a contract from a file; raises ContractError."""
    try:
        data = json_files.read(path)
    except json_files.NotJson as error:
        raise ContractError(str(error)) from None
    return parse(data, str(path))


def is_contract(path: str | Path) -> bool:
    """Return whether a file is JSON with steps, whatever else may be wrong with it."""
    try:
        data = json_files.read(path)
    except json_files.NotJson:
        return False
    return isinstance(data, dict) and "steps" in data


def write(path: str | Path, data: Mapping[str, Any]) -> None:
    """Check a contract and write it to a file, one line for each step.  Raises ContractError and OSError."""
    parse(data, str(path))
    head = {key: value for key, value in data.items() if key != "steps"}
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("}").rstrip()
    steps = ",\n".join(f"  {json.dumps(step, ensure_ascii=False)}" for step in data["steps"])
    save(path, f'{opening}{"," if head else ""}\n "steps": [\n{steps}\n ]\n}}\n')


def parse(data: Any, source: str) -> Contract:
    """Return the contract of parsed JSON; `source` names it in errors.  Raises ContractError."""
    if not isinstance(data, dict) or not isinstance(data.get("steps"), list):
        raise ContractError(f"{source}: a contract is a JSON object with a list of 'steps'")
    check_keys(source, data, KEYS)
    wanted = {
        "name": "text",
        "about": "text",
        "consumer": "text",
        "recorded_from": "text",
        "fixtures": "list",
        "ignore": "list",
    }
    for key, kind in {**wanted, "fields": "object", "users": "object", "models": "list", "profile": "text"}.items():
        check_type(source, key, data.get(key), kind, optional=True)
    _check_fields(source, data.get("fields", {}))
    users = _users(source, data.get("users", {}))
    steps = [
        parse_step(f"{source}: step {number}", number, step, users) for number, step in enumerate(data["steps"], 1)
    ]
    check_labels(source, steps)
    return Contract(
        source,
        steps,
        data.get("name", ""),
        data.get("about", ""),
        _profile(source, data),
        tuple(check_texts(f"{source}: 'fixtures'", data.get("fixtures", []))),
        tuple(check_texts(f"{source}: 'ignore'", data.get("ignore", []))),
        data.get("fields", {}),
        users,
        data.get("consumer", ""),
    )


def _profile(source: str, data: Mapping[str, Any]) -> str | None:
    """Return the named profile, or the first one whose server version is the recorded one."""
    if "profile" in data:
        try:
            return profiles.get(data["profile"]).name
        except profiles.UnknownProfile as error:
            raise ContractError(f"{source}: {error}") from None
    version = data.get("recorded_from")
    return next((name for name, profile in profiles.PROFILES.items() if profile.server_version == version), None)


def _users(source: str, users: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    for name, user in users.items():
        where = f"{source}: 'users': {name}"
        check_type(source, f"users: {name}", user, "texts")
        check_keys(where, user, ("login", "password"))
        for key in ("login", "password"):
            check_type(where, key, user.get(key), "text")
    return users


def _check_fields(source: str, fields: Mapping[str, Any]) -> None:
    for model, described in fields.items():
        if not isinstance(described, dict) or not all(
            isinstance(attributes, dict) for attributes in described.values()
        ):
            raise ContractError(f"{source}: 'fields' of {model}: an object, field name to what fields_get tells of it")
