"""Stock accounting: what goods are worth at standard, average and FIFO cost, and the entries of automated valuation.

Covers the layers of flow-cross-2 (17.0).  Until 18 a layer is made for each move that a company's goods come in or
leave by, from 19 on the move itself has its value.
Leaves out: the values of single lots (18 and later), analytic lines of moves, entries that close a period (19).
"""
