"""Field types: how a value of each is checked, stored, read and described."""

from mockserver.orm.fields import base, binary, numbers, relational, temporal, texts

__all__ = ["base", "binary", "numbers", "relational", "temporal", "texts"]
