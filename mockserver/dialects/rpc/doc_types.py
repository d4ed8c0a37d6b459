"""What the API documents of 19.0 say about the methods that every model has: types, and whether they only read.

Source: signatures of Odoo 19.0; recorded in json2-calls (19.0).
"""

from __future__ import annotations

_ROWS, _IDS, _DICTS, _TRUE = "list[ValuesType]", "list[int]", "list[dict]", "typing.Literal[True]"

# method → the type of its result, with records as ids
RETURNS = {
    "copy": _IDS, "copy_data": _ROWS, "create": _IDS, "default_get": "ValuesType",
    "fields_get": "dict[str, ValuesType]", "formatted_read_group": _DICTS,
    "formatted_read_grouping_sets": "list[list[dict]]", "get_metadata": _ROWS, "has_access": "bool",
    "name_create": "tuple[int, str] | typing.Literal[False]", "name_search": "list[tuple[int, str]]", "read": _ROWS,
    "search": _IDS, "search_count": "int", "search_read": _ROWS, "unlink": _TRUE, "web_name_search": _DICTS,
    "web_read": _DICTS, "web_read_group": "dict", "web_resequence": _DICTS, "web_save": _DICTS,
    "web_save_multi": _DICTS, "web_search_read": "dict", "write": _TRUE,
}  # fmt: skip

_TYPES = {"domain": "DomainType", "offset": "int", "limit": "int | None", "order": "str | None"}
# method → {parameter: type}
PARAMETERS: dict[str, dict[str, str]] = {
    "copy": {"default": "ValuesType | None"},
    "create": {"vals_list": "list[ValuesType]"},
    "default_get": {"fields": "list[str]"},
    "fields_get": {"allfields": "Collection[str] | None", "attributes": "Collection[str] | None"},
    "name_search": {"name": "str", "domain": "DomainType | None", "operator": "str", "limit": "int"},
    "read": {"fields": "Sequence[str] | None", "load": "str"},
    "search": _TYPES,
    "search_count": {"domain": "DomainType", "limit": "int | None"},
    "search_read": {**_TYPES, "domain": "DomainType | None", "fields": "Sequence[str] | None"},
    "web_read": {"specification": "dict[str, dict]"},
    "web_save": {"vals": "ValuesType", "specification": "dict[str, dict]", "next_id": "int | None"},
    "write": {"vals": "ValuesType"},
}

# the methods that cannot change anything
READONLY = frozenset(
    """
    default_get export_data fields_get formatted_read_group formatted_read_grouping_sets get_metadata get_view
    get_views name_search read read_group read_progress_bar search search_count search_panel_select_multi_range
    search_panel_select_range search_read web_name_search web_read web_read_group web_search_read
    """.split()  # noqa: SIM905
)
