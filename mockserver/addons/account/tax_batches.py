"""The taxes of a line as servers since 18.0 compute them.

Adjacent taxes of one kind form a batch, which is taken out of a price, or added to it, as a whole.  Each amount that is
known changes the bases of the other taxes: those of the batches before it, where a price contains it, and those after
it, where it says so.

Source: 18.0, 19.0, recorded in flow-tax-1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from mockserver.addons.account.tax_checkpoints import Totals, is_included
from mockserver.addons.account.tax_values import Applied, BaseLine, Method, Tax
from mockserver.orm.fields.numbers import round_to


@dataclass(eq=False)
class _State:
    """A tax while its line is computed."""

    tax: Tax
    included: bool
    batch: list[_State] = field(default_factory=list)
    amount: float | None = None
    added_to_amount: float = 0.0  # what other taxes add to the base that the amount is computed on
    added_to_base: float = 0.0  # and to the base that is shown

    @property
    def rate(self) -> float:
        return self.tax.amount / 100

    @property
    def batch_rate(self) -> float:
        return sum(state.rate for state in self.batch)


def compute(taxes: Sequence[Tax], line: BaseLine, method: Method) -> Totals:
    """Return what taxes, already in their order and each once, come to on a line."""
    price = line.unit_price * line.quantity
    if not method.globally:
        price = round_to(price, line.step)
    # a charge that takes itself back is never part of a price
    states = _batched([_State(tax, is_included(tax, line) and not tax.reversed_charge) for tax in taxes], line)

    def settle(order: Sequence[_State], amount_of: Callable[[_State, float], float]) -> None:
        for state in order:
            amount = amount_of(state, price + state.added_to_amount)
            state.amount = amount if method.globally else round_to(amount, line.step)
            _pass_on(state, states, line)

    def fixed(state: _State, base: float) -> float:
        return (-line.quantity if line.price < 0 else line.quantity) * state.tax.amount

    backwards = states[::-1]
    settle([state for state in backwards if state.tax.kind == "fixed"], fixed)
    settle([state for state in backwards if state.tax.kind != "fixed" and state.included], _out_of_price)
    settle([state for state in states if state.tax.kind != "fixed" and not state.included], _on_price)
    applied = _applied(states, price, line)
    excluded = applied[0].base if applied else price
    return Totals(excluded, excluded + sum(entry.amount for entry in applied), applied)


def _batched(states: list[_State], line: BaseLine) -> list[_State]:
    """Give each state its batch; return the states."""
    batch: list[_State] = []
    for state in reversed(states):
        if batch and not _same_batch(state, batch[0], batch[-1], line):
            batch = []
        batch.append(state)
        state.batch = batch
    return states


def _same_batch(state: _State, first: _State, after: _State, line: BaseLine) -> bool:
    tax = state.tax
    return (
        tax.kind == first.tax.kind
        and (line.prices != "as the tax says" or tax.included == first.tax.included)
        and tax.affects_base == first.tax.affects_base
        and not (tax.affects_base and after.tax.base_affected)
    )


def _out_of_price(state: _State, base: float) -> float:
    """Return the amount of a tax that is part of its base."""
    if state.tax.kind == "division":
        return base * state.rate
    whole = 1 + state.batch_rate
    return base / whole * state.rate if whole else 0.0


def _on_price(state: _State, base: float) -> float:
    """Return the amount of a tax that comes on its base."""
    if state.tax.kind == "division":
        rest = 1 - state.batch_rate
        return base * state.rate / (rest or 1.0)
    return base * state.rate


def _before(state: _State, states: list[_State]) -> Iterator[_State]:
    for other in states:
        if other in state.batch:
            return
        yield other


def _pass_on(state: _State, states: list[_State], line: BaseLine) -> None:
    """Change the bases of other taxes by the amount of one, which is known now."""
    tax, affects = state.tax, state.tax.affects_base
    if line.prices == "included" or (tax.included and line.prices != "excluded"):
        for other in _before(state, states):
            _add(other, state, -1)
        for other in _before(state, states[::-1]):
            if not affects or (tax.included and not other.tax.base_affected):
                _add(other, state, -1)
    elif affects:
        for other in _before(state, states[::-1]):
            if other.tax.base_affected:
                _add(other, state, 1)


def _add(other: _State, state: _State, sign: int) -> None:
    amount = sign * (state.amount or 0.0)
    if other.amount is None:
        other.added_to_amount += amount
    other.added_to_base += amount


def _applied(states: list[_State], price: float, line: BaseLine) -> list[Applied]:
    """Return the taxes with their bases, a reversed charge with the half that takes it back."""
    found: list[Applied] = []
    later: tuple[Tax, ...] = ()
    for state in reversed(states):
        base = price + state.added_to_base
        if state.included:
            base -= sum(other.amount or 0.0 for other in state.batch if not other.tax.reversed_charge)
        amount = state.amount or 0.0
        entry = Applied(state.tax, base, amount, state.included, next_taxes=later if state.tax.affects_base else ())
        if state.tax.reversed_charge:
            found.append(Applied(state.tax, base, -amount, state.included, True, entry.next_taxes))
        found.append(entry)
        if state.tax.base_affected:
            later = (state.tax, *later)
    return found[::-1]
