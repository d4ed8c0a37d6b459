"""How close the profiles come to real servers: the figures of `make conformance`.

`python -m tests.conformance --figures` prints the table.
"""

from __future__ import annotations

from typing import NamedTuple

AS_OF = "30 November 2026"


class Figures(NamedTuple):
    """How many recordings of a server there are, their steps, and how many of those end as they did there."""

    recordings: int
    steps: int
    passed: int


# recordings of the base system
FIGURES: dict[str, Figures] = {
    "odoo-11.0": Figures(9, 1468, 1468),
    "odoo-12.0": Figures(9, 1471, 1471),
    "odoo-13.0": Figures(9, 1474, 1474),
    "odoo-14.0": Figures(12, 1789, 1789),
    "odoo-15.0": Figures(6, 485, 485),
    "odoo-16.0": Figures(12, 1793, 1793),
    "odoo-17.0": Figures(29, 3628, 3626),
    "odoo-18.0": Figures(11, 1568, 1568),
    "odoo-19.0": Figures(17, 2445, 2444),
    "flectra-1.6": Figures(8, 1111, 1110),
}
# recordings of business flows, with the pack `business`
FLOWS: dict[str, Figures] = {
    "odoo-17.0": Figures(37, 3514, 3514),
    "odoo-18.0": Figures(20, 1937, 1937),
    "odoo-19.0": Figures(20, 1930, 1930),
}
