"""Values as people read them: what `t-field` writes, and the functions that templates may call."""

from __future__ import annotations

from datetime import date, datetime, timezone
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from mockserver.addons.mail.rendering.expressions import Markup, field_value
from mockserver.orm.query.values import translated_selection
from mockserver.orm.records.environment import Environment, Recordset

_NO_BREAK = "\N{NO-BREAK SPACE}"


def as_field(record: Recordset, name: str) -> Any:
    """Return the value of a field as `t-field` writes it; HTML is marked as such."""
    value = field_value(record, name)
    field = record._model.fields[name]
    if isinstance(value, Recordset):
        return value.display_name if len(value) == 1 else ", ".join(one.display_name or "" for one in value)
    if value is None or value is False:
        return value
    if field.type == "selection":
        return dict(translated_selection(record.env, field) or ()).get(value, value)
    if field.type == "monetary":
        currency = field.currency_field or "currency_id"
        return format_amount(record.env, value, record[currency] if currency in record._model.fields else None)
    if field.type == "date":
        return format_date(record.env, value)
    if field.type == "datetime":
        return format_datetime(record.env, value)
    if field.type in ("char", "text"):
        return Markup(escape(value).replace("\n", "<br>\n"))
    return value


def format_date(env: Environment, value: Any, *_: Any, **__: Any) -> str:
    """Return a date in the form of the language."""
    return date.fromisoformat(str(value)[:10]).strftime(_form(env, "date_format", "%m/%d/%Y")) if value else ""


def format_datetime(env: Environment, value: Any, tz: Any = False, *_: Any, **__: Any) -> str:
    """Return a time in the form of the language, in a time zone."""
    if not value:
        return ""
    return f"{_local(env, value, tz).strftime(_form(env, 'date_format', '%m/%d/%Y'))} {format_time(env, value, tz)}"


def format_time(env: Environment, value: Any, tz: Any = False) -> str:
    """Return the time of the day in the form of the language, in a time zone."""
    return _local(env, value, tz).strftime(_form(env, "time_format", "%H:%M:%S")) if value else ""


def _local(env: Environment, value: Any, tz: Any) -> datetime:
    moment = datetime.fromisoformat(str(value)).replace(tzinfo=timezone.utc)
    return moment.astimezone(ZoneInfo(str(tz or env.tz or "UTC")))


def format_amount(env: Environment, amount: Any, currency: Any, *_: Any, **__: Any) -> str:
    """Return an amount with the sign of its currency."""
    digits = currency.decimal_places if currency else 2
    text = f"{float(amount or 0):,.{digits}f}"
    if not currency:
        return text
    sign = currency.symbol or ""
    return f"{sign}{_NO_BREAK}{text}" if currency.position == "before" else f"{text}{_NO_BREAK}{sign}"


def _form(env: Environment, name: str, usual: str) -> str:
    lang = env.sudo()["res.lang"].search([("code", "=", env.lang)], 0, 1)
    return str((lang[name] if lang else None) or usual)


def functions(env: Environment) -> dict[str, Any]:
    """Return the functions that templates may call, by name."""
    return {
        "format_date": lambda *args, **options: format_date(env, *args, **options),
        "format_datetime": lambda *args, **options: format_datetime(env, *args, **options),
        "format_amount": lambda *args, **options: format_amount(env, *args, **options),
        "len": len, "str": str, "int": int, "float": float, "bool": bool, "round": round, "abs": abs,
    }  # fmt: skip
