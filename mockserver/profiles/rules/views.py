"""Views, and the actions that open them."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Views(Section, title="Views"):
    list_view: str = rule(
        "type of the view that lists records", "recorded in web-dataset (17.0)", {11: "tree", 18: "list"}
    )
    views_have_fields: bool = rule(
        "a view comes with its fields, and its toolbar has empty lists too",
        "source of Odoo, BaseModel.fields_view_get",
        {11: True, 16: False},
    )
    view_fields_have_ids: bool = rule(
        "the fields of a view have the keys id and select, both None",
        "issue 61908 of Odoo",
        {11: False, 14: True, 16: False},
    )
    first_form_has_defaults: bool = rule(
        "the first onchange of a new record computes with the defaults of fields that the form does not show",
        "recorded in flow-sale-1 (17.0, 18.0, 19.0)",
        {11: False, 19: True},
    )
    no_default_view: str = rule(
        "error of a view type without a default view",
        "source of Odoo, BaseModel._fields_view_get; recorded in web-dataset (17.0)",
        {
            11: "No default view of type '{type}' could be found !",
            16: "No default view of type '{type}' could be found!",
        },
    )
    view_models_nest: bool = rule(
        "get_views gives the fields of each model below 'fields'",
        "source of Odoo, BaseModel.get_views",
        {11: False, 18: True},
    )
    form_action_modes: tuple[str, ...] = rule(
        "keys of get_formview_action that name the type of view",
        "source of Odoo, BaseModel.get_formview_action; recorded in web-dataset (17.0)",
        {11: ("view_type", "view_mode"), 17: ()},
    )
    forecast_warehouse_key: str = rule(
        "the key of the warehouse in the context of a product's forecast",
        "read in 17.0 and 18.0",
        {11: "warehouse", 18: "warehouse_id"},
    )
