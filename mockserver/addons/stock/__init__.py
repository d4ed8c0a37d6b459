"""What stock does: warehouses, transfers and their moves, rules, quants.

Recorded in flow-stock-1, flow-stock-2, flow-stock-3, flow-walk-stock-1, flow-cross-1, flow-cross-2, flow-sale-2 and
flow-purchase-2 (17.0, 18.0, 19.0).

Leaves out: package types in putaway rules, the removal strategy by least packages, package levels, reports and
labels, the reception report, signatures that are attached to transfers, messages about deadlines that move, waves and
batches.
"""
