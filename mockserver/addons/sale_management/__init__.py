"""Templates of quotations and optional products.

Covers flow-sale-4 (17.0, 18.0, 19.0).
Leaves out: the PDF files of quotations, and the fields of their forms.
"""
