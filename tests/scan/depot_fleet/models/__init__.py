# mypy: ignore-errors
# ruff: noqa
from . import constants
from . import mixins, depot, vehicle, trip, upkeep, parties, extensions
