"""The REST add-ons, one folder each."""
