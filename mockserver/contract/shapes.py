"""The shapes of the results of ORM methods, as `shape` in a contract names them."""

from __future__ import annotations

from typing import Any

_SHAPES = {
    **dict.fromkeys(("create", "copy"), "id"),
    **dict.fromkeys(("search", "exists"), "ids"),
    "name_create": "name",
    **dict.fromkeys(("name_search", "name_get"), "names"),
    **dict.fromkeys(("read", "search_read"), "records"),
    **dict.fromkeys(("web_read", "web_save"), "web"),
    **dict.fromkeys(("read_group", "formatted_read_group"), "groups"),
}
# ORM methods that change no data
READ_ONLY_METHODS = frozenset({
    *_SHAPES, "search_count", "fields_get", "default_get", "check_access_rights", "check_access_rule", "has_access",
    "web_search_read", "web_read_group", "get_metadata", "onchange", "export_data", "get_external_id", "get_param",
    "search_fetch", "search_panel_select_range", "context_get", "has_group", "get_view", "get_views",
    "fields_view_get", "load_views", "get_formview_id", "get_formview_action", "copy_data",
}) - {"create", "copy", "name_create", "web_save"}  # fmt: skip


def shape(model: str, method: str, result: Any) -> str:
    """Return the shape of the result of a method, `raw` for an unknown method."""
    kind = _SHAPES.get(method, "raw")
    if kind == "id" and isinstance(result, list):
        kind = "ids"
    return kind if kind == "raw" else f"{kind}:{model}"
