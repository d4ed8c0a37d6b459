"""Run the method of a computed field: the values that it assigns are its result, and are not written.

A *frame* holds the values of one such run, or values that a method sees before they are stored (in an inverse or an
onchange).  The frames of a database form a stack; an assignment goes to the topmost frame that accepts it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from mockserver.errors import OdooError
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.numbers import Monetary, round_to

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset
    from mockserver.orm.schema.model import Model
    from mockserver.orm.storage.store import Row

# returned where no frame has a value
MISSING: Any = object()
Found = TypeVar("Found")


class Computed:
    """What compute methods find for the records of one `read`."""

    def __init__(self) -> None:
        # {(model, method): {field: {id: value}}}
        self.values: dict[tuple[str, str], Mapping[str, Mapping[int, Any]]] = {}
        # what the methods look up for each other, with the context in which they do; see `shared`
        self.shared: dict[tuple[Any, ...], tuple[Mapping[str, Any], Any]] = {}


class Frame:
    """Values of some fields of some records, which `assign` fills."""

    def __init__(self, model: str, fields: Collection[str], ids: Iterable[int], method: str = "") -> None:
        self.model = model
        self.method = method
        self.ids = frozenset(ids)
        self.values: dict[str, dict[int, Any]] = {name: {} for name in fields}
        self.computed: Computed | None = None  # the values are computed for a `read`
        self.kept: frozenset[str | None] = frozenset()  # the methods of written fields, while their inverses run

    def keeps(self, model: str, compute: str | None) -> bool:
        """Return whether values that a call wrote to a field with this method are not to be computed meanwhile."""
        return model == self.model and compute in self.kept

    def takes(self, model: str, name: str, ids: Sequence[int]) -> bool:
        """Return whether the frame accepts an assignment to a field of these records."""
        return name in self.values and model == self.model and self.ids.issuperset(ids)

    def assign(self, records: Recordset, field: Field, value: Any) -> None:
        """Set the value of a field for each of the records, as rows hold it."""
        held, ids = self.values[field.name], records._ids
        if field.depends_on_record:
            for record in records:
                held[record._ids[0]] = as_stored(record, field, value)
        elif len(ids) == 1:
            held[ids[0]] = field.to_result(value)
        else:
            held.update(dict.fromkeys(ids, field.to_result(value)))

    def assign_each(self, records: Recordset, field: Field, found: Mapping[int, Any]) -> None:
        """Set the value of a field for each record by its id."""
        held = self.values[field.name]
        if field.depends_on_record:
            held.update(_each_as_stored(records, field, found))
            return
        before = stored = MISSING
        for id_, value in found.items():
            if value is not before:  # many records have the same value
                before, stored = value, field.to_result(value)
            held[id_] = stored


def as_stored(record: Recordset, field: Field, value: Any) -> Any:
    """Return an assigned value as rows hold it: a relation as ids, an amount rounded to its currency."""
    if field.x2many:
        return tuple(value[0][2]) if value and isinstance(value[0], (list, tuple)) else tuple(value or ())
    stored = field.to_result(value)
    if stored and isinstance(field, Monetary):
        currency = record._model.currencies.get(field.name)
        stored = round_to(stored, _rounding(record, currency)) if currency is not None else stored
    return stored


def _each_as_stored(records: Recordset, field: Field, found: Mapping[int, Any]) -> dict[int, Any]:
    """Return `as_stored` for the value of each record by its id."""
    env, currency = records.env, records._model.currencies.get(field.name)
    if field.x2many or currency is None:
        return {id_: as_stored(records, field, value) for id_, value in found.items()}
    held = currency.direct and not framed(env.db.frames, records._name, currency.name)
    rows, steps, stored = env.db.store.rows(records._name), dict[Any, float](), dict[int, Any]()
    for id_, value in found.items():
        amount = field.to_result(value)
        if amount and held:
            of = rows[id_].get(currency.name)
            if of not in steps:
                steps[of] = smallest_amount(env, of)
            amount = round_to(amount, steps[of])
        elif amount:
            amount = round_to(amount, _rounding(records.browse(id_), currency))
        stored[id_] = amount
    return stored


def _rounding(record: Recordset, currency: Field) -> float:
    """Return the smallest amount of the currency that a field of a record names; 0.0 without one."""
    row, frames = record._rows()[0], record.env.db.frames
    id_: Any = frame_value(frames, record._name, currency, row["id"]) if frames else MISSING
    if id_ is MISSING:
        id_ = row.get(currency.name) if currency.column else record[currency.name].id
    return smallest_amount(record.env, id_)


def smallest_amount(env: Environment, currency: int | None) -> float:
    """Return the smallest amount of a currency, such as 0.01; 0.0 for none or an unknown one."""
    found = env.db.store.get("res.currency", currency or 0)
    return float(found.get("rounding") or 0.0) if found else 0.0


def frame_of(frames: Sequence[Frame], records: Recordset, name: str) -> Frame | None:
    """Return the topmost frame that accepts an assignment to the field of these records."""
    for frame in reversed(frames):
        if frame.takes(records._name, name, records._ids):
            return frame
    return None


def framed(frames: Sequence[Frame], model: str, name: str) -> bool:
    """Return whether a frame may have a value of the field."""
    for frame in frames:  # noqa: SIM110 (a generator takes twice as long)
        if frame.model == model and name in frame.values:
            return True
    return False


def frame_value(frames: Sequence[Frame], model: str, field: Field, id_: int) -> Any:
    """Return the value that the topmost frame has for a field of a record; `MISSING` if no frame has one."""
    for depth, frame in enumerate(reversed(frames)):
        if frame.model == model and field.name in frame.values and id_ in frame.ids:
            if id_ in frame.values[field.name]:
                return frame.values[field.name][id_]
            if frame.method and not field.column:
                if depth:
                    raise RecursionError(f"{model}.{field.name}, computed by {frame.method}, depends on itself")
                return None  # the method reads a field before it assigns it
    return MISSING


def shared(records: Recordset, name: str, look_up: Callable[[], Found]) -> Found:
    """Return what `look_up` finds for the records, which may be what another method of the same `read` has found.

    For what several compute methods ask of the same records: it follows from rows, from the user and from the context.
    """
    env = records.env
    frames = env.db.frames
    computed = frames[0].computed if len(frames) == 1 else None  # further frames may have values that count
    if computed is None:
        return look_up()
    key = name, records._name, records._ids, env.uid, env.su, env.db.store.changes
    context, found = computed.shared.get(key, (None, None))
    if context != env.context:
        found = look_up()
        computed.shared[key] = env.context, found
    return found  # type: ignore[return-value]


def evaluate(
    env: Environment, model: Model, field: Field, ids: Iterable[int], computed: Computed | None = None
) -> dict[str, dict[int, Any]]:
    """Return `{field: {id: value}}` for all fields that the method of `field` computes.

    Raises the errors of the method, and ValueError if it assigned no value to a record; a stored field keeps its value.
    """
    db = env.db
    method = str(field.compute)
    records = env.browse(model, dict.fromkeys(ids))  # a call may name a record twice
    frame = Frame(model.name, model.computed_by[method], records._ids, method)
    frame.computed = computed
    with db.lock:
        db.frames.append(frame)
        try:
            getattr(records, method)()
        except OdooError:
            raise
        except Exception as error:
            _add_note(error, f"{model.name}.{field.name} is computed by {_source_location(records, method)}")
            raise
        finally:
            db.frames.pop()
    assigned = frame.values[field.name]
    if len(assigned) < len(records._ids) and not field.column:
        left = next(record for record in records if record._ids[0] not in assigned)
        raise ValueError(f"Compute method failed to assign {left!r}.{field.name}")
    return frame.values


def value_of(env: Environment, model: Model, field: Field, row: Row) -> Any:
    """Return the value of a computed field for one row."""
    id_: int = row["id"]
    return evaluate(env, model, field, (id_,))[field.name][id_]


def _source_location(records: Recordset, method: str) -> str:
    function = getattr(type(records), method)
    code = getattr(function, "__code__", None)
    where = f" ({code.co_filename}:{code.co_firstlineno})" if code else ""
    return f"{function.__qualname__}{where}"


def _add_note(error: BaseException, text: str) -> None:
    """Add a note to an error; its own text stays as it is, since clients see it."""
    known = vars(error).setdefault("__notes__", [])
    if text not in known:
        known.append(text)
