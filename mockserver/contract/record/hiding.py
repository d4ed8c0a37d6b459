"""Replace secrets and times in recordings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, quote_plus

from mockserver.contract.secrets import PARAMETERS, is_plain_parameter
from mockserver.testing.journal.masking import is_secret

CLOCK_TOLERANCE = timedelta(minutes=15)  # a time this close to the moment of a request is taken for a timestamp
MIN_SEARCHED = 6  # shorter secrets are not searched for within texts
_SECRET_NAME = re.compile(
    r"(^|_)(session_id|csrf_token|sid|master_pwd|master_password|authorization|hmac)$", re.IGNORECASE
)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?Z?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TOKEN, _ANY = "<token>", "<any>"
_WORD = re.compile(r"[a-z_ ]+")
_CLOCK_FIELDS = {"create_date", "write_date", "__last_update"}
_CONSTANTS = {"True", "False", "true", "false", "None", "null"}


def is_secret_name(name: Any, model: str | None = None) -> bool:
    """Return whether a value with this name is secret."""
    return is_secret(name, model) or (isinstance(name, str) and bool(_SECRET_NAME.search(name)))


class Secrets:
    """The secrets of a recording, each with one stand-in."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._common_words: set[str] = (
            set()
        )  # values of secret names that are common words, such as the type of a field
        self._allowed: set[str] = set()  # names that may be shown though a password is the same

    def allow(self, *texts: str | None) -> None:
        """Do not hide these texts where they are not passwords: logins, the name of a database."""
        self._allowed.update(text for text in texts if text)

    def stand_in(self, secret: str) -> str:
        """Return the stand-in of a secret: `<secret 1>`."""
        return self._known.setdefault(secret, f"<secret {len(self._known) + 1}>")

    def collect(self, payload: Any, model: str | None = None, depth: int = 40) -> None:
        """Collect the values of secret names."""
        if depth and isinstance(payload, Mapping):
            for name, value in payload.items():
                if isinstance(value, str) and value and value not in _CONSTANTS and is_secret_name(name, model):
                    self._collect_value(value)
                else:
                    self.collect(value, model, depth - 1)
        elif depth and isinstance(payload, list):
            if len(payload) == 3 and isinstance(payload[2], str) and payload[2] and is_secret_name(payload[0], model):
                self._collect_value(payload[2])
            for item in payload:
                self.collect(item, model, depth - 1)

    def _collect_value(self, text: str) -> None:
        if text not in self._known and _WORD.fullmatch(text):
            self._common_words.add(text)
        self.stand_in(text)

    def hide(self, value: Any, model: str | None = None) -> Any:
        """Return the value with stand-ins for the values of secret names and for every known secret."""
        if isinstance(value, Mapping):
            return {
                self.clean(name): self.stand_in(item)
                if isinstance(item, str) and item and item not in _CONSTANTS and is_secret_name(name, model)
                else self.hide(item, model)
                for name, item in value.items()
            }
        if isinstance(value, list):
            if len(value) == 3 and isinstance(value[2], str) and value[2] and is_secret_name(value[0], model):
                return [*value[:2], self.stand_in(value[2])]
            return [self.hide(item, model) for item in value]
        return self.clean(value) if isinstance(value, str) else value

    def clean(self, text: str) -> str:
        """Return a text with stand-ins for known secrets; common words are replaced only as a whole."""
        if text in self._known and len(text) >= MIN_SEARCHED and text not in (self._allowed | self._common_words):
            return self._known[text]
        for secret in self._searchable():
            for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
                if form in text:
                    text = text.replace(form, self._known[secret])
        return text

    def remaining(self, text: str) -> list[str]:
        """Return the stand-ins of secrets that a text still contains."""
        return [self._known[secret] for secret in self._searchable() if secret in text]

    def _searchable(self) -> list[str]:
        """Return the secrets to search for within texts, the longest first."""
        found = [s for s in self._known if len(s) >= MIN_SEARCHED and s not in self._allowed and not _WORD.fullmatch(s)]
        return sorted(found, key=len, reverse=True)


def without_clock_times(value: Any, moment: datetime, sent: Iterable[str], model: str | None = None) -> Any:
    """Return a part of an outcome with `<datetime>`, `<date>` and `<token>` for values that change with every run.

    A time is replaced if it is near the moment of the answer and no request has `sent` it.
    """
    if isinstance(value, dict):
        return {name: _by_key(name, item, moment, sent, model) for name, item in value.items()}
    if isinstance(value, list):
        return [without_clock_times(item, moment, sent, model) for item in value]
    return _clock(value, moment, sent) if isinstance(value, str) else value


def _by_key(name: str, value: Any, moment: datetime, sent: Iterable[str], model: str | None) -> Any:
    if isinstance(value, str) and value and is_secret_name(name, model) and not value.startswith(("<", "{")):
        return _TOKEN if len(value) >= 8 else _ANY
    if model == PARAMETERS and name == "value" and isinstance(value, str):
        return _ANY
    if name in _CLOCK_FIELDS and isinstance(value, str) and _MOMENT.fullmatch(value):
        return "<datetime>"
    return without_clock_times(value, moment, sent, model)


def hidden_parameter(key: Any, value: Any) -> Any:
    """Return the value of a system parameter, or `<any>` if it may be secret."""
    return value if not isinstance(value, str) or is_plain_parameter(str(key), value) else _ANY


def _clock(text: str, moment: datetime, sent: Iterable[str]) -> str:
    if text in sent:
        return text
    found = _MOMENT.fullmatch(text)
    try:
        if found:
            then = datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=moment.tzinfo)
            return "<datetime>" if abs(then - moment) <= CLOCK_TOLERANCE else text
        if _DAY.fullmatch(text):
            day = datetime.fromisoformat(text).date()
            return "<date>" if abs(day - moment.date()) <= timedelta(days=1) else text
    except ValueError:  # such as the 30th of February
        pass
    return text


def without_user(value: Any, own: Mapping[str, Any], secrets: Secrets) -> Any:
    """Return an outcome with `<any>` for the user's `own` values, which differ on another server."""
    if isinstance(value, dict):
        return {
            secrets.clean(name): _ANY if item and item == own.get(name) else without_user(item, own, secrets)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [without_user(item, own, secrets) for item in value]
    return secrets.clean(value) if isinstance(value, str) else value


def texts(value: Any) -> Iterable[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)
