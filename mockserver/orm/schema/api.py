"""The decorators of model methods, and the description of a method for its callers.

Clients may call the public methods of a model class, those without a leading underscore.  Calls pass ids first, except
to methods marked with `@model`.  Decorators only store notes on the function; `composition` reads them when it makes
the class of a model's records.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar, overload
from weakref import WeakKeyDictionary

from mockserver import profiles

Function = TypeVar("Function", bound=Callable[..., Any])

# Methods that every model of the real server has and clients may not call; other private names do not exist there.
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
# methods of recordsets that are meant for code on the server; Source: versions.md §6
HELPERS = frozenset(
    """
    add_to_compute concat ensure_one filtered filtered_domain flush_model flush_recordset grouped invalidate_model
    invalidate_recordset mapped remove_to_compute sorted union with_company with_context with_env with_prefetch
    with_user
    """.split()  # noqa: SIM905
)
# those that clients can call until 18
LATE_HELPERS = frozenset({"browse", "modified", "sudo", "update"})

PARENT = "parent"  # the name of the second parameter of a test's override, if it takes the overridden method
_NOTES = "mockserver_notes"


class Notes(NamedTuple):
    """What the decorators of one function say."""

    on_model: bool | None = None  # whether calls pass no ids; None: like the method that it overrides
    private: bool = False
    name: str | None = None  # the method's name, if it differs from the function's
    since: int = profiles.FIRST
    until: int | None = None
    private_since: int | None = None
    for_clients: bool = False  # only for clients; code on the server finds something else by that name
    over_http: bool = False  # needs the request of a web client
    returns_id: bool = False  # returns a record, of which clients of older generations get the id
    depends: tuple[str, ...] | None = None
    computes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    onchange: tuple[str, ...] = ()
    ondelete: bool = False

    @property
    def versioned(self) -> bool:
        """Whether the method has another name than the function, or exists in some generations only."""
        return self.name is not None or (self.since, self.until) != (profiles.FIRST, None)


NO_NOTES = Notes()


def notes(function: Any) -> Notes:
    """Return the notes that decorators stored on a function."""
    found: Notes = getattr(function, "__dict__", {}).get(_NOTES, NO_NOTES)
    return found


def _noting(**changes: Any) -> Callable[[Function], Function]:
    def note(function: Function) -> Function:
        function.__dict__[_NOTES] = notes(function)._replace(**changes)
        return function

    return note


@overload
def model(function: Function, /) -> Function: ...
@overload
def model(**versions: Any) -> Callable[[Function], Function]: ...
def model(function: Function | None = None, /, **versions: Any) -> Any:
    """Mark a method whose calls pass no ids; takes the arguments of `versions`."""
    note = _noting(on_model=True, **_checked(versions))
    return note if function is None else note(function)


def model_create_multi(function: Function, /) -> Function:
    """Mark a `create` that takes a list of values; here every `create` accepts one."""
    return _noting(on_model=True)(function)


def private(function: Function, /) -> Function:
    """Mark a method that clients may not call, although its name is public."""
    return _noting(private=True)(function)


def over_http(function: Function, /) -> Function:
    """Mark a method that asks for the password again, for which it needs the request of a web client."""
    return _noting(over_http=True)(function)


def returns_id(function: Function, /) -> Function:
    """Mark a method that returns one record, of which clients get the id (from 19 on a list, as of any method)."""
    return _noting(returns_id=True)(function)


def versions(**given: Any) -> Callable[[Function], Function]:
    """Set the generations in which a method exists, and its name if it differs from the function's.

    `since`, `until`: the first and the last generation, such as 17.  `private_since`: the first in which clients may
    not call it.  `name`: the method's name, for the second of two functions.  `for_clients`: only clients find it.
    `on_model=False`: calls pass ids, although those of the method that it overrides do not.
    """
    return _noting(**_checked(given))


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    for name in given:
        if name not in ("since", "until", "private_since", "name", "for_clients", "private", "on_model"):
            raise TypeError(f"a method has since, until, private_since, name and for_clients, not {name!r}")
    return given


def depends(*paths: str) -> Callable[[Function], Function]:
    """Set the fields on which a computed field depends, as paths such as `line_ids.subtotal`."""
    for path in paths:
        if not isinstance(path, str):
            raise TypeError(f"@api.depends takes names of fields, not {path!r}")
    return _noting(depends=paths)


def computes(*fields: str) -> Callable[[Function], Function]:
    """Name the fields of a fixture that a method computes, if there are several or its name does not tell.

    A field declared in a class names its method itself: `compute="_compute_total"`.
    """
    return _noting(computes=_names(fields, "computes"))


def computed_after(*fields: str) -> Callable[[Function], Function]:
    """Compute the field of a new record after other computed fields, though it does not follow them later."""
    return _noting(after=_names(fields, "computed_after"))


def depends_context(*keys: str) -> Callable[[Function], Function]:
    """Accept the context keys on which a computed field depends; no effect, since values are not cached here."""
    return _noting()


def constrains(*fields: str) -> Callable[[Function], Function]:
    """Run a method on the records when one of the fields is written; it raises ValidationError for invalid values."""
    return _noting(constrains=_names(fields, "constrains"))


def onchange(*fields: str) -> Callable[[Function], Function]:
    """Run a method on a form's record when one of the fields changes; it assigns values, and may return a warning."""
    return _noting(onchange=_names(fields, "onchange"))


def ondelete(*, at_uninstall: bool = False) -> Callable[[Function], Function]:
    """Run a method before records are deleted; it raises UserError to prevent that."""
    return _noting(ondelete=True)


def _names(fields: tuple[Any, ...], decorator: str) -> tuple[str, ...]:
    for name in fields:
        if not isinstance(name, str) or "." in name:
            raise TypeError(f"@api.{decorator} takes names of fields of the model, not {name!r}")
    return fields


class Method(NamedTuple):
    """A method that can be called; `takes_ids`: whether the first argument of a call is ids.

    It exists in the generations from `since` to `until`, inclusive; None: up to the last.
    """

    name: str
    function: Callable[..., Any]
    takes_ids: bool
    private: bool = False
    since: int = profiles.FIRST
    until: int | None = None
    private_since: int | None = None
    public: bool = False  # clients may call it, whatever its name
    over_http: bool = False
    returns_id: bool = False
    reads_records: bool = False  # it begins by reading the records, for which the user needs the right

    @property
    def positional(self) -> int | None:
        """The number of arguments that a call may pass by position, ids included; None for any number."""
        found = _positional(self.function)
        return None if found is None else found + self.takes_ids

    def refused(self, rules: profiles.Rules) -> bool:
        """Return whether clients may not call it."""
        since = self.private_since
        if self.public:
            return False
        return self.private or (since is not None and profiles.offered(rules.generation, since, None))


def _positional(function: Callable[..., Any]) -> int | None:
    """Return the number of parameters that a call may give by position, without the records; None for any number."""
    try:
        return _counted[function]
    except KeyError:
        found = _counted[function] = _count(function)
        return found
    except TypeError:  # an object that takes no weak reference
        return _count(function)


# what `_positional` returned, as long as the function is there: those of a test go with it
_counted: WeakKeyDictionary[Callable[..., Any], int | None] = WeakKeyDictionary()


def _count(function: Callable[..., Any]) -> int | None:
    parameters = list(inspect.signature(function).parameters.values())
    if any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in parameters):
        return None
    hidden = 2 if len(parameters) > 1 and parameters[1].name == PARENT else 1
    return sum(p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for p in parameters) - hidden


# the methods of a class of records, by name
Methods = Mapping[str, Method]
