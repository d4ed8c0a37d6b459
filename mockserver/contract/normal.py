"""Normalise answers to the form of `expect` in a contract: without ids, users and times of creation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from mockserver.contract.arguments import as_json
from mockserver.contract.labels import Labels
from mockserver.contract.live.connection import Answer
from mockserver.contract.live.protocols import Reply
from mockserver.contract.masks import masked
from mockserver.contract.moments import utc_now
from mockserver.contract.shaping import Shaper
from mockserver.contract.steps import NO_MASKS, Fields, Masks, Outcome

NO_RESULT = "<no result key>"  # JSON-RPC leaves the result out for None
NOT_JSON = "<not json>"


class Normaliser:
    """Normalises the replies to one contract.  `now` tells the time from which dates are counted."""

    def __init__(self, fields: Fields, labels: Labels, now: Callable[[], datetime] = utc_now) -> None:
        self.fields = fields
        self.labels = labels
        self.now = now

    def shaper(self, masks: Masks) -> Shaper:
        """Return what shapes the result of a step with these masks."""
        return Shaper(self.fields, self.labels, masks)

    def reply(self, reply: Reply, shape: str, masks: Masks = NO_MASKS) -> Outcome:
        """Return the outcome of a call: `{"result": …}`, `{"error": {…}}` or `{"fault": {…}}`."""
        if "error" in reply:
            error = reply["error"] if isinstance(reply["error"], dict) else {"message": reply["error"]}
            data = error.get("data") or {}
            text = self.error_text(data.get("name"), self.labels.scrub(str(data.get("message") or "")))
            head = {"code": error.get("code"), "message": error.get("message"), "name": data.get("name")}
            return {"error": {**head, "text": text}}
        if "fault" in reply:
            text = reply["fault"]["string"]
            if text.startswith("Traceback"):
                text = self.last_line([line for line in text.strip().splitlines() if line.strip()])
            code = reply["fault"]["code"]  # over the older XML-RPC a text that contains the message
            code = self.labels.scrub(code) if isinstance(code, str) else code
            return {"fault": {"code": code, "text": self.error_text(None, self.labels.scrub(text))}}
        return {"result": self.result(reply["result"], shape, masks) if "result" in reply else NO_RESULT}

    def last_line(self, traceback: list[str]) -> str:
        """Return the line of a traceback that tells the error."""
        return traceback[-1]

    def error_text(self, name: str | None, text: str) -> str:
        """Return what is compared of the text of an error; `name` is its class, if known."""
        return text

    def answer(self, answer: Answer, shape: str, masks: Masks = NO_MASKS) -> Outcome:
        """Return the outcome of a JSON-2 call: `{"status", "type", "result"}`, or `error` in place of the result."""
        value = answer.json(NOT_JSON)
        outcome: Outcome = {"status": answer.status, "type": answer.kind}
        if answer.status == 200:
            outcome["result"] = self.result(value, shape, masks)
        elif isinstance(value, dict):
            text = self.labels.scrub(str(value.get("message")))
            outcome["error"] = {"name": value.get("name"), "text": text, "keys": sorted(value)}
        return outcome

    def result(self, value: Any, shape: str, masks: Masks = NO_MASKS) -> Any:
        """Return a normalised result of a shape such as `ids:res.partner`; a value of another type is unchanged."""
        shaped = self.shaper(masks).result(as_json(value), shape)
        return masked(shaped, masks, self.labels, self.now())
