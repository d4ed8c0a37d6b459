"""The fields that purchase adds to products."""
