"""The fields that stock adds to products."""
