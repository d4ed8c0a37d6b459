"""Checks of the keys of a contract and the types of their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.seed.files import nearest


class ContractError(ValueError):
    """A contract is invalid; the message is one line with the file, the step and the most similar valid name."""


def check_keys(where: str, data: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Raise ContractError for a key that there is not."""
    for key in data:
        if key not in keys:
            raise ContractError(f"{where}: unknown key {key!r}{nearest(key, keys)} (keys: {', '.join(keys)})")


_TYPES: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    "text": (str, "a text"),
    "list": (list, "a list"),
    "object": (dict, "an object"),
    "headers": (dict, "an object, header to value"),
    "models": (dict, "an object, name to model or null"),
    "texts": (dict, "an object, name to text"),
    "paths": (dict, "an object, name to path, or to [path, model]"),
    "sources": (dict, "an object, name to [source, path or name]"),
    "multipart": (list, "a list of [name, text] and [name, file name, content type, base64]"),
    "list of texts": (list, "a list of texts"),
    "names": ((str, list), "a text or a list of texts"),
    "keep": ((list, dict), "a list of paths, or an object, path to shape"),
    "flag": (bool, "true or false"),
    "flag or text": ((bool, str), "true or false, or the reason as a text"),
    "flag or names": ((bool, list), "true, or a list of fields"),
    "any": (object, ""),
}


def check_type(where: str, key: str, value: Any, wanted: str, *, optional: bool = False) -> None:
    """Raise ContractError where the value of a key is of another type."""
    if value is None and (optional or wanted == "any"):
        return
    types, description = _TYPES[wanted]
    inner = _text_items(value, wanted)
    if not isinstance(value, types) or not all(isinstance(item, str) for item in inner):
        found = "missing" if value is None else f"not {type_name(value)}"
        raise ContractError(
            f"{where}: {key!r} is {description}, {found}" if value is not None else f"{where}: {key!r} is missing"
        )


def _text_items(value: Any, wanted: str) -> Iterable[Any]:
    """Return the items that must be texts."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if wanted in ("texts", "keep", "names", "list of texts", "flag or names"):
        return items
    if wanted in ("headers", "models"):
        return [item for item in items if item is not None]
    if wanted in ("paths", "sources", "multipart"):
        lengths, alone = _LENGTHS[wanted], wanted == "paths"
        return [text for item in items for text in _texts_of(item, lengths, alone)]
    return ()


# how many items the lists of a type have
_LENGTHS = {"paths": (2,), "sources": (2, 3), "multipart": (2, 4)}


def _texts_of(item: Any, lengths: tuple[int, ...], alone: bool) -> Iterable[Any]:
    """Return the texts of a list of one of these lengths; None, which is no text, for any other value."""
    if isinstance(item, str) and alone:
        return [item]
    if not isinstance(item, list) or len(item) not in lengths:
        return [None]
    return item[:2] if lengths == _LENGTHS["sources"] else item  # a third one is any value


def check_texts(where: str, values: list[Any]) -> list[str]:
    """Return a list of texts; raises ContractError."""
    if not all(isinstance(value, str) for value in values):
        raise ContractError(f"{where} is a list of texts")
    return values


def type_name(value: Any) -> str:
    """Return what JSON calls a value, for a message."""
    names = {
        dict: "an object",
        list: "a list of other things",
        str: "a text",
        bool: "true or false",
        type(None): "null",
    }
    return names.get(type(value), "a number")
