"""discuss.channel: conversations, their members and their messages; `mail.channel` until 16.

Source: recorded in flow-activity (17.0), its differences to 18.0 and 19.0; Inferred: 14.0 to 16.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

from mockserver import api, models
from mockserver.addons.base_mail import bulk
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment, Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_MEMBERS = ("discuss.channel.member", "mail.channel.member", "mail.channel.partner")


def members_of(channels: Recordset) -> Recordset:
    """Return the members of channels."""
    env = channels.env.sudo()
    model = _members_model(env)
    found = env.db.store.having(model, "channel_id", channels._ids)
    return env[model].browse(sorted(found))


def _members_model(env: Environment) -> str:
    return next(name for name in _MEMBERS if name in env)


class Channel(models.Model):
    _inherit = "discuss.channel"
    _mail_post_access: ClassVar[str] = "read"
    _mail_flat_thread: ClassVar[bool] = False

    def _default_uuid(self) -> str:
        return self.env.db.clock.token(10)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create channels; who creates one is a member of it."""
        single = isinstance(vals_list, Mapping)
        given = [dict(vals) for vals in ([vals_list] if single else vals_list)]
        invited = [_partners(vals.pop("channel_partner_ids", ())) for vals in given]
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        made = super(Channel, quiet).create(given[0] if single else given)
        channels = self.browse(made.ids)
        own = self.env.user.partner_id.ids if self.env.user.active else []
        for channel, partners in zip(channels, invited, strict=True):
            present = members_of(channel).partner_id.ids
            channel._join([id_ for id_ in dict.fromkeys([*own, *partners]) if id_ not in present])
        return channels

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change channels, but not their type."""
        if "channel_type" in vals:
            failing = self.filtered(lambda channel: channel.channel_type != vals["channel_type"])
            if failing:
                names = ", ".join(str(name) for name in failing.mapped("name"))
                raise UserError(
                    self.env._("Cannot change the channel type of: %(channel_names)s") % {"channel_names": names}
                )
        return super().write(vals)

    def unlink(self) -> bool:
        """Delete channels, except that of all employees."""
        everybody = self.env.ref("mail.channel_all_employees", raise_if_not_found=False)
        if everybody and everybody.id in self._ids:
            raise UserError("You cannot delete those groups, as the Whole Company group is required by other modules.")
        return super().unlink()

    # -- fields

    @api.depends("channel_type")
    def _compute_group_public_id(self) -> None:
        employees = self.env.ref("base.group_user", raise_if_not_found=False)
        for channel in self:
            public = channel.group_public_id or employees
            channel.group_public_id = public if channel.channel_type == "channel" else False

    @api.depends("channel_member_ids")
    def _compute_member_count(self) -> None:
        for channel in self:
            channel.member_count = len(members_of(channel))

    def _compute_channel_partner_ids(self) -> None:
        for channel in self:
            channel.channel_partner_ids = members_of(channel).partner_id

    def _inverse_channel_partner_ids(self) -> None:
        for channel in self:
            wanted, members = channel.channel_partner_ids, members_of(channel)
            gone = members.partner_id - wanted
            members.browse(one.id for one in members if one.partner_id in gone).unlink()
            channel._join((wanted - members.partner_id).ids)

    def _search_channel_partner_ids(self, operator: str, value: Any) -> list[Any]:
        env = self.env.sudo()
        found = env[_members_model(env)].search([("partner_id", operator, value)])
        return [("id", "in", found.channel_id.ids)]

    def _compute_is_member(self) -> None:
        own = self.env.user.partner_id
        for channel in self:
            channel.is_member = own in members_of(channel).partner_id

    def _search_is_member(self, operator: str, value: Any) -> list[Any]:
        env = self.env.sudo()
        found = env[_members_model(env)].search([("partner_id", "in", self.env.user.partner_id.ids)])
        return [("id", "in" if (operator == "=") is bool(value) else "not in", found.channel_id.ids)]

    def _compute_is_chat(self) -> None:
        for channel in self:
            channel.is_chat = channel.channel_type in ("chat", "group")

    def _compute_is_editable(self) -> None:
        for channel in self:
            channel.is_editable = channel.channel_type == "channel" or channel.is_member

    def _compute_invitation_url(self) -> None:
        for channel in self:
            channel.invitation_url = f"/chat/{channel.id}/{channel.uuid}"

    # -- messages

    @api.returns_id
    @api.versions(since=15)
    def message_post(self, *, message_type: str = "notification", **kwargs: Any) -> Recordset:
        """Write a message in the channel and return it."""
        quiet = self.with_context(mail_create_nosubscribe=True, mail_post_autofollow=False)
        found: Recordset = super(Channel, quiet).message_post(message_type=message_type, **kwargs)  # type: ignore[misc]
        return self.env["mail.message"].browse(found.ids)

    @api.versions(since=16)
    def message_subscribe(self, partner_ids: Any = None, subtype_ids: Any = None) -> bool:
        """Refuse followers: channels have members."""
        raise UserError("Adding followers on channels is not possible. Consider adding members instead.")

    # -- members

    @api.versions(since=16)
    def add_members(
        self, partner_ids: Any = None, guest_ids: Any = None, invite_to_rtc_call: bool = False,
        open_chat_window: bool = False, post_joined_message: bool = True,
    ) -> Recordset:  # fmt: skip
        """Add contacts to the channels and return the new members."""
        own = self.env.user.partner_id
        found = members_of(self.browse())
        for channel in self:
            new = channel._join([id_ for id_ in partner_ids or () if id_ not in members_of(channel).partner_id.ids])
            found |= new
            for member in new if post_joined_message and self.env.db.profile.rules.joining_is_told else ():
                joined = "joined the channel" if member.partner_id == own else f"invited {_link(member)} to the channel"
                channel._tell(joined)
        return found

    def _join(self, partner_ids: Iterable[int]) -> Recordset:
        """Make contacts members of the channel, without a word of it."""
        env = self.env.sudo()
        values = [{"channel_id": self.id, "partner_id": id_} for id_ in partner_ids]
        return bulk.create_each(env[_members_model(env)], values)

    def _tell(self, body: str) -> Recordset:
        return self.sudo().message_post(
            body=f'<div class="o_mail_notification">{body}</div>', subtype_xmlid="mail.mt_comment", body_is_html=True,
            author_id=self.env.user.partner_id.id,
        )  # fmt: skip

    def _leave(self) -> None:
        own = members_of(self).filtered(lambda member: member.partner_id == self.env.user.partner_id)
        if own:
            self._tell("left the channel")
            own.unlink()

    @api.versions(since=14)
    def action_unfollow(self) -> None:
        """Leave the channel."""
        self._leave()

    @api.versions(since=16)
    def channel_join(self) -> None:
        """Become a member of the channel."""
        self.add_members(self.env.user.partner_id.ids)

    @api.versions(until=15)
    def action_follow(self) -> None:
        """Become a member of the channel."""
        self._join(id_ for id_ in self.env.user.partner_id.ids if id_ not in members_of(self).partner_id.ids)

    @api.versions(until=15)
    def channel_invite(self, partner_ids: Any) -> bool:
        """Make contacts members of the channel."""
        self._join(id_ for id_ in partner_ids if id_ not in members_of(self).partner_id.ids)
        return True

    @api.versions(since=16)
    def channel_rename(self, name: str) -> None:
        """Give the channel another name."""
        self.write({"name": name})

    @api.versions(since=16)
    def channel_change_description(self, description: Any) -> None:
        """Give the channel another description."""
        self.write({"description": description})

    def channel_pin(self, pinned: bool = False) -> None:
        """Show the channel in the user's list, or no longer."""
        members_of(self).filtered(lambda one: one.partner_id == self.env.user.partner_id).write({"is_pinned": pinned})

    def channel_set_custom_name(self, name: str) -> None:
        """Give the channel a name that only the user sees."""
        own = members_of(self).filtered(lambda one: one.partner_id == self.env.user.partner_id)
        own.write({"custom_channel_name": name})

    # -- new conversations

    @api.model(since=16, until=18)
    def channel_create(self, name: str, group_id: Any) -> Any:
        """Create a channel for a group of users, or for everybody; return it for the web client."""
        made = self.create({"name": name, "group_public_id": group_id} if group_id else {"name": name})
        if not group_id:
            made.sudo().write({"group_public_id": False})
        link = f'<a href="#" class="o_channel_redirect" data-oe-id="{made.id}">#{escape(name, quote=False)}</a>'
        made._tell(f"created {link}")
        return _told(made)

    @api.model(until=15, name="channel_create")
    def channel_create_14(self, name: str, privacy: str = "public") -> Any:
        """Create a channel and return it for the web client."""
        return _told(self.create({"name": name, "public": privacy}))

    @api.model(until=18)
    def channel_get(self, partners_to: Any, pin: bool = True, force_open: bool = False) -> Any:
        """Return the conversation of the user with contacts, for the web client; there may be none yet."""
        wanted = {*partners_to, *self.env.user.partner_id.ids}
        for channel in self.sudo().search([("channel_type", "=", "chat")]):
            if set(members_of(channel).partner_id.ids) == wanted:
                return _told(channel)
        names = self.env["res.partner"].sudo().browse(sorted(wanted)).mapped("name")
        chat = self.sudo().create({"name": ", ".join(names), "channel_type": "chat"})
        chat._join(sorted(wanted - set(members_of(chat).partner_id.ids)))
        return _told(chat)

    @api.model(since=16, until=18)
    def create_group(self, partners_to: Any, default_display_mode: Any = False, name: str = "") -> Any:
        """Create a conversation of the user with several contacts and return it for the web client."""
        group = self.create(
            {"name": name or " ", "channel_type": "group", "default_display_mode": default_display_mode}
        )
        group._join(sorted({*partners_to} - set(members_of(group).partner_id.ids)))
        return _told(group)


