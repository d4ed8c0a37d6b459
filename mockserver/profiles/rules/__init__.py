"""What changed from one generation to the next: a table with one entry a difference, in sections.

Each entry is defined once, in the module of its section.  A server reads it as an attribute of `Rules`.
"""

from __future__ import annotations

from functools import cache

from mockserver.profiles.rules.bulk import Bulk
from mockserver.profiles.rules.calendar import Calendars
from mockserver.profiles.rules.calls import Calls
from mockserver.profiles.rules.crm import Crm
from mockserver.profiles.rules.days import Days
from mockserver.profiles.rules.domains import Domains
from mockserver.profiles.rules.entries import Entries
from mockserver.profiles.rules.files import Files
from mockserver.profiles.rules.helpdesk import Tickets
from mockserver.profiles.rules.invoicing import Invoicing
from mockserver.profiles.rules.mail import Mail
from mockserver.profiles.rules.payments import Payments
from mockserver.profiles.rules.products import Products
from mockserver.profiles.rules.projects import Projects
from mockserver.profiles.rules.purchases import Purchases
from mockserver.profiles.rules.quantities import Quantities
from mockserver.profiles.rules.rights import Rights
from mockserver.profiles.rules.rule import Rule, Section
from mockserver.profiles.rules.sales import Sales
from mockserver.profiles.rules.taxes import Taxes
from mockserver.profiles.rules.transfers import Transfers
from mockserver.profiles.rules.valuation import Valuation
from mockserver.profiles.rules.values import Values
from mockserver.profiles.rules.views import Views
from mockserver.profiles.rules.wire import Wire

__all__ = ["RULES", "SECTIONS", "Rule", "Rules", "Section", "rules"]


class Rules(
    Wire,
    Calls,
    Values,
    Domains,
    Rights,
    Bulk,
    Views,
    Files,
    Taxes,
    Entries,
    Payments,
    Mail,
    Crm,
    Products,
    Projects,
    Sales,
    Quantities,
    Calendars,
    Valuation,
    Purchases,
    Transfers,
    Invoicing,
    Days,
    Tickets,
):
    """What a server of one generation does; each attribute is the value of the rule of that name.

    `profile` is the name of the server's profile, which may differ from its generation.
    """

    generation: int

    def __init__(self, generation: int, profile: str = "") -> None:
        self.__dict__.update({rule.name: rule.at(generation, profile) for rule in RULES}, generation=generation)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"the rules of a generation are the same for every server: {name!r} cannot be set")


SECTIONS = tuple(base for base in Rules.__bases__ if issubclass(base, Section))
RULES: tuple[Rule, ...] = tuple(entry for section in SECTIONS for entry in section.entries)


@cache
def rules(generation: int, profile: str = "") -> Rules:
    """Return the rules of a generation, such as 17; of one profile of it, with what that has of its own."""
    return Rules(generation, profile)
