"""What models are written with, in the real server's words: `class Order(models.Model): _name = "x.order"`."""

from mockserver.orm.methods import BaseModel
from mockserver.orm.methods.definition import AbstractModel, Model, TransientModel

__all__ = ["AbstractModel", "BaseModel", "Model", "TransientModel"]
