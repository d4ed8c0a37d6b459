"""Check the calls of a contract against a profile, without a server and without data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.contract.consumer.arguments import NamedArgument, by_name, fields_in, first_unknown_field
from mockserver.contract.steps import Call as ContractCall, Contract, Json2, Service, Step
from mockserver.errors import AccessError
from mockserver.orm.database import Database
from mockserver.orm.query.operators import operators
from mockserver.profiles import Profile
from mockserver.profiles.deprecations import between
from mockserver.report import deprecated_calls as upgrade
from mockserver.seed import build as seed
from mockserver.services import Call
from mockserver.services.call import public_method, take_context
from mockserver.services.named_arguments import signature


class Problem(NamedTuple):
    """One thing in a call that a profile does not know: its `kind`, such as a field, its name, and a message."""

    kind: str
    name: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """The same for two versions that have different messages."""
        return self.kind, self.name


@dataclass
class Finding:
    """The result for one call: what differs, what is deprecated, and what neither profile knows."""

    step: Step
    differs: list[str] = field(default_factory=list)
    deprecated: list[str] = field(default_factory=list)
    unknown_in_both: list[str] = field(default_factory=list)


def check(contract: Contract, target: Profile) -> list[Finding]:
    """Check each compared call of a contract against a profile, in order.

    The profile that the contract was recorded from is checked too, so that what the packs lack is not reported as a
    difference.  Raises ValueError (`FixtureError`).
    """
    source = profiles.get(contract.profile or profiles.DEFAULT)
    source_db, target_db = _database(contract, source), _database(contract, target)
    return [_finding(step, source_db, target_db) for step in contract.steps if step.scored and _is_call(step)]


def _database(contract: Contract, profile: Profile) -> Database:
    beside = Path(contract.source).parent
    own = [str(beside / name) if (beside / name).is_file() else name for name in contract.fixtures]
    return seed.build("check", profile=profile, fixtures=["business", *own], clock=Clock())


def _is_call(step: Step) -> bool:
    return isinstance(step.request, (ContractCall, Json2, Service))


def _finding(step: Step, source_db: Database, target_db: Database) -> Finding:
    finding = Finding(step)
    call = _call(step, target_db.profile)
    known = dict(_listed_changes(call, source_db, target_db))
    finding.differs += [text for text, gone in known.items() if gone]
    finding.deprecated += [text for text, gone in known.items() if not gone]
    if isinstance(step.request, Service):
        return finding
    if isinstance(step.request, Json2) and not target_db.profile.rules.json2:
        finding.differs.append("there is no JSON-2, which came with 19.0")
    before, after = {problem.key for problem in _problems(call, source_db)}, _problems(call, target_db)
    is_listed = bool(finding.differs)
    for problem in after:
        if problem.key in before:
            finding.unknown_in_both.append(problem.text)
        elif not (
            is_listed and problem.kind in ("method", "arguments", "field")
        ):  # the entry has reported it, with more detail
            finding.differs.append(problem.text)
    return finding


def _call(step: Step, profile: Profile) -> Call:
    """Return the call in the form of the server."""
    request = step.request
    if isinstance(request, Service):
        return Call(step.via, request.name, request.method, request.args)
    if isinstance(request, Json2):
        body = dict(request.body) if isinstance(request.body, dict) else {}
        ids = [body.pop("ids")] if "ids" in body else []
        return Call("json2", "json2", request.method, _with_dummy_ids(ids), _with_dummy_ids(body), model=request.model)
    assert isinstance(request, ContractCall)
    args, kwargs = _with_dummy_ids(request.args), _with_dummy_ids(request.kwargs)
    return Call(step.via, "object", request.method, args, kwargs, model=request.model)


def _with_dummy_ids(value: Any) -> Any:
    """Return the value with a number for every label."""
    if isinstance(value, dict):
        return 1 if value.keys() == {"$ref"} else {key: _with_dummy_ids(item) for key, item in value.items()}
    return [_with_dummy_ids(item) for item in value] if isinstance(value, list) else value


def _listed_changes(call: Call, source_db: Database, target_db: Database) -> Iterator[tuple[str, bool]]:
    """Yield the entries of `profiles/deprecations.py` for the call, and whether the change has taken effect."""
    model = target_db.registry.get(call.model or "")

    def has_unknown_fields() -> bool:
        return model is not None and any(name not in model.fields for name in upgrade.written_fields(call))

    for entry in between(source_db.profile.generation, target_db.profile.generation):
        if upgrade.applies(entry, call, has_unknown_fields):
            yield (
                f"{entry.call}: {entry.when}; use {entry.replacement}",
                entry.has_changed(target_db.profile.generation),
            )


def _problems(call: Call, database: Database) -> list[Problem]:
    """Return what a profile does not know in a call, in order, each thing once."""
    model = database.registry.get(call.model or "")
    if model is None:
        return [Problem("model", str(call.model), f"there is no model {call.model!r}")]
    try:
        found = public_method(database, model.name, call.method)
    except (AttributeError, AccessError) as error:
        return [Problem("method", call.method, " ".join(str(error).split()))]
    args, kwargs = list(call.args), dict(call.kwargs)
    if database.profile.rules.context_argument:
        args = list(take_context(found, args, kwargs))
    kwargs.pop("context", None)
    kwargs.pop("ids", None)
    if found.takes_ids:
        args = args[1:]
    try:
        signature(found.function).bind(None, *args, **kwargs)
    except TypeError as error:
        return [Problem("arguments", "", f"{call.method}(): {error}")]
    arguments = by_name(tuple(signature(found.function).parameters)[1:], args, kwargs)
    return list(dict.fromkeys(_argument_problems(model.name, arguments, database)))


def _argument_problems(model: str, arguments: Sequence[NamedArgument], database: Database) -> Iterator[Problem]:
    known = operators(database.profile.rules)
    for path, operator in (found for argument in arguments for found in fields_in(database, model, argument)):
        missing = first_unknown_field(database, path)
        if missing:
            yield Problem("field", missing, f"there is no field {missing}")
        if operator is not None and operator.lower() not in known and operator != "<>" and operator != "==":
            yield Problem("operator", operator, f"there is no operator {operator!r}")


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the report: differences call by call, everything else once."""
    for finding in findings:
        if finding.differs:
            yield f"  step {finding.step.number}  {finding.step}"
            yield from (f"    {text}" for text in finding.differs)
    for text, number in Counter(text for finding in findings for text in finding.deprecated).items():
        yield f"  deprecated, in {number} of the calls: {text}"
    unknown = sorted({text for finding in findings for text in finding.unknown_in_both})
    if unknown:
        yield f"  not known here, in either version: {'; '.join(unknown[:5])}{' …' if len(unknown) > 5 else ''}"
