"""Resolves the spans and variants of fixtures for one profile, before anything else reads them.

Models, fields, constraints, records, calls, names and sequences may have a span: the generations (`since`, `until`,
both included) and `products` in which they exist, products or profiles that `also` have them, and whether they are
`demo` data.
`versions` is a list of variants, each with its own span, whose keys replace those beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from types import MappingProxyType
from typing import Any, NamedTuple

from mockserver import profiles
from mockserver.profiles import Profile
from mockserver.seed import accesses
from mockserver.seed.files import Fixture, FixtureError

# model → {name in the fixture: name in this profile, None where the profile has no such field}
Names = dict[str, dict[str, str | None]]

SPAN = frozenset({"since", "until", "products", "also", "demo"})
_VERSIONED = frozenset({*SPAN, "versions"})
_CONTAINERS = frozenset({dict, list})
# placeholder in `records` for one that the profile lacks, so that the others keep their positions
ABSENT = object()


class Known(NamedTuple):
    """What resolved fixtures say: the names of fields by model, the models of the profile, and the records (by external
    id or label) that the profile lacks."""

    names: Mapping[str, Mapping[str, str | None]] = MappingProxyType({})
    models: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()


def resolve(fixtures: Mapping[str, Fixture], profile: Profile) -> dict[str, Fixture]:
    """Return the fixtures, by source, as this profile has them; values follow renamed and missing fields.

    All are resolved together because one may have records of another's models.  Raises FixtureError.
    """
    return resolve_after(fixtures, profile, Known())[0]


def resolve_after(fixtures: Mapping[str, Fixture], profile: Profile, known: Known) -> tuple[dict[str, Fixture], Known]:
    """Return what `resolve` does for fixtures that follow known ones, and what is known then."""
    names: Names = {model: dict(of) for model, of in known.names.items()}
    models: dict[str, dict[str, Any]] = {
        source: dict(_models(fixture.get("models", {}), profile, f"{source}: model", names))
        for source, fixture in fixtures.items()
    }
    offered = known.models.union(name for defined in models.values() for name in defined)
    after_names = names
    if profile.rules.one_access_model:  # their records are read, although there are no such models
        names = {model: of for model, of in names.items() if model not in (accesses.RIGHTS, accesses.RULES)}
    gone = names.keys() - offered
    # model → the fields that are absent or have another name: few, and most records have none of them
    changed = {model: found for model, of in names.items() if (found := {n: to for n, to in of.items() if to != n})}
    for defined in models.values():
        for name, definition in defined.items():
            _rename_references(name, definition, changed, gone)
    records = {
        source: list(_records(source, fixture.get("records", ()), profile, changed, gone))
        for source, fixture in fixtures.items()
    }
    if profile.rules.one_access_model:
        records = accesses.joined(records, ABSENT)
    absent = _absent(fixtures, records, known.absent)
    if absent:
        _drop_references(models, records, absent)
    resolved = {
        source: {
            **fixture,
            "models": models[source],
            "records": records[source],
            "calls": list(_calls(source, fixture.get("calls", ()), profile, gone, absent)),
            "names": list(_given_names(source, fixture.get("names", ()), profile, absent)),
            "deleted": list(_deleted(source, fixture.get("deleted", ()), profile, gone, absent)),
            "sequences": [
                _without(s, SPAN) if isinstance(s, dict) else s
                for i, s in enumerate(fixture.get("sequences", ()), 1)
                if _is_offered(s, profile, f"{source}: sequence {i}")
            ],
        }
        for source, fixture in fixtures.items()
    }
    return resolved, Known(after_names, offered, absent)


def present(fixture: Fixture, key: str = "records") -> Iterator[tuple[int, Any]]:
    """Yield the records, calls or names of a resolved fixture with their positions in the file, counted from 1."""
    return ((i, item) for i, item in enumerate(fixture.get(key, ()), 1) if item is not ABSENT)


def _is_offered(item: Any, profile: Profile, where: str) -> bool:
    """Return whether an item exists in the profile; an item without a span always does."""
    if not isinstance(item, dict):
        return True  # reported when its shape is checked
    if _VERSIONED.isdisjoint(item):
        return True
    if "demo" in item and item["demo"] is not profile.demo:
        return False
    since, until = item.get("since", profiles.FIRST), item.get("until")
    if type(since) is not int or (type(until) is not int and "until" in item):
        key = "since" if type(since) is not int else "until"
        raise FixtureError(f"{where}: {key!r} is a generation, such as 17, not {item[key]!r}")
    in_span = profiles.offered(profile.generation, since, until)
    return _is_of_product(item, profile, where, in_span) if "products" in item or "also" in item else in_span


def _is_of_product(item: Mapping[str, Any], profile: Profile, where: str, in_span: bool) -> bool:
    """Return whether an item that names products exists in the profile."""
    own = {profile.product, profile.name}
    for key in ("products", "also"):
        if not isinstance(item.get(key, []), list):
            raise FixtureError(f'{where}: {key!r} is a list such as ["flectra", "odoo-17.0"], not {item[key]!r}')
    return not own.isdisjoint(item.get("also", ())) or (in_span and not own.isdisjoint(item.get("products", own)))


def _variants(item: Mapping[str, Any], profile: Profile, where: str) -> Iterator[dict[str, Any]]:
    """Yield the variants that apply to the profile, in order, without their spans."""
    variants = item.get("versions", ())
    if not isinstance(variants, (list, tuple)) or not all(isinstance(v, dict) for v in variants):
        raise FixtureError(f"{where}: 'versions' is a list of variants, each an object with 'since' or 'until'")
    for variant in variants:
        for key in ("fields", "defaults", "values"):
            if not isinstance(variant.get(key, {}), dict):
                raise FixtureError(f"{where}, versions: {key!r} is an object, not {variant[key]!r}")
        if _is_offered(variant, profile, f"{where}, versions"):
            yield _without(variant, SPAN)


def _without(item: Mapping[str, Any], keys: Set[str]) -> dict[str, Any]:
    found = dict(item)
    for key in keys & found.keys():
        del found[key]
    return found


def _merged(item: Mapping[str, Any], variants: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the item with the variants' keys in place of its own; null removes a key."""
    found = _without(item, _VERSIONED)
    for variant in variants:
        found.update(variant)
    return {key: value for key, value in found.items() if value is not None} if None in found.values() else found


