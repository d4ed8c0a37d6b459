"""Products: templates and their variants, attributes, categories, vendor prices, pricelists, barcodes, images.

Covers the flows flow-product-1 to flow-product-4 (17.0, 18.0, 19.0).
Leaves out: labels, the catalogue and configurator of the web client, tooltips, combos beyond their rows, and decimal
places other than those that the fields have.
"""
