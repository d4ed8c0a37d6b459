"""Which moves of a purchase bring goods, and which take them back to the vendor."""

from __future__ import annotations

from mockserver.orm.records.environment import Recordset


def is_return(move: Recordset) -> bool:
    """Return whether a move goes to the vendor."""
    return bool(move.location_dest_id.usage == "supplier")


def takes_back(move: Recordset) -> bool:
    """Return whether a move returns goods that are to be refunded, or that no move brought."""
    return is_return(move) and bool(not move.origin_returned_move_id or move.to_refund)


def brings(move: Recordset) -> bool:
    """Return whether a move brings goods that count as received: a return of a return only if that is refunded."""
    if is_return(move):
        return False
    origin = move.origin_returned_move_id
    return not origin or not is_return(origin) or bool(move.to_refund)
