"""Field types: how a value of each is checked, stored, read and described."""

from mockserver.orm.fields import base, binary, relational, temporal

__all__ = ["base", "binary", "relational", "temporal"]