class MailChannel(Channel):
    _inherit = "mail.channel"


def _partners(commands: Any) -> list[int]:
    """Return the contacts that commands name."""
    found: list[int] = []
    for command in commands or ():
        if isinstance(command, (list, tuple)):
            found += command[2] if command[0] == 6 else [command[1]] if command[0] == 4 else []
        elif isinstance(command, int):
            found.append(command)
    return found


def _link(member: Recordset) -> str:
    partner = member.partner_id
    name = escape(str(partner.name or ""), quote=False)
    return f'<a href="#" data-oe-model="res.partner" data-oe-id="{partner.id}">@{name}</a>'


def _told(channel: Recordset) -> Any:
    """Return what the web client gets to know of a channel."""
    fields, rules = channel._model.fields, channel.env.db.profile.rules
    found = {
        "id": channel.id, "name": channel.name, "channel_type": channel.channel_type,
        "description": channel.description, "uuid": channel.uuid, "memberCount": len(members_of(channel)),
        "defaultDisplayMode": channel.default_display_mode if "default_display_mode" in fields else False,
        "create_uid": channel.create_uid.id, "group_based_subscription": bool(channel.group_ids),
    }  # fmt: skip
    return {"discuss.channel": [found]} if rules.channels_told_in_store else {**found, "model": channel._name}
