"""The names of months and quarters in the labels of groups, by language.

Inferred: the names are those of the Unicode locale data, which the server uses; other languages get the English ones.
"""

from __future__ import annotations

from typing import NamedTuple


class Names(NamedTuple):
    """What a language writes: the months, the same shortened, and the letter before the number of a quarter."""

    months: tuple[str, ...]
    short: tuple[str, ...]
    quarter: str


def _names(months: str, short: str, quarter: str) -> Names:
    return Names(tuple(months.split()), tuple(short.split()), quarter)


_ENGLISH = _names(
    "January February March April May June July August September October November December",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "Q",
)
# by the part of the code before the country
_LANGUAGES = {
    "de": _names(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
        "Q",
    ),
    "es": _names(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sept oct nov dic",
        "T",
    ),
    "fr": _names(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        "T",
    ),
    "it": _names(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "T",
    ),
    "nl": _names(
        "januari februari maart april mei juni juli augustus september oktober november december",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "K",
    ),
}


def names(lang: str) -> Names:
    """Return the names in a language, given by its code, such as `fr_BE`."""
    return _LANGUAGES.get(lang.partition("_")[0], _ENGLISH)
