"""The webhooks that automations sent, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.control.routes import Controlled, Route, Value

if TYPE_CHECKING:
    from mockserver.addons.base.webhooks import Webhook


def list_webhooks(controlled: Controlled, *, model: str | None = None, url: str | None = None) -> dict[str, Any]:
    """Return the webhooks, in the order in which they were sent."""
    found = controlled.kit.webhooks.of(model, url=url)
    return {"webhooks": [_as_json(webhook) for webhook in found], "count": len(found)}


def forget_webhooks(controlled: Controlled) -> dict[str, Any]:
    """Forget the webhooks."""
    count = len(controlled.kit.webhooks)
    controlled.kit.webhooks.clear()
    return {"removed": count}


def _as_json(webhook: Webhook) -> dict[str, Any]:
    return {
        "url": webhook.url,
        "payload": webhook.payload,
        "record": {"model": webhook.record[0], "id": webhook.record[1]},
        "action": webhook.action,
        "sent": webhook.sent,
        "status": webhook.status,
        "error": webhook.error,
        "date": webhook.date,
        "db": webhook.db,
    }


ROUTES = (
    Route(
        "GET",
        "/webhooks",
        "The webhooks of automations, in order, also those that were not sent",
        list_webhooks,
        "Webhooks",
        query=(
            Value("model", "text", "Only webhooks about records of a model"),
            Value("url", "text", "Only webhooks to URLs with this in them"),
        ),
    ),
    Route("DELETE", "/webhooks", "Forget the webhooks", forget_webhooks, "Removed"),
)
