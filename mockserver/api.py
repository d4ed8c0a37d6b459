"""The decorators of model methods: `@api.depends("line_ids.amount")`."""

from mockserver.orm.schema.api import (
    computes,
    constrains,
    depends,
    depends_context,
    model,
    model_create_multi,
    onchange,
    ondelete,
    over_http,
    private,
    returns_id,
    versions,
)

__all__ = [
    "computes",
    "constrains",
    "depends",
    "depends_context",
    "model",
    "model_create_multi",
    "onchange",
    "ondelete",
    "over_http",
    "private",
    "returns_id",
    "versions",
]
