"""discuss.channel.member: who takes part in a channel; `mail.channel.member` in 16."""

from __future__ import annotations

from typing import Any

from mockserver import models


class ChannelMember(models.Model):
    _inherit = "discuss.channel.member"

    def _compute_is_self(self) -> None:
        own = self.env.user.partner_id
        for member in self:
            member.is_self = member.partner_id == own

    def _search_is_self(self, operator: str, value: Any) -> list[Any]:
        positive = (operator in ("=", "in")) is bool(value)
        return [("partner_id", "in" if positive else "not in", self.env.user.partner_id.ids)]

    def _compute_display_name(self) -> None:
        for member in self:
            member.display_name = f"“{member.partner_id.name}” in “{member.channel_id.display_name}”"

    def _compute_message_unread_counter(self) -> None:
        for member in self:
            seen = member.seen_message_id.id or 0
            messages = member.sudo().channel_id.message_ids
            member.message_unread_counter = len(messages.filtered(lambda message, seen=seen: message.id > seen))
