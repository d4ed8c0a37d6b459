"""The muk_rest dialect."""

from __future__ import annotations

from mockserver.dialects.rest import RestDialect


class MukRest(RestDialect):
    """The muk_rest dialect."""

    name = "muk_rest"
