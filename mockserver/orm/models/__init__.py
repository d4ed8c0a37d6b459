"""What named models do by themselves.  Importing this package registers it all."""

from mockserver.orm.models import ir_model, res_partner  # noqa: F401