# -- models


def _models(models: Any, profile: Profile, where: str, names: Names) -> Iterator[tuple[str, Any]]:
    for name, definition in models.items():
        if not isinstance(definition, dict):
            yield name, definition
            continue
        known = names.setdefault(name, {})
        offered = _is_offered(definition, profile, f"{where} {name}")
        fields = definition.get("fields", {})
        if not offered or not isinstance(fields, dict):
            for field in fields if isinstance(fields, dict) else ():
                known.setdefault(field, None)
            if offered:
                yield name, definition
            continue
        yield name, _model(definition, profile, f"{where} {name}", known)


def _model(definition: Mapping[str, Any], profile: Profile, where: str, names: dict[str, str | None]) -> dict[str, Any]:
    """Return a definition with its variants merged, and the fields and constraints of the profile."""
    found = _without(definition, _VERSIONED)
    fields, defaults = dict(found.get("fields", {})), dict(found.get("defaults", {}))
    for variant in _variants(definition, profile, where):
        fields |= variant.pop("fields", {})
        defaults |= variant.pop("defaults", {})
        found |= variant
    found = {key: value for key, value in found.items() if value is not None}
    found["fields"] = {}
    for name, attributes in fields.items():
        if isinstance(attributes, dict) and "type" in attributes and _VERSIONED.isdisjoint(attributes):
            names[name], found["fields"][name] = name, attributes  # as most are
            continue
        if isinstance(attributes, dict) and "type" not in attributes and name in names:
            # an extension of a field that an earlier file defines
            known = names[name]
            if known is not None:
                _field(known, attributes, profile, f"{where}, field {name!r}", found["fields"])
            continue
        names[name] = _field(name, attributes, profile, f"{where}, field {name!r}", found["fields"])
    if defaults:
        found["defaults"] = {
            actual: value for name, value in defaults.items()
            if value is not None and (actual := names.get(name, name)) is not None
        }  # fmt: skip
    if isinstance(found.get("constraints"), list):
        found["constraints"] = [
            _without(c, SPAN) if isinstance(c, dict) else c
            for c in found["constraints"] if _is_offered(c, profile, f"{where}, constraints")
        ]  # fmt: skip
    return found


