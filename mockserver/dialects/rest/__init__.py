"""The REST add-ons, a folder each."""
