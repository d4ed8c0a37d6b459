"""account.move: creating, changing and deleting entries and invoices.

Source: 17.0; recorded in flow-invoice-1, flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from mockserver import api, models
from mockserver.addons.account import bank_lines, locks, move_guards, synchronise
from mockserver.addons.account.move_lines import merged
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self


class Move(models.Model):
    _inherit = "account.move"
    _since = 13
    _mail_post_access: ClassVar[str] = "read"

    def create(self, vals_list: Any) -> Self:
        """Create entries from `{field: value}` or a list of those, with the lines that follow from their lines."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        if any(vals.get("state") == "posted" for vals in several):
            raise UserError(
                "You cannot create a move already in the posted state. Please create a draft move and post it after."
            )
        with synchronise.kept(self) as change:
            made: Self = super(Move, synchronise.quiet(self)).create([merged(vals) for vals in several])
            change.moves = made
            for move in made:
                move_guards.check_journal(move)
        return self.browse(made._ids)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change entries, and what follows from that in their lines; return True."""
        if not vals or not self:
            return super().write(vals)
        vals = merged(vals)
        for move in self.exists():
            move_guards.check_change(move, vals)
        with synchronise.kept(self):
            super(Move, synchronise.quiet(self)).write(vals)
            if "journal_id" in vals and "name" not in vals:
                self._renumber()
            if "date" in vals or "state" in vals:
                posted = self.filtered(lambda move: move.state == "posted")
                locks.check_moves(posted)
                locks.check_taxes(posted.line_ids)
        move_guards.check_after(self, vals)
        self._tell_owners(vals)
        return True

    def _tell_owners(self, changed: Collection[str]) -> None:
        """Let the bank transactions that the entries belong to follow what has changed in them."""
        if "line_ids" in changed and not self.env.context.get("skip_account_move_synchronization"):
            for line in self.statement_line_id:
                bank_lines.follow_entry(line)

    def _renumber(self) -> None:
        """Give drafts that changed their journal a number of the new one."""
        for move in self.filtered(lambda move: move.state == "draft"):
            super(Move, move).write({"name": False})
            move._compute_name()

    def unlink(self) -> bool:
        """Delete drafts with their lines; return True."""
        moves = synchronise.quiet(self.exists()).with_context(dynamic_unlink=True)
        moves.line_ids.unlink()
        return super(Move, moves).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_forbid_parts_of_chain(self) -> None:
        move_guards.check_chain(self)
