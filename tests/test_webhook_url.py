"""The address that a rule with the trigger `on_webhook` tells."""

from __future__ import annotations

import pytest

from mockserver import MockServer


@pytest.mark.mockserver(fixtures=["base_automation"])
def test_the_url_of_a_rule_follows_the_parameter(mockserver: MockServer) -> None:
    env = mockserver.env
    env["ir.config_parameter"].set_param("web.base.url", mockserver.url)
    model = env["ir.model"].search([("model", "=", "res.partner")]).id
    rule = env["base.automation"].create({"name": "Paid", "model_id": model, "trigger": "on_webhook"})
    assert rule.url == f"{mockserver.url}/web/hook/{rule.webhook_uuid}"
