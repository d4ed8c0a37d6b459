"""`mockserver.webhooks`: the webhooks that automations sent in a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mockserver.addons.base.webhooks import Webhook
from mockserver.orm.records.recordset import Recordset
from mockserver.server import webhooks as sending
from mockserver.testing.faults.aim import WEBHOOK
from mockserver.testing.faults.fault import Fault
from mockserver.testing.journal.wording import cut
from mockserver.testing.part import Part
from mockserver.testing.sent import Sent, Shelf, is_about

if TYPE_CHECKING:
    from mockserver.server.app import App
    from mockserver.testing.faults.armed import Faults

_ROOM = 100


class WebhookList(Sent[Webhook]):
    """Webhooks in order: `len`, iteration, `[0]`, `[-1]`; `last` and `of` as below."""

    def of(
        self,
        record: Recordset | str | None = None,
        *,
        url: str | None = None,
        action: str | None = None,
        keep: Callable[[Webhook], object] | None = None,
    ) -> WebhookList:
        """Return the webhooks about a record, or about records of a model; to URLs with this part; of an action."""
        return WebhookList(
            webhook
            for webhook in self._now()
            if is_about(webhook.record, record)
            and (url is None or url in webhook.url)
            and (action is None or action == webhook.action)
            and (keep is None or keep(webhook))
        )

    def __repr__(self) -> str:
        lines = [cut(f"{hook.url} {hook.error or hook.status}: {hook.payload!r}", _ROOM) for hook in self._now()]
        return "\n".join(lines) if lines else "no webhook"


class Webhooks(WebhookList, Part):
    """The webhooks of all databases since the test began, also those that were not sent; see `Webhook`.

    A call that fails sends none, and a snapshot that is restored takes back what was sent since.
    """

    def __init__(self, app: App, faults: Faults) -> None:
        super().__init__()
        self._shelf = Shelf(app, Webhook)
        self._faults = faults
        app.webhooks.around = self._around

    def begin(self) -> None:
        """Forget the webhooks."""
        self._shelf.begin()

    clear = begin

    def _now(self) -> tuple[Webhook, ...]:
        return tuple(sorted(self._shelf.items(), key=lambda webhook: webhook.date))

    def _around(self, webhook: Webhook, send: Callable[[], None]) -> None:
        """Let the faults that are aimed at a webhook replace its receiver."""
        met = self._faults.meet(WEBHOOK, webhook.record[0], WEBHOOK)
        if all(fault.after or not fault.ends for fault in met):
            send()
        _store(webhook, met)


def _store(webhook: Webhook, met: Sequence[Fault]) -> None:
    """Store what the server gets to know of the faults, instead of an answer."""
    for fault in met:
        if not fault.ends and getattr(fault, "seconds", 0.0) < sending.TIMEOUT:
            continue  # an answer in time
        status = getattr(fault, "status", None)
        if status is not None:
            sending.answered(webhook, status)
        elif hasattr(fault, "seconds"):
            sending.timed_out(webhook)
        else:
            webhook.status, webhook.error = None, repr(fault)
