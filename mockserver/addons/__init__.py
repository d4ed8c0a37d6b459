"""The bundled add-ons: one folder each, one file a model."""
