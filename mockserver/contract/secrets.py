"""Decide what is never read from a live server: passwords, keys, tokens, sessions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockserver.orm.fields.base import holds

# models whose rows are secrets, or give access to them
_MODELS = re.compile(
    r"(^|\.)(apikeys|api\.keys?|tokens?|totp|auth_totp|identitycheck|sessions?|device|credentials?|passwords?)(\.|$)"
    r"|^(auth\.oauth\.provider|ir\.mail_server|fetchmail\.server|iap\.account|google\.service|microsoft\.service"
    r"|certificate\.(key|certificate)|change\.password\..*)$"
)
# models whose names match and which hold no secrets
_PLAIN_MODELS = frozenset({"pos.session"})
_FIELDS = re.compile(
    r"passw|passphrase|passwd|secret|token|api_?key|private_key|priv_key|credential|totp|otp_|_otp$|smtp_pass|oauth"
    r"|(^|_)(pass|pwd|pin|session_?id|signup_url|access_url_token)($|_)|session_token|hmac|_key($|_)",
    re.IGNORECASE,
)
_MAY_HOLD_SECRETS = ("line", "text", "markup", "file", "data")

PARAMETERS = "ir.config_parameter"
# parameters that are known to hold no secret; of the others only yes, no or a small number is accepted
_PLAIN_PARAMETERS = frozenset({
    "web.base.url", "web.base.url.freeze", "mail.catchall.alias", "mail.catchall.domain", "mail.bounce.alias",
    "mail.default.from", "base.login_cooldown_after", "base.login_cooldown_duration", "report.url",
    "base.template_portal_user_id", "product.product_pricelist_setting", "product.weight_in_lbs",
    "product.volume_in_cubic_feet", "sale.automatic_invoice", "base_setup.default_user_rights",
})  # fmt: skip
_PLAIN_VALUE = re.compile(r"(?i:true|false|yes|no|none)|\d{1,3}")


def is_secret_model(model: str) -> bool:
    """Return whether the rows of a model must not be read."""
    return model not in _PLAIN_MODELS and bool(_MODELS.search(model))


def is_secret_field(name: str, attributes: Mapping[str, Any]) -> bool:
    """Return whether the values of a field must not be read: a text or file with the name of a secret."""
    return holds(attributes.get("type", "")) in _MAY_HOLD_SECRETS and bool(_FIELDS.search(name))


def is_plain_parameter(key: str, value: object) -> bool:
    """Return whether a system parameter may be written to a file."""
    if key in _PLAIN_PARAMETERS:
        return "@" not in str(value)  # a URL may hold a password
    return not _FIELDS.search(key.replace(".", "_")) and bool(_PLAIN_VALUE.fullmatch(str(value)))
