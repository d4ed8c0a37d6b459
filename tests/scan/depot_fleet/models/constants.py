# mypy: ignore-errors
# ruff: noqa
import os

os.environ["DEPOT_FLEET_WAS_RUN"] = "1"
