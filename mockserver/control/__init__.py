"""The control API and page under `/_mock/`: the test kit for other languages and for the browser.

`Control` is a WSGI layer in front of an app.  Requests to it never reach the app, so they are not in the journal and
no fault applies to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from mockserver.control import behaviour, calls, changes, data, openapi, outbox, page, state, verification, webhooks
from mockserver.control.access import Access
from mockserver.control.answers import ANSWER_HEADERS, Answer, Refusal, json_answer
from mockserver.control.routes import MAX_BODY, Controlled, Route, arguments
from mockserver.control.snapshots import Snapshots
from mockserver.dialects import Request
from mockserver.seed.files import nearest
from mockserver.testing.kit import Kit
from mockserver.testing.part import Part

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PREFIX = "/_mock"
ROUTES: tuple[Route, ...] = (
    *state.ROUTES, *calls.ROUTES, *changes.ROUTES, *verification.ROUTES, *outbox.ROUTES, *webhooks.ROUTES,
    *behaviour.ROUTES, *data.ROUTES,
)  # fmt: skip
_OPEN = frozenset(PREFIX + route.path for route in ROUTES if route.open)


class Control(Part):
    """The app of a kit with `/_mock/` in front of it.

    `reset` restores the initial state; `access` says who is answered, this machine by default.
    """

    def __init__(self, kit: Kit, reset: Callable[[], None], access: Access | None = None) -> None:
        self._app = kit.app
        self._access = access or Access()
        self._controlled = Controlled(kit, reset, Snapshots(kit))
        rules = [
            Rule(f"{PREFIX}{route.path.replace('{', '<').replace('}', '>')}", endpoint=route, methods=[route.verb])
            for route in ROUTES
        ]
        fixed = {"/": page.answer, "/openapi.json": lambda: json_answer(openapi.description(ROUTES))}
        rules += [Rule(PREFIX + path, endpoint=make, methods=["GET"]) for path, make in fixed.items()]
        self._map = Map(rules, merge_slashes=False, redirect_defaults=False)

    def begin(self) -> None:
        """Forget the snapshots: they were taken of a state that is gone."""
        self._controlled.snapshots.clear()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a WSGI request.  It raises nothing but for bugs of this package."""
        # WSGI decodes paths as Latin-1
        path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
        if not path.startswith(PREFIX) or path[len(PREFIX) : len(PREFIX) + 1] not in ("", "/"):
            return self._app(environ, start_response)
        try:
            answer = self._answer(environ, path)
        except Refusal as refusal:
            answer = refusal.answer()
        except HTTPException as refusal:  # of the request's size
            answer = Refusal(refusal.code or 500, refusal.description or refusal.name).answer()
        headers = [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
        start_response(answer.status, [*headers, *ANSWER_HEADERS, *answer.headers])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def _answer(self, environ: WSGIEnvironment, path: str) -> Answer:
        if path not in _OPEN:
            self._access.check(environ, PREFIX + "/")
        if path == PREFIX:
            return Answer(308, "text/plain; charset=utf-8", b"", (("Location", f"{PREFIX}/"),))
        verb = environ["REQUEST_METHOD"]
        try:
            endpoint, found = self._map.bind("").match(path, method=verb)
        except MethodNotAllowed as error:
            verbs = ", ".join(sorted(error.valid_methods or ()))
            raise Refusal(405, f"{path} does not take {verb}, it takes {verbs}", (("Allow", verbs),)) from None
        except NotFound:
            known = dict.fromkeys(PREFIX + route.path for route in ROUTES)
            text = f"there is no {path}{nearest(path, known)}; {PREFIX}/openapi.json lists all paths"
            raise Refusal(404, text) from None
        if not isinstance(endpoint, Route):
            return endpoint()  # type: ignore[no-any-return]
        values: dict[str, Any] = arguments(endpoint, found, Request(environ, MAX_BODY))
        return json_answer(endpoint.function(self._controlled, **values), endpoint.status)
