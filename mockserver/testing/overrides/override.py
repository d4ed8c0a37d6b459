"""A method that replaces one of the server: its arguments, its `parent`, and whether an error of it is a mistake."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from mockserver import errors
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema import api
from mockserver.services.named_arguments import signature

EVERY = "*"  # stands for every model
# exceptions that an override may raise as an answer; any other one is a mistake in the test
ANSWERS = (errors.OdooError, errors.HTTPError, errors.DatabaseError, errors.DatabaseExists)
# key in an exception's own dict: the override that made the mistake, None where it is no mistake
_BLAMED = "mockserver_override"


class Parent:
    """The method that an override replaces: `parent()` calls it with the call's arguments, `parent(…)` with others.

    `parent.on(records)` is the same for other records, such as `records.with_context(lang="fr_FR")`.
    """

    def __init__(
        self, method: api.Method | None, label: str, records: Recordset, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self._method = method
        self._label = label
        self._records = records
        self._given = args, kwargs

    def on(self, records: Recordset) -> Parent:
        """Return the replaced method, to be called on these records."""
        return Parent(self._method, self._label, records, *self._given)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the replaced method returns; raises what it raises, and TypeError where there is none."""
        if self._method is None:
            raise TypeError(f"{self._label} has no parent: the server has no such method of its own")
        chosen, named = (args, kwargs) if args or kwargs else self._given
        try:
            return self._method.function(self._records, *chosen, **named)
        except Exception as error:
            # arguments that the override chose and that do not fit are its own mistake
            if not ((args or kwargs) and _in_the_call(error)):
                vars(error).setdefault(_BLAMED, None)
            raise


@dataclass(eq=False)
class Override:
    """One method that replaces another, or is new.

    `model` None: every model.  `ids`: whether a call passes ids first (None: as the replaced method, else yes).
    `private`: whether clients may not call it (None: as its name or the replaced method says).
    `answers`: the answers that the function returns in turn, for one of `respond`.  `optional`: the test does not fail
    if nothing calls it.  `calls`: how often it was called, by clients, through `env` or by other methods.
    `number`: its id among the overrides of a server, from 1.
    """

    model: str | None
    method: str
    function: Callable[..., Any]
    ids: bool | None = None
    private: bool | None = None
    answers: tuple[Any, ...] = ()
    optional: bool = False
    calls: int = 0
    number: int = 0

    @property
    def label(self) -> str:
        """The name in error texts, such as `sale.order.action_confirm`."""
        return f"{self.model or EVERY}.{self.method}"

    def __call__(self, database: Database) -> None:
        """Add the override to a database."""
        with database.lock:
            registry = database.registry
            earlier = registry.methods.get((self.model, self.method))
            known = earlier or database.method(self.model or EVERY, self.method)
            made = api.Method(self.method, self._function(earlier), takes_ids=self.ids is not False)
            if known is not None:
                made = known._replace(function=made.function)
            if self.private is not None:
                made = made._replace(private=self.private, public=not self.private)
            database.registry = registry.with_method(self.model, made)

    def _function(self, earlier: api.Method | None) -> Callable[..., Any]:
        function, with_parent = self.function, _takes_parent(self.function)

        @functools.wraps(function)
        def overriding(records: Recordset, *args: Any, **kwargs: Any) -> Any:
            hidden = earlier or self._hidden(records)
            parent = (Parent(hidden, self.label, records, args, kwargs),) if with_parent else ()
            self.calls += 1
            try:
                return function(records, *parent, *args, **kwargs)
            except ANSWERS:
                raise
            except Exception as error:
                if isinstance(error, TypeError) and _in_the_call(error):
                    raise self._argument_error(error, hidden, args, kwargs) from None
                vars(error).setdefault(_BLAMED, self.label)
                raise

        return overriding

    def _hidden(self, records: Recordset) -> api.Method | None:
        """Return the replaced method: an override for every model, else the server's own method."""
        database = records.env.db
        general = database.registry.methods.get((None, self.method)) if self.model is not None else None
        return general or database.registry.own_method(records._name, self.method)

    def _argument_error(
        self, error: TypeError, hidden: api.Method | None, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> TypeError:
        """Return Python's error about wrong arguments, with the name that a method of a model has in it.

        It is the caller's mistake, unless the replaced method accepts the arguments.
        """
        own = getattr(self.function, "__qualname__", "")
        renamed = TypeError(str(error).replace(own, f"BaseModel.{self.method}", 1))
        vars(renamed)[_BLAMED] = self.label if hidden is not None and _fits(hidden, args, kwargs) else None
        return renamed


def answering(answers: tuple[Any, ...]) -> Callable[..., Any]:
    """Return a method that returns the answers in turn, and the last one from then on; exceptions are raised,
    functions called.

    Raises TypeError for no answer, and for the class of an error.
    """
    if not answers:
        raise TypeError("respond needs an answer: respond(model, method, value)")
    for answer in answers:
        if isinstance(answer, type) and issubclass(answer, BaseException):
            raise TypeError(f"an answer is an error with its text, {answer.__name__}('…'), not its class")
        if callable(answer):
            checked(answer)
    upcoming = chain(answers, repeat(answers[-1]))

    def answer_(records: Recordset, parent: Parent, /, *args: Any, **kwargs: Any) -> Any:
        answer = next(upcoming)
        if isinstance(answer, BaseException):
            vars(answer).setdefault(_BLAMED, None)  # raised on purpose
            raise answer.with_traceback(None)
        if not callable(answer):
            return answer
        return answer(records, *((parent,) if _takes_parent(answer) else ()), *args, **kwargs)

    return answer_


def checked(function: Any) -> Callable[..., Any]:
    """Return the function; raises TypeError if it cannot be an override."""
    if not callable(function):
        raise TypeError(f"an override is a function (records, …), not {function!r}")
    if inspect.iscoroutinefunction(function):
        raise TypeError("an override is a plain function, not an asynchronous one")
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        raise TypeError(f"{function!r} has no readable signature: wrap it in a function (records, …)") from None
    if not any(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.VAR_POSITIONAL) for p in parameters):
        raise TypeError(f"an override takes the records first: (records, …), not {inspect.signature(function)}")
    return function  # type: ignore[no-any-return]


def mistake(error: BaseException | None) -> BaseException | None:
    """Return the exception, among an error and its causes, that is a mistake of an override, or None."""
    while error is not None and not vars(error).get(_BLAMED):
        error = error.__cause__
    return error


def _takes_parent(function: Callable[..., Any]) -> bool:
    return list(inspect.signature(function).parameters)[1:2] == [api.PARENT]


def _in_the_call(error: BaseException) -> bool:
    """Return whether an error was raised by the call of a function, before any of its own lines ran."""
    return isinstance(error, TypeError) and error.__traceback__ is not None and error.__traceback__.tb_next is None


def _fits(method: api.Method, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    try:
        signature(method.function).bind(None, *args, **kwargs)
    except TypeError:
        return False
    return True
