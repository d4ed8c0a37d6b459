"""Flectra's rest_api dialect."""

from __future__ import annotations

from mockserver.dialects.rest import RestDialect


class FlectraRest(RestDialect):
    """Flectra's rest_api dialect."""

    name = "flectra_rest"
