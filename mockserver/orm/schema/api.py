"""The registry of methods that a client may call: decorators, lookup, and nothing by `getattr`.

A method is a function whose first parameter is the recordset.  `@model` methods take all arguments
of the call; `@record` methods run on the ids that the call passes first.  A function registered for
one model (`@record("res.users")`) with a second parameter named `parent` overrides and may call the
method it hides.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from mockserver import profiles

Function = TypeVar("Function", bound=Callable[..., Any])

# Names that every model of the real server has and refuses to callers; any other name does not exist there.
PRIVATE_NAMES = frozenset(
    """
    _add_field _add_inherited_fields _add_magic_fields _add_missing_default_values _auto_init _browse _build_model
    _cache _check_company _check_concurrency _check_m2m_recursion _check_parent_path _check_qweb _check_recursion
    _compute_display_name _compute_field_value _constraint_methods _convert_records _convert_to_record
    _convert_to_write _create _determine_fields_to_fetch _export_rows _extract_records _fetch_field _fetch_query
    _field_to_sql _fields _filter_access_rules _filter_access_rules_python _flush _flush_search _generate_order_by
    _get_external_ids _get_placeholder_filename _in_cache_without _inherits_children _inherits_join_calc
    _init_column _invalidate_cache _is_an_ordinary_table _load_records _load_records_create _load_records_write
    _mapped_cache _mapped_func _name _name_search _names_search _onchange_eval _onchange_methods _onchange_spec
    _ondelete_methods _order_field_to_sql _order_to_sql _origin _parent_store_compute _parent_store_create
    _parent_store_update _populate _pop_field _post_model_setup__ _prepare_create_values _prepare_setup
    _process_end_unlink_record _read _read_format _read_group _read_group_empty_value _read_group_select
    _read_group_format_result _register_hook _rec_name_fallback _search _search_display_name _setup_base
    _setup_complete _setup_fields _table _unregister_hook _update_cache _validate_fields _where_calc _write
    init
    """.split()  # noqa: SIM905
) | frozenset(name for name in dir(object) if name.startswith("__"))
# what recordsets do for code on the server; Source: versions.md §6
HELPERS = frozenset(
    """
    add_to_compute concat ensure_one filtered filtered_domain flush_model flush_recordset grouped invalidate_model
    invalidate_recordset mapped remove_to_compute sorted sudo union with_company with_context with_env with_prefetch
    with_user
    """.split()  # noqa: SIM905
)

PARENT = "parent"  # second parameter of a method that overrides another

# (model or None, method name) → its methods, one for each span of generations
METHODS: dict[tuple[str | None, str], list[Method]] = {}


@dataclass(frozen=True)
class Method:
    """One callable method: `takes_ids` tells whether the first argument of a call is ids.

    It exists in the generations from `since` to `until`, both included.
    """

    name: str
    function: Callable[..., Any]
    takes_ids: bool
    private: bool = False
    since: int = profiles.FIRST
    until: int = profiles.LAST
    private_since: int | None = None
    public: bool = False  # whatever its name says

    @functools.cached_property
    def positional(self) -> int | None:
        """How many arguments a call may pass by position, ids among them; None for any number."""
        parameters = list(inspect.signature(self.function).parameters.values())
        if any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in parameters):
            return None
        hidden = 2 if len(parameters) > 1 and parameters[1].name == "parent" else 1
        by_position = [p for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
        return len(by_position) - hidden + self.takes_ids

    def refused(self, rules: profiles.Rules) -> bool:
        """Whether the wire may not call it."""
        since = self.private_since
        if self.public:
            return False
        return self.private or (since is not None and profiles.offered(rules.generation, since, profiles.LAST))


class DuplicateMethod(ValueError):
    """Two functions claim the same method of the same model."""


def model(
    *models: str,
    private: bool = False,
    since: int = profiles.FIRST,
    until: int = profiles.LAST,
    private_since: int | None = None,
) -> Callable[[Function], Function]:
    """Register a method without ids, on every model or on the models named."""
    return _register(models, takes_ids=False, private=private, since=since, until=until, private_since=private_since)


def record(
    *models: str,
    private: bool = False,
    since: int = profiles.FIRST,
    until: int = profiles.LAST,
    private_since: int | None = None,
) -> Callable[[Function], Function]:
    """Register a method whose first argument is ids, on every model or on the models named.

    `private`: usable through `mockserver.env`, refused over the wire with the server's own text.
    """
    return _register(models, takes_ids=True, private=private, since=since, until=until, private_since=private_since)


def _register(models: tuple[str, ...], **attributes: Any) -> Callable[[Function], Function]:
    def add(function: Function) -> Function:
        name = function.__name__.rstrip("_0123456789")
        # Python names the function in its own "missing argument" texts, which clients see
        function.__qualname__ = f"BaseModel.{name}"
        for owner in models or (None,):
            method = Method(name, _with_parent(owner, name, function), **attributes)
            known = METHODS.setdefault((owner, name), [])
            if any(profiles.overlap(method.since, method.until, other.since, other.until) for other in known):
                raise DuplicateMethod(f"method {name!r} of {owner or 'every model'} is registered twice")
            known.append(method)
        find.cache_clear()
        return function

    return add


def _with_parent(owner: str | None, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    parameters = list(inspect.signature(function).parameters)
    if owner is None or len(parameters) < 2 or parameters[1] != PARENT:
        return function

    @functools.wraps(function)
    def overriding(records: Any, *args: Any, **kwargs: Any) -> Any:
        hidden = _general(name, records.env.db.profile.generation)
        if hidden is None:
            raise AttributeError(name)
        return function(records, functools.partial(hidden.function, records), *args, **kwargs)

    return overriding


@functools.lru_cache(maxsize=8192)
def find(model_name: str, name: str, generation: int) -> Method | None:
    """The method that a model answers to under that name in a generation, or None."""
    return _of(METHODS.get((model_name, name), ()), generation) or _general(name, generation)


def _general(name: str, generation: int) -> Method | None:
    return _of(METHODS.get((None, name), ()), generation)


def _of(methods: Iterable[Method], generation: int) -> Method | None:
    return next((m for m in methods if profiles.offered(generation, m.since, m.until)), None)
