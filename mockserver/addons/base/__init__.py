"""What named models do by themselves.  Importing this package registers it all."""

from mockserver.addons.base import (  # noqa: F401
    ir_attachment,
    ir_config_parameter,
    ir_cron,
    ir_model,
    ir_model_access,
    ir_model_data,
    ir_module,
    ir_rule,
    ir_sequence,
    res_bank,
    res_company,
    res_country,
    res_currency,
    res_groups,
    res_lang,
    res_partner,
    res_partner_category,
    res_partner_fields,
    res_users,
    res_users_apikeys,
    res_users_fields,
)
from mockserver.orm import methods  # noqa: F401  first: these are what the models override  # isort: split
