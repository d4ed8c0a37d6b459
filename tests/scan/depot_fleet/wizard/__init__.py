# mypy: ignore-errors
# ruff: noqa
