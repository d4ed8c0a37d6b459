# mypy: ignore-errors
# ruff: noqa
from . import controllers, models
from .wizard import depot_plan

open("depot_fleet_was_run", "w").close()
raise RuntimeError("this module was run")
