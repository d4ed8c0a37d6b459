"""What the outcomes in our recordings have that those of contracts do not.

The recordings name it under `normalise`:

- `users`: a field that refers to a user has the user's label, if there is one;
- `idleaves`: leaves on `id` in domains that come back have labels;
- `pgfaults`: of a traceback the last line of the database driver, if there is one;
- `redirects`: of an error that leads to an action the message alone;
- `images`, `floats`, `dates`, `year`, `taxids`: see the functions of those names.

`replace`, of a step or of all: pairs of a pattern and a text, for the outcome as JSON.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from mockserver.contract.labels import Labels
from mockserver.contract.live.client import Client
from mockserver.contract.moments import relative
from mockserver.contract.normal import Normaliser
from mockserver.contract.pictures import described
from mockserver.contract.replay import Replay
from mockserver.contract.shaping import USERS, Shaper
from mockserver.contract.steps import Contract, Masks, Outcome, Step
from mockserver.server.server import MockServer

_PICTURE = re.compile(r"iVBOR|/9j/|R0lGOD|UklGR|PHN2Z|PD94b")
_US_DATE = re.compile(r"\b(\d\d)/(\d\d)/(20\d\d)\b")
_WITH_ACTION = re.compile(r"""\((['"])(.*?)\1, (?:\d+|\{)""", re.DOTALL)
_TAX_IDS = ("tax_group_id", "group_key", "id", "currency_id", "company_currency_id", "involved_tax_ids")


class RecordedShaper(Shaper):
    """Shapes of results, with labels for users."""

    def __init__(self, normaliser: RecordedNormaliser, masks: Masks) -> None:
        super().__init__(normaliser.fields, normaliser.labels, masks)
        self.labels_id_leaves = "idleaves" in normaliser.norms
        self.labels_users = "users" in normaliser.norms

    def user(self, record_id: Any) -> str:
        """Return the label of a user, if there is one and the recording has it."""
        return (self.labels_users and self.labels.known(USERS, record_id)) or super().user(record_id)

    def group_value(self, model: str, key: str, value: Any) -> Any:
        """Return one value of a group; a user is `[label, name]`."""
        if self.labels_users and self._comodel(model, key.partition(":")[0]) == USERS and isinstance(value, list):
            return [self.user(value[0]), *value[1:]] if value else value
        return super().group_value(model, key, value)


class RecordedNormaliser(Normaliser):
    """Makes outcomes of answers as the recordings have them."""

    def __init__(self, contract: Contract, server: MockServer, norms: Collection[str]) -> None:
        super().__init__(contract.fields, Labels(), lambda: server.clock.moment().replace(tzinfo=None))
        self.norms = norms

    def shaper(self, masks: Masks) -> Shaper:
        """Return what shapes a result."""
        return RecordedShaper(self, masks)

    def last_line(self, traceback: list[str]) -> str:
        """Return the line that tells the error; after it the driver of the database may tell more."""
        of_driver = [line for line in traceback if line.startswith("psycopg2.")] if "pgfaults" in self.norms else []
        return (of_driver or traceback)[-1]

    def error_text(self, name: str | None, text: str) -> str:
        """Return the text of an error, without the action that it leads to."""
        if "redirects" not in self.norms:
            return text
        if str(name or "").endswith("RedirectWarning"):
            return text.splitlines()[0] + " …"
        match = _WITH_ACTION.match(text)
        return match[2] + " …" if match else text

    def value(self, value: Any, in_totals: bool = False) -> Any:
        """Return a value anywhere in an outcome."""
        if isinstance(value, dict):
            return {key: self._item(key, item, in_totals or key == "tax_totals") for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, in_totals) for item in value]
        if isinstance(value, float) and "floats" in self.norms:
            return round(value, 6) + 0.0  # no negative zero
        return self._text(value) if isinstance(value, str) else value

    def _item(self, key: str, value: Any, in_totals: bool) -> Any:
        if in_totals and "taxids" in self.norms and key in _TAX_IDS and value and not isinstance(value, dict | float):
            return ["#?"] * len(value) if isinstance(value, list) else "#?"
        return self.value(value, in_totals)

    def _text(self, text: str) -> str:
        if "images" in self.norms and (picture := picture_in(text)):
            return picture
        if "dates" in self.norms:
            text = _US_DATE.sub(self._us_date, relative(text, self.now()))
        if "year" in self.norms:
            now = self.now()
            text = text.replace(f"{now:/%Y/%m/}", "/<year>/<month>/").replace(f"{now:/%Y/}", "/<year>/")
        return text

    def _us_date(self, match: re.Match[str]) -> str:
        """Return `<today+7 m/d/y>` for a date in American writing."""
        month, day, year = map(int, match.groups())
        try:
            told = relative(date(year, month, day).isoformat(), self.now())
        except ValueError:
            return match[0]
        return f"{told[:-1]} m/d/y>" if told.startswith("<") else match[0]


def picture_in(text: str) -> str | None:
    """Return `<png 128x64>` for a picture in base64."""
    if not _PICTURE.match(text):
        return None
    try:
        found = described(base64.b64decode(text))
    except binascii.Error:
        return None
    return found and f"<{found}>"


def substituted(outcome: Any, pairs: Iterable[Sequence[str]]) -> Any:
    """Return an outcome with patterns replaced in its JSON text; a pair that does not fit an answer is left out."""
    for pattern, by in pairs:
        try:
            outcome = json.loads(re.sub(pattern, by, json.dumps(outcome, ensure_ascii=False)))
        except ValueError:
            continue
    return outcome


class RecordedReplay(Replay):
    """Replays a recording; `replace` are the pairs of all its steps, `own` those of single steps by number."""

    def __init__(
        self,
        client: Client,
        contract: Contract,
        normal: RecordedNormaliser,
        replace: Sequence[Sequence[str]],
        own: Mapping[int, Sequence[Sequence[str]]],
    ) -> None:
        super().__init__(client, contract, normal=normal)
        self._normal = normal
        self._replace, self._own = replace, own

    def finished(self, step: Step, outcome: Outcome) -> Outcome:
        """Return the outcome as it was recorded."""
        found: Outcome = super().finished(step, self._normal.value(outcome))
        replaced: Outcome = substituted(found, (*self._own.get(step.number, ()), *self._replace))
        return replaced
