"""Error texts and classes that changed with the generations, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Wording:
    """One error: its class, and its text with named placeholders."""

    error: type[Exception]
    text: str

    def __call__(self, **values: Any) -> Exception:
        """Return the error with these values in its text."""
        return self.error(self.text.format(**values))


@dataclass(frozen=True)
class DomainErrors:
    """The errors of a domain.  Source: versions.md §8.2, §8.3; recorded in core-errors of each server."""

    not_a_domain: Wording
    unbalanced: Wording
    no_item: Wording  # an item that is neither a leaf nor an operator
    leaf_length: Wording | None  # None: Python's own error of unpacking the leaf
    unknown_field: Wording
    unknown_operator: Wording
    not_relational: Wording
    only_relational: Wording  # `any` on a field that is no relation
    no_hierarchy: Wording  # `child_of` on a field that is no relation
    unknown_part: Wording  # of a date


_17 = DomainErrors(
    not_a_domain=Wording(
        AssertionError, "Domains to normalize must have a 'domain' form: a list or tuple of domain components"
    ),
    unbalanced=Wording(ValueError, "Domain {domain} is syntactically not correct."),
    no_item=Wording(TypeError, "'{type}' object is not subscriptable"),
    leaf_length=None,
    unknown_field=Wording(ValueError, "Invalid field {model}.{field} in leaf {leaf}"),
    unknown_operator=Wording(ValueError, "Invalid leaf {leaf}"),
    not_relational=Wording(AssertionError, "Invalid field {path!r} in domain term {leaf}"),
    only_relational=Wording(ValueError, "Invalid leaf {leaf}"),
    no_hierarchy=Wording(KeyError, "{operator}"),
    unknown_part=Wording(
        ValueError,
        "Error when processing the field '{model}.{field}', the granularity {part} is not supported. Only {parts} are"
        " supported",
    ),
)
_14 = replace(
    _17,
    unbalanced=Wording(AssertionError, "This domain is syntactically not correct: {domain}"),
    no_item=Wording(TypeError, "object of type '{type}' has no len()"),
    leaf_length=Wording(ValueError, "Invalid leaf {leaf}"),
    not_relational=Wording(AttributeError, "'{field_type}' object has no attribute 'auto_join'"),
)
_11 = replace(
    _14,
    unknown_field=Wording(
        ValueError, 'Invalid field {field!r} in leaf "<osv.ExtendedLeaf: {leaf} on {table} (ctx: )>"'
    ),
    not_relational=Wording(AttributeError, "auto_join"),
)
_UNHASHABLE = Wording(TypeError, "unhashable type: 'list'")
FLECTRA_DOMAIN_ERRORS = replace(_11, leaf_length=_UNHASHABLE, unknown_operator=_UNHASHABLE)
_19 = DomainErrors(
    not_a_domain=Wording(TypeError, "Domain() invalid argument type for domain: {domain!r}"),
    unbalanced=Wording(ValueError, "Domain() malformed domain {domain}"),
    no_item=Wording(ValueError, "Domain() invalid item in domain: {item!r}"),
    leaf_length=Wording(ValueError, "Domain() invalid item in domain: {item!r}"),
    unknown_field=Wording(ValueError, "Invalid field {model}.{field} in condition {leaf}"),
    unknown_operator=Wording(ValueError, "Invalid operator in condition {leaf}"),
    not_relational=Wording(ValueError, "Invalid field property {rest!r} on {model}.{field}"),
    only_relational=Wording(ValueError, "Cannot use {operator!r} with non-relational fields in condition {leaf}"),
    no_hierarchy=Wording(
        ValueError,
        "Cannot execute {operator} for {model}.{field}, works only for relational fields in condition {leaf}",
    ),
    unknown_part=Wording(
        ValueError, "Error when processing the granularity {part} is not supported. Only {parts} are supported"
    ),
)
DOMAIN_ERRORS = {11: _11, 14: _14, 17: _17, 19: _19}

_ARCHIVE = "If possible, archive it instead."
_MANDATORY = (
    "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n"
    f"- Delete: another model requires the record being deleted. {_ARCHIVE}\n\n"
)
# a missing value of a mandatory field: {kind}, {model}, {label}, {field}
NOT_NULL = {
    11: _MANDATORY + "Model: {kind} ({model}), Field: {label} ({field})",
    16: _MANDATORY + "Model: {kind} ({model})\nField: {label} ({field})\n",
    19: "The operation cannot be completed: Missing required value for the field '{label}' ({field}).\n"
    "Model: '{kind}' ({model})\n- create/update: a mandatory field is not set\n"
    "- delete: another model requires the record being deleted, you can archive it instead\n",
}
# Flectra's text for both; {reference}: the table that the database names last
FLECTRA_BROKEN_KEY = (
    "The operation cannot be completed, probably due to the following:\n"
    "- deletion: you may be trying to delete a record while other records still reference it\n"
    "- creation/update: a mandatory field is not correctly set\n\n[object with reference: {reference}]"
)
_REFERENCED = f"The operation cannot be completed: another model requires the record being deleted. {_ARCHIVE}\n\n"
# a violated foreign key: {owner}, or {kind} and {model}, and {constraint}
FOREIGN_KEY = {
    11: _REFERENCED + "Model: {kind} ({model}), Constraint: {constraint}",
    16: _REFERENCED + "Model: {kind} ({model})\nConstraint: {constraint}\n",
    19: "The operation cannot be completed: Another model is using the record you are trying to delete.\n\n"
    "The troublemaker is: {owner}\nThanks to the following constraint: {constraint}\n"
    "How about archiving the record instead?",
}
