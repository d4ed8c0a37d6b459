"""What is written to the two fields of lines of an entry, joined: `line_ids` has them all, `invoice_line_ids` some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.orm.writing.commands import UPDATE


def merged(vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with the commands of `invoice_line_ids` among those of `line_ids`, if both are given."""
    vals = dict(vals)
    if not vals.get("invoice_line_ids") or not vals.get("line_ids"):
        return vals
    commands = [list(command) for command in vals["line_ids"]]
    changes = {command[1]: command for command in commands if command[0] == UPDATE}
    for command in vals.pop("invoice_line_ids"):
        if command[0] == UPDATE and command[1] in changes:
            known = changes[command[1]]
            known[2] = {**known[2], **command[2]}
        elif list(command) not in commands:
            commands.append(list(command))
    vals["line_ids"] = commands
    return vals
