"""The JSON-RPC envelope of `/jsonrpc` and the web client's routes.

Source: versions.md §1.2, §2; recorded in core-envelope (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    UnsupportedMediaType,
)
from werkzeug.wrappers import Response

from mockserver import errors
from mockserver.dialects import HTML, JSON_TYPES, Dialect, Reply, Request, to_json, with_header
from mockserver.dialects.volume import json_value


class JsonRpcDialect(Dialect):
    """Base of dialects that read and write the envelope."""

    # whether `context` stays one of the params, in servers that do not check the envelope
    keeps_context = False

    def params(self, request: Request) -> dict[str, Any]:
        """Return the `params` of the envelope; stores its id in the request.

        Raises werkzeug's BadRequest for another content type or a body that is not a JSON object.  For `params` that
        are not a mapping raises the TypeError or ValueError of Python's `dict`, or InternalServerError in servers
        that do not check the envelope.
        """
        self.check_content_type(request)
        # the RecursionError of deep nesting is answered like any error of a call
        body = request.body().decode("utf-8", "replace")
        try:
            envelope = json_value(body)
        except ValueError:
            raise self._invalid_json(body) from None
        if not self.profile.rules.json_body_checked:
            return self._unchecked(request, envelope)
        if not isinstance(envelope, dict):
            raise BadRequest(response=_bad_request_page("Invalid JSON-RPC data"))
        request.id = envelope.get("id")
        return dict(envelope.get("params", {}))

    def _unchecked(self, request: Request, envelope: Any) -> dict[str, Any]:
        try:
            request.id = envelope.get("id")
            params = dict(envelope.get("params", {}))
        except (AttributeError, TypeError, ValueError):
            raise InternalServerError() from None
        if not self.keeps_context:
            # the web client sends a context here, which no route reads
            params.pop("context", None)
        return params

    def check_content_type(self, request: Request) -> None:
        """Raise werkzeug's BadRequest or UnsupportedMediaType for a content type other than JSON."""
        if request.environ.get("CONTENT_TYPE") in JSON_TYPES or request.media_type in JSON_TYPES:
            return
        rules = self.profile.rules
        if rules.token_before_type and request.method not in ("GET", "HEAD", "OPTIONS", "TRACE"):
            raise BadRequest("Session expired (invalid CSRF token)")
        text = rules.wrong_type_text.format(path=self.path_in_errors(request))
        if rules.wrong_type_status == 400:
            raise BadRequest(text)
        raise with_header(UnsupportedMediaType(text), "Accept", ", ".join(sorted(JSON_TYPES)))

    def path_in_errors(self, request: Request) -> str:
        """Return the path that error texts show."""
        return request.path

    def _invalid_json(self, body: str) -> HTTPException:
        """Return the refusal of a body that is not JSON."""
        rules = self.profile.rules
        text = rules.invalid_json_text.format(body=body)
        return BadRequest(response=_bad_request_page(text)) if rules.json_body_checked else BadRequest(text)

    def required(
        self, function: str, names: Sequence[str], params: Mapping[str, Any], optional: Sequence[str] = ()
    ) -> list[Any]:
        """Return the values of the required parameters of `Class.function`; drops others if the server does.

        Raises the TypeError that Python raises for missing or unexpected arguments.
        """
        if len(params) == len(names) and params.keys() >= set(names):
            return [params[name] for name in names]
        rules = self.profile.rules
        shown = function if rules.qualified_names else function.rpartition(".")[2]
        if not rules.drops_extra_params:
            for name in params:
                if name not in names and name not in optional:
                    raise TypeError(f"{shown}() got an unexpected keyword argument {name!r}")
        missing = [repr(name) for name in names if name not in params]
        if not missing:
            return [params[name] for name in names]
        plural = "s" if len(missing) > 1 else ""
        listed = " and ".join(missing) if len(missing) < 3 else f"{', '.join(missing[:-1])}, and {missing[-1]}"
        raise TypeError(f"{shown}() missing {len(missing)} required positional argument{plural}: {listed}")

    def render(self, request: Request, value: Any) -> Reply:
        """Return `{"jsonrpc", "id", "result"}`; many servers leave `result` out for None."""
        envelope = {"jsonrpc": "2.0", "id": request.id}
        if value is not None or self.profile.rules.null_result:
            envelope["result"] = value
        try:
            body = to_json(envelope, self.profile)
        except UnicodeDecodeError:  # on the real server this happens outside of its error handling
            raise InternalServerError() from None
        return Reply("200 OK", self.profile.rules.json_content_type, body)

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Return `{"jsonrpc", "id", "error"}` with status 200, or 404 for unknown URLs in older servers."""
        profile, status = self.profile, "200 OK"
        code, message = profile.error_code, f"{profile.brand} Server Error"
        if isinstance(error, errors.SessionExpired):
            code, message = profile.session_expired_code, f"{profile.brand} Session Expired"
        elif isinstance(error, errors.NotFound):
            code, message = 404, "404: Not Found"
        content = {"code": code, "message": message, "data": errors.error_data(error, profile)}
        if code == 404 and profile.rules.json_errors_for_unknown_urls:
            # older servers repeat the HTTP status in the body
            content["http_status"], status = 404, "404 Not Found"
        try:
            body = to_json({"jsonrpc": "2.0", "id": request.id, "error": content}, profile)
        except UnicodeDecodeError:  # as in `render`
            raise InternalServerError() from None
        return Reply(status, profile.rules.json_content_type, body)

    def render_unrouted(self, request: Request, refusal: HTTPException) -> Reply:
        """Return the answer to JSON that no route accepts; raises werkzeug's errors of `params`."""
        try:
            self.params(request)
        except HTTPException:
            raise
        except Exception as error:  # too deep nesting
            return self.render_error(request, error)
        if isinstance(refusal, NotFound):
            return self.render_error(request, errors.NotFound())
        if isinstance(refusal, MethodNotAllowed):
            return self.render_error(request, errors.MethodNotAllowed())
        raise refusal


def _bad_request_page(text: str) -> Response:
    return Response(text, status=400, content_type=HTML)
