"""Products: templates and their variants, attributes, categories, vendor prices, pricelists.

Covers the flows of flow-product-* (17.0, 18.0, 19.0).
"""
