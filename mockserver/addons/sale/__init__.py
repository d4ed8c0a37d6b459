"""The fields that sale adds to products."""