def _field(name: str, attributes: Any, profile: Profile, where: str, fields: dict[str, Any]) -> str | None:
    """Add a field to `fields`; return its name in this profile, or None if it does not exist there."""
    if not isinstance(attributes, dict):
        fields[name] = attributes
        return name
    if not _is_offered(attributes, profile, where):
        return None
    if "versions" in attributes:
        attributes = _merged(attributes, _variants(attributes, profile, where))
        name = attributes.pop("name", name)
    elif not attributes.keys().isdisjoint(SPAN):
        attributes = _without(attributes, SPAN)
    fields[name] = attributes
    return name


def _rename_references(model: str, definition: Any, changed: Names, gone: Set[str]) -> None:
    """Put the profile's field names into attributes and constraints that refer to fields; drop mixins that are gone."""
    if not isinstance(definition, dict) or not isinstance(definition.get("fields"), dict):
        return
    if isinstance(definition.get("inherit"), list) and not gone.isdisjoint(definition["inherit"]):
        definition["inherit"] = [mixin for mixin in definition["inherit"] if mixin not in gone]
    for name, attributes in definition["fields"].items():
        of_relation = changed.get(attributes.get("relation", "")) if isinstance(attributes, dict) else None
        if not of_relation:
            continue
        for key in ("mirror", "relation_field"):
            target = attributes.get(key)
            if not target:
                continue
            actual = of_relation.get(target, target)
            if actual != target:
                definition["fields"][name] = attributes = {**attributes, key: actual or target}
    for i, constraint in enumerate(definition.get("constraints", ())):
        if isinstance(constraint, dict) and "unique" in constraint:
            unique = [changed.get(model, {}).get(field, field) or field for field in constraint["unique"]]
            definition["constraints"][i] = {**constraint, "unique": unique}


# -- records


def _records(source: str, records: Iterable[Any], profile: Profile, changed: Names, gone: Set[str]) -> Iterator[Any]:
    """Yield the records, or ABSENT for those that the profile lacks."""
    for index, record in enumerate(records, 1):
        if not isinstance(record, dict):
            yield record
        elif record.get("model") in gone:
            yield ABSENT
        elif _VERSIONED.isdisjoint(record):
            yield _renamed(record, changed)
        elif _is_offered(record, profile, where := f"{source}: record {index}"):
            yield _renamed(_record(record, profile, where), changed)
        else:
            yield ABSENT


def _record(record: dict[str, Any], profile: Profile, where: str) -> dict[str, Any]:
    """Return a record with its variants merged."""
    variants = list(_variants(record, profile, where))
    values = record.get("values", {})
    for variant in variants:
        values = {**values, **variant.pop("values", {})}
    return {**_merged(record, variants), "values": values}


def _renamed(record: dict[str, Any], changed: Mapping[str, Mapping[str, str | None]]) -> dict[str, Any]:
    """Return a record with its values under the profile's field names."""
    of_model, values = changed.get(record.get("model", "")), record.get("values")
    if not of_model or not isinstance(values, dict) or of_model.keys().isdisjoint(values):
        return record
    kept = {of_model.get(name, name): value for name, value in values.items()}
    kept.pop(None, None)
    return {**record, "values": kept}


