"""The public ORM methods, by theme.  Importing this package registers them all."""

from mockserver.orm.methods import (  # noqa: F401
    access,
    copying,
    crud,
    describe,
    grouping,
    naming,
    old_grouping,
    onchange,
    recordsets,
    search,
    transfer,
    web,
)
