# mypy: ignore-errors
# ruff: noqa
{
    "name": "Depot Fleet",
    "version": "17.0.1.2.0",
    "summary": "Vehicles of a depot, their trips and their upkeep",
    "depends": ["base", "mail", "product", "fleet_portal_extra"],
    "data": [
        "security/depot_security.xml",
        "security/ir.model.access.csv",
        "data/depot_data.xml",
        "data/depot.fuel.csv",
        "views/depot_views.xml",
        "../outside.xml",
        "data/missing.xml",
    ],
    "demo": ["demo/depot_demo.xml"],
    "post_init_hook": "fill_depots",
    "application": True,
}
