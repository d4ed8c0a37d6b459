"""`MockServerTestCase`: the counterpart of the pytest fixture for tests written with `unittest`."""

from __future__ import annotations

import atexit
import contextlib
import difflib
import functools
import inspect
import sys
import unittest
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mockserver.testing.pool import Configuration, Pool, check_settings

if TYPE_CHECKING:
    from mockserver.server.server import MockServer

_NEAR = 0.85  # how near the name of an attribute must be to that of a setting to count as misspelt
_pool = Pool()
atexit.register(_pool.close)


class MockServerTestCase(unittest.TestCase):
    """A test case with a running server, `self.mockserver`, which is reset for each test.

        class OrderTest(MockServerTestCase):
            fixtures = ["sale"]

            def test_an_order_is_confirmed(self):
                confirm_orders(self.mockserver.url)
                self.mockserver.assert_called("sale.order", "action_confirm")

    The class attributes are the arguments of `MockServer`; paths of fixtures are relative to the file of the class
    that names them.  Classes with equal attributes share a server.  An error in the server itself fails the test,
    and so do faults that hit no call and other problems.  Works with `IsolatedAsyncioTestCase`
    as a second base class.
    """

    profile: ClassVar[str | None] = None
    fixtures: ClassVar[Iterable[str | Path]] = ()
    models: ClassVar[Iterable[type]] = ()
    db: ClassVar[str | Iterable[str]] = "mock"
    rest: ClassVar[str | Iterable[str] | None] = None
    journal: ClassVar[int | bool] = True
    strict: ClassVar[bool] = False
    control: ClassVar[bool] = False
    demo: ClassVar[bool] = True
    allow_webhooks: ClassVar[bool] = False

    _server: MockServer | None = None
    _failed = False

    @property
    def mockserver(self) -> MockServer:
        """The server, in its initial state; raises what `MockServer` raises for invalid attributes."""
        if self._server is None:
            configuration = self._configuration()
            self._server = _pool.take(configuration)
            self.addCleanup(self._give_back, configuration)
        return self._server

    def run(self, result: unittest.TestResult | None = None) -> unittest.TestResult | None:
        """Run the test; problems of the server count as part of it."""
        name = self._testMethodName
        setattr(self, name, self._checked(getattr(self, name)))
        return super().run(result)

    @classmethod
    def _configuration(cls) -> Configuration:
        cls._check_attributes()
        owner = next(base for base in cls.__mro__ if "fixtures" in vars(base))
        folder = Path(getattr(sys.modules[owner.__module__], "__file__", None) or "").absolute().parent
        # vars() would miss attributes of base classes
        settings = {name: getattr(cls, name) for name in Configuration._fields}
        check_settings(settings, cls.__name__)
        return Configuration.of(folder, **settings)

    @classmethod
    def _check_attributes(cls) -> None:
        """Raise ValueError for an attribute of a subclass whose name is nearly that of a setting, such as `fixture`."""
        for base in cls.__mro__[: cls.__mro__.index(MockServerTestCase)]:
            for name, value in vars(base).items():
                if name in Configuration._fields or name.startswith("_") or callable(value):
                    continue
                if near := difflib.get_close_matches(name, Configuration._fields, 1, _NEAR):
                    raise ValueError(f"{base.__name__}.{name}: did you mean {near[0]!r}?")

    def _checked(self, method: Callable[[], Any]) -> Callable[[], Any]:
        if inspect.iscoroutinefunction(method):

            @functools.wraps(method)
            async def waiting() -> Any:
                with self._errors_reported():
                    return await method()

            return waiting

        @functools.wraps(method)
        def plain() -> Any:
            with self._errors_reported():
                return method()

        return plain

    @contextlib.contextmanager
    def _errors_reported(self) -> Iterator[None]:
        """Fail with an error in the server itself, or for its problems; add the last calls to any failure."""
        try:
            yield
            if self._server is not None:
                self._server.raise_errors()
        except Exception as symptom:
            self._failed = True
            if self._server is None or isinstance(symptom, unittest.SkipTest):
                raise
            # the client has only seen an error 500
            error = self._server.errors.pop(0) if self._server.errors else symptom
            self._note(error, self._server)
            if error is symptom:
                raise
            raise error from symptom

    @staticmethod
    def _note(error: BaseException, server: MockServer) -> None:
        """Add the problems of the server, which may be the cause, and the last calls to the traceback."""
        if sys.version_info >= (3, 11):  # exceptions have notes from 3.11 on
            from mockserver.testing.journal.report import TITLE, section
            from mockserver.testing.strict import HINTS, hints

            lines = [*server.problems(), "", f"{TITLE}:", section(server.calls)]
            if not server.strict.on and (found := hints(server.app, server.calls)):
                lines += ["", f"{HINTS}:", *found]
            error.add_note("\n".join(lines))

    def _give_back(self, configuration: Configuration) -> None:
        server, self._server = self._server, None
        assert server is not None
        _pool.give_back(configuration, server)
        if not self._failed:  # else one failure would be reported twice
            server.raise_errors()  # errors in tearDown
