"""The odoo-rest-api dialect."""

from __future__ import annotations

from mockserver.dialects.rest import RestDialect


class OdooRestApi(RestDialect):
    """The odoo-rest-api dialect."""

    name = "odoo_rest_api"
