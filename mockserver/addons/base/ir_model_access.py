"""ir.model.access: checks of access rights.

Source: 17.0; `check` is what erppeek and odooly call.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.orm.rights.access import allowed, check_mode, refusal


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    @api.model
    def check(self, model: str, mode: str = "read", raise_exception: bool = True) -> bool:
        """Return whether the user may `read`, `write`, `create` or `unlink` records of a model.

        Raises AccessError instead of returning False with `raise_exception`.
        """
        if not isinstance(model, str):
            raise AssertionError(f"Not a model name: {model}")
        check_mode(mode)
        granted = allowed(self.env, model, mode)
        if not granted and raise_exception:
            raise refusal(self.env[model], mode)
        return granted
