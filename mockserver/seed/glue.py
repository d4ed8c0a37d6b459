"""Packs that join others: they are loaded by themselves when all that they join is loaded.

Source: `auto_install` of the modules of 17.0.
"""

from __future__ import annotations

from collections.abc import Collection

# pack → the packs that it joins
GLUE: dict[str, tuple[str, ...]] = {
    "stock_account": ("stock", "account"),
    "sale_stock": ("sale", "stock_account"),
    "purchase_stock": ("purchase", "stock_account"),
    "sale_purchase": ("sale", "purchase"),
    "sale_purchase_stock": ("sale_stock", "purchase_stock", "sale_purchase"),
    "sale_crm": ("sale", "crm"),
    "hr_holidays_attendance": ("hr_attendance", "hr_holidays"),
    "hr_timesheet_attendance": ("hr_timesheet", "hr_attendance"),
    "project_timesheet_holidays": ("hr_timesheet", "hr_holidays"),
    "sale_project": ("sale_management", "project"),
    "sale_timesheet": ("sale_project", "hr_timesheet"),
    "helpdesk_timesheet": ("helpdesk", "hr_timesheet"),
    "project_purchase": ("purchase", "project"),
    "project_stock": ("stock", "project"),
    "project_stock_account": ("project_stock", "stock_account"),
}


def joining(loaded: Collection[str]) -> list[str]:
    """Return the glue packs that are missing among the names of loaded packs."""
    return [name for name, joined in GLUE.items() if name not in loaded and all(one in loaded for one in joined)]