def _calls(
    source: str, calls: Iterable[Any], profile: Profile, gone: Set[str], absent: Set[Any]
) -> Iterator[dict[str, Any] | object]:
    """Yield the calls, or ABSENT for those of models or of records that the profile lacks."""
    for index, call in enumerate(calls, 1):
        where = f"{source}: call {index}"
        if not isinstance(call, dict):
            yield call
            continue
        if call.get("model") in gone or not _is_offered(call, profile, where):
            yield ABSENT
            continue
        found = _merged(call, _variants(call, profile, where))
        paths = found.get("records")
        if isinstance(paths, list):
            found["records"] = [path for path in paths if _root(path) not in absent]
        for key in ("values", "kwargs", "context"):
            if isinstance(found.get(key), dict):
                found[key] = _without_references(found[key], absent)
        yield found if not paths or found["records"] else ABSENT


def _given_names(source: str, names: Iterable[Any], profile: Profile, absent: Set[Any]) -> Iterator[Any]:
    """Yield the names, or ABSENT for those of records that the profile lacks."""
    for index, name in enumerate(names, 1):
        offered = _is_offered(name, profile, f"{source}: name {index}")
        there = not isinstance(name, dict) or _root(name.get("path")) not in absent
        yield ABSENT if not (offered and there) else _without(name, SPAN) if isinstance(name, dict) else name


def _deleted(source: str, items: Iterable[Any], profile: Profile, gone: Set[str], absent: Set[Any]) -> Iterator[Any]:
    """Yield the records to delete, or ABSENT for those that the profile lacks."""
    for index, item in enumerate(items, 1):
        if not isinstance(item, dict):
            yield item  # reported when its shape is checked
            continue
        offered = _is_offered(item, profile, f"{source}: deleted {index}")
        lacked = str(item.get("model")) in gone or str(item.get("xmlid")) in absent
        yield ABSENT if lacked or not offered else _without(item, SPAN)


def _root(path: Any) -> str:
    """Return the external id that a path begins with."""
    return ".".join(str(path).split(".")[:2])


def _absent(fixtures: Mapping[str, Fixture], records: Mapping[str, list[Any]], known: frozenset[str]) -> frozenset[str]:
    """Return the names of the records of the fixtures, and of the known ones, that the profile lacks."""
    told = {
        name
        for source, fixture in fixtures.items()
        for record, resolved in zip(fixture.get("records", ()), records[source], strict=False)
        if resolved is not record and isinstance(record, dict)
        for name in _names(record)
    }
    if not known and not told:
        return known
    here = {name for found in records.values() for r in found if isinstance(r, dict) for name in _names(r)}
    return known.union(told) - here


def _drop_references(models: Mapping[str, dict[str, Any]], records: Mapping[str, list[Any]], gone: Set[Any]) -> None:
    """Remove references to absent records from values and defaults."""
    for found in records.values():
        for i, record in enumerate(found):
            if isinstance(record, dict) and isinstance(record.get("values"), dict):
                kept = _without_references(record["values"], gone)
                if kept is not record["values"]:
                    found[i] = {**record, "values": kept}
    for defined in models.values():
        for definition in defined.values():
            if isinstance(definition, dict) and isinstance(definition.get("defaults"), dict):
                definition["defaults"] = _without_references(definition["defaults"], gone)


def _names(record: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the names by which references lead to a record."""
    return () if record.get("update") else (record.get("xmlid"), record.get("label"))


def _without_references(values: dict[str, Any], gone: Set[Any]) -> dict[str, Any]:
    """Return the values without references to `gone`; the same object if there are none."""
    kept = values
    for name, value in values.items():
        kind = type(value)
        if kind not in _CONTAINERS or (kind is dict and "add" not in value and not _is_gone(value, gone)):
            continue
        items = value if isinstance(value, list) else value.get("add", [value])
        left = [item for item in items if not _is_gone(item, gone)] if isinstance(items, list) else items
        if left == items:
            continue
        kept = dict(kept)
        if isinstance(value, list):
            kept[name] = left
        elif "add" in value:
            kept[name] = {"add": left}
        else:
            del kept[name]
    return kept


def _is_gone(item: Any, gone: Set[Any]) -> bool:
    """Return whether a value of a record is a reference to one of those that are gone."""
    name = item.get("ref") if type(item) is dict else None
    return type(name) is str and name in gone
