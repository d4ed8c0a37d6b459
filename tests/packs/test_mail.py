"""The chatter: what is logged, who is told, activities, mail and its templates, channels."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import profiles
from mockserver.addons.mail.rendering import bodies, expressions, inline
from mockserver.addons.mail.sent import SentMail
from mockserver.clock import Clock
from mockserver.errors import AccessError, UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples

TEXT = "Failed to render: {template}"


def build(profile: str = "odoo-17.0", *packs: str) -> Database:
    return seed.build("t", profile=profiles.get(profile), clock=Clock(), fixtures=packs or ("crm",))


@pytest.fixture(scope="module")
def database() -> Database:
    return build()


def contact(env: Environment, name: str = "Ann", **values: Any) -> Recordset:
    return env["res.partner"].create({"name": name, "email": f"{name.lower()}@x.example", **values})


def user(env: Environment, login: str, **values: Any) -> Recordset:
    return env["res.users"].create({"name": login.title(), "login": login, "email": f"{login}@x.example", **values})


def logged(record: Recordset) -> list[tuple[str, str]]:
    messages = record.env.sudo()["mail.message"].search(
        [("model", "=", record._name), ("res_id", "=", record.id)], order="id"
    )
    return [(message.subtype_id.name, message.body) for message in messages]


# -- the log


def test_a_record_that_is_created_and_changed_in_one_call_logs_its_creation_alone(env: Environment) -> None:
    with env.db.transaction():
        partner = contact(env)
        partner.write({"phone": "1"})
    assert logged(partner) == [("Note", "<p>Contact created</p>")]


def test_the_writes_of_one_call_are_one_message_with_the_difference(env: Environment) -> None:
    partner = contact(env, phone="1", email="a@x.example")
    with env.db.transaction():
        partner.write({"phone": "2"})
        partner.write({"email": "b@x.example"})
        partner.write({"phone": "3"})
        partner.write({"comment": "not tracked"})
    values = partner.message_ids[0].sudo().tracking_value_ids
    assert {(v.field_id.name, v.old_value_char, v.new_value_char) for v in values} == {
        ("phone", "1", "3"),
        ("email", "a@x.example", "b@x.example"),
    }
    with env.db.transaction():
        partner.write({"phone": "4"})
        partner.write({"phone": "3"})
    assert len(partner.message_ids) == 2


def test_what_is_written_without_tracking_is_left_out(env: Environment) -> None:
    partner = contact(env, phone="1")
    with env.db.transaction():
        partner.with_context(mail_notrack=True).write({"phone": "2"})
        partner.write({"phone": "3"})
    (value,) = partner.message_ids[0].sudo().tracking_value_ids
    assert (value.old_value_char, value.new_value_char) == ("2", "3")


def test_an_address_is_tracked_as_one_line(env: Environment) -> None:
    partner = contact(env, city="Ghent")
    partner.write({"city": "Bruges"})
    (value,) = partner.message_ids[0].sudo().tracking_value_ids
    assert (value.field_id.name, value.old_value_char, value.new_value_char) == (
        "contact_address_inline", " Ghent  ", " Bruges  ",
    )  # fmt: skip


def test_a_call_that_fails_logs_nothing_and_sends_nothing(env: Environment) -> None:
    ann = contact(env)
    before = len(env.db.sent)
    with pytest.raises(UserError), env.db.transaction():
        ann.message_post(body="x", partner_ids=ann.ids)
        ann.write({"phone": "9"})
        assert len(env.db.sent) > before
        raise UserError("no")
    assert (logged(ann), len(env.db.sent)) == ([("Note", "<p>Contact created</p>")], before)


@given(st.lists(st.tuples(st.sampled_from(["phone", "email"]), st.sampled_from(["", "a", "b"])), max_size=6))
@examples(15)
def test_tracked_values_always_lead_from_the_old_row_to_the_new_one(writes: list[tuple[str, str]]) -> None:
    database = build("odoo-17.0", "mail")
    env = database.env(database.profile.admin_id)
    partner = contact(env, phone="a", email="b")
    before = {"phone": "a", "email": "b"}
    for name, value in writes:
        partner.write({name: value})
    for change in env["mail.tracking.value"].sudo().search([], order="id"):
        name = change.field_id.name
        assert (change.old_value_char or "") == before[name] != (change.new_value_char or "")
        before[name] = change.new_value_char or ""
    assert before == {name: partner[name] or "" for name in before}


# -- who is told


def test_a_responsible_user_follows_and_is_told(env: Environment) -> None:
    sam = user(env, "sam")
    lead = env["crm.lead"].create({"name": "Deal", "user_id": sam.id})
    assert lead.message_partner_ids == env.user.partner_id | sam.partner_id
    mail: SentMail = env.db.sent[-1]
    assert (mail.subject, mail.to) == ("You have been assigned to Deal", ('"Sam" <sam@x.example>',))
    assert mail.record == ("crm.lead", lead.id)
    assert sam.partner_id not in lead.message_ids.author_id


def test_followers_get_the_kinds_of_messages_that_they_follow(env: Environment) -> None:
    record, reader = contact(env, "Record"), contact(env, "Reader")
    record.message_subscribe(reader.ids)
    record.message_post(body="a note")
    assert not env.db.sent
    record.message_post(body="a comment", subtype_xmlid="mail.mt_comment")
    assert env.db.sent[-1].to == ('"Reader" <reader@x.example>',)
    note = record.message_ids[0].sudo().notification_ids
    assert (note.notification_type, note.notification_status, note.is_read) == ("email", "sent", True)


def test_a_user_with_an_inbox_has_something_to_read(env: Environment) -> None:
    sam, record = user(env, "sam", notification_type="inbox"), contact(env, "Record")
    message = record.message_post(body="for you", partner_ids=sam.partner_id.ids, subtype_xmlid="mail.mt_comment")
    seen = record.with_user(sam)
    assert (seen.message_needaction, seen.message_needaction_counter) == (True, 1)
    assert not env.db.sent
    assert env["res.partner"].with_user(sam).search([("message_needaction", "=", True)]) == record
    message.with_user(sam).set_message_done()
    assert not record.with_user(sam).message_needaction


def test_a_contact_without_an_address_cannot_be_told(env: Environment) -> None:
    record, mute = contact(env, "Record"), contact(env, "Mute", email=False)
    message = record.message_post(body="x", partner_ids=mute.ids)
    assert message.sudo().notification_ids.notification_status == "exception"
    assert record.message_has_error
    assert message.sudo().mail_ids.state == "exception"


def test_messages_are_read_and_written_by_the_rights_on_their_record(env: Environment) -> None:
    own = env.ref("sales_team.group_sale_salesman")
    assert own is not None
    sam = user(env, "sam", groups_id=[(6, 0, own.ids)])
    lead = env["crm.lead"].create({"name": "Deal", "user_id": env.uid})
    message = lead.message_post(body="secret")
    seen = message.with_user(sam)
    assert not env["mail.message"].with_user(sam).search([("id", "=", message.id)])
    with pytest.raises(AccessError, match=r"Document type: Message, Operation: read\) - \(Records: \["):
        seen.read(["body"])
    lead.message_post(body="for sam", partner_ids=sam.partner_id.ids)
    assert lead.message_ids[0].with_user(sam).read(["body"])[0]["body"] == "<p>for sam</p>"


# -- activities


@pytest.mark.parametrize("profile", ["odoo-17.0", "odoo-19.0"])
def test_a_state_of_activities_has_no_records(profile: str) -> None:
    database = build(profile)
    env = database.env(database.profile.admin_id)
    for operator in ("any", "not any"):
        for inner in ([], [("name", "=", ["x"])]):
            with pytest.raises(ValueError, match=r"Invalid leaf|with non-relational fields"):
                env["res.partner"].search([("activity_state", operator, inner)])


def test_an_activity_done_leads_to_the_next_one(env: Environment) -> None:
    env.user.write({"tz": "UTC"})
    kinds = env["mail.activity.type"]
    visit = kinds.create({"name": "Visit", "delay_count": 1, "delay_unit": "months", "summary": "Go"})
    call = kinds.create({"name": "Ring", "chaining_type": "trigger", "triggered_next_type_id": visit.id})
    model = env["ir.model"].search([("model", "=", "res.partner")])
    record = contact(env)
    activity = env["mail.activity"].create(
        {"res_model_id": model.id, "res_id": record.id, "activity_type_id": call.id, "date_deadline": "2024-01-31"}
    )
    assert (record.activity_state, activity.state) == ("overdue", "overdue")
    activity.action_feedback(feedback="one\ntwo")
    assert "one<br>two" in record.message_ids[0].body
    (following,) = record.activity_ids
    assert (following.summary, str(following.date_deadline), following.state) == ("Go", "2024-02-29", "overdue")
    assert env["res.partner"].search([("activity_state", "=", "overdue")]) == record
    record.write({"active": False})
    assert not following.exists()


@pytest.mark.parametrize(
    ("zone", "state"), [("UTC", "today"), ("Pacific/Auckland", "overdue"), ("Pacific/Pago_Pago", "today")]
)
def test_the_state_of_an_activity_is_that_in_the_time_zone_of_who_is_responsible(
    env: Environment, zone: str, state: str
) -> None:
    env.user.write({"tz": zone})
    record = contact(env)
    activity = record.activity_schedule("mail.mail_activity_data_todo", date_deadline="2024-05-17")
    env.db.clock.freeze("2024-05-17 13:00:00")
    assert activity.state == state
    assert env["res.partner"].search([("activity_state", "=", state)]) == record


def test_an_activity_of_another_user_is_announced(env: Environment) -> None:
    sam, record = user(env, "sam"), contact(env)
    record.activity_schedule("mail.mail_activity_data_call", user_id=sam.id, summary="Ring")
    assert env.db.sent[-1].subject == '"Ann: Ring assigned to you"'
    assert sam.partner_id in record.message_partner_ids


# -- mail and templates


def template(env: Environment, **values: Any) -> Recordset:
    model = env["ir.model"].search([("model", "=", "res.partner")])
    return env["mail.template"].create({"name": "T", "model_id": model.id, "subject": "S", "body_html": "B", **values})


def test_a_template_fills_in_fields_and_escapes_them(env: Environment) -> None:
    record = contact(env, "A & B", city="Ghent")
    made = template(
        env, subject="{{ object.name }} of {{ object.city or 'nowhere' }}{{ object.ref ||| , no ref }}",
        body_html="<p t-att-title=\"object.city\"><t t-out=\"object.name\"/> <b t-field=\"object.city\"/></p>"
                  "<t t-if=\"object.is_company\">C</t><t t-else=\"\">P</t>"
                  "<t t-foreach=\"object.child_ids\" t-as=\"child\" t-out=\"child.name\"/>",
        partner_to="{{ object.id }}",
    )  # fmt: skip
    record.write({"child_ids": [(0, 0, {"name": "K"}), (0, 0, {"name": "L"})]})
    mail = env["mail.mail"].browse(made.send_mail(record.id))
    assert mail.subject == "A & B of Ghent, no ref"
    assert mail.body_html == '<p title="Ghent">A &amp; B <b>Ghent</b></p>PKL'
    assert mail.recipient_ids == record
    mail.send()
    assert env.db.sent[-1].body == '<p title="Ghent">A &amp; B <b>Ghent</b></p>PKL'
    assert not mail.exists()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{{ object.nope }}", "Failed to render inline_template template: {{ object.nope }}"),
        ("{{ [p for p in object] }}", "does not render"),
        ("{{ object.env }}", "Failed to render"),
        ("{{ object._name }}", "Failed to render"),
        ("{{ object._rows() }}", "does not render"),
        ("{{ ().__class__ }}", "Failed to render"),
        ("{{ open('x') }}", "does not render"),
        ("{{ 'a' * 99999 }}", "does not render"),
    ],
)
def test_what_is_not_rendered_is_refused(env: Environment, text: str, error: str) -> None:
    with pytest.raises(UserError, match=re.escape(error)):
        template(env, subject=text).send_mail(contact(env).id)
    with pytest.raises(UserError):
        bodies.render(f'<p t-out="{text[3:-3]}"/>', {"object": contact(env)})


def test_a_directive_that_is_not_rendered_is_refused() -> None:
    with pytest.raises(UserError, match="t-call='x'"):
        bodies.render('<t t-call="x"/>', {})


@given(st.text(alphabet="abcdefgh{}<>&\"' ", max_size=30))
@examples(50)
def test_texts_without_placeholders_stay_as_they_are(text: str) -> None:
    if "{{" not in text:
        assert inline.render(text, {}, text=TEXT) == text


@given(st.sampled_from(["1 or 0", "0 or 1", "not 1", "1 if 0 else 2", "1 < 2 < 3", "'a' + 'b'", "1 in (1, 2)"]))
@examples(10)
def test_expressions_have_the_value_that_python_gives_them(text: str) -> None:
    assert expressions.evaluate(text, {}) == eval(text)  # noqa: S307 (one of these texts)


def test_until_14_templates_are_written_in_another_way() -> None:
    database = build("odoo-14.0", "mail")
    env = database.env(database.profile.admin_id)
    record = contact(env, "A & B")
    made = template(env, subject="Hi ${object.name}", body_html="<p>${object.name} ${object.ref or 'none'}</p>")
    mail = env["mail.mail"].browse(made.send_mail(record.id))
    assert (mail.subject, mail.body_html) == ("Hi A & B", "<p>A &amp; B none</p>")


def test_from_19_on_a_template_is_checked_when_it_is_written() -> None:
    database = build("odoo-19.0", "mail")
    env = database.env(database.profile.admin_id)
    with pytest.raises(ValidationError, match=r"an issue with this value: \{\{ object.nope \}\}"):
        template(env, subject="{{ object.nope }}")


def test_a_composed_mail_is_posted_on_each_record(env: Environment) -> None:
    one, two = contact(env, "One"), contact(env, "Two")
    made = template(env, subject="To {{ object.name }}", body_html='<p t-out="object.name"/>')
    wizard = env["mail.compose.message"].create(
        {"model": "res.partner", "res_ids": repr([one.id, two.id]), "template_id": made.id}
    )
    wizard.action_send_mail()
    assert [record.message_ids[0].subject for record in (one, two)] == ["To One", "To Two"]
    assert two.message_ids[0].body == "<p>Two</p>"


# -- channels


@pytest.mark.parametrize(("profile", "model"), [("odoo-16.0", "mail.channel"), ("odoo-17.0", "discuss.channel")])
def test_a_channel_has_members_who_read_it(profile: str, model: str) -> None:
    database = build(profile, "mail")
    env = database.env(database.profile.admin_id)
    sam = user(env, "sam")
    channel = env[model].create({"name": "Ops", "channel_type": "group"})
    assert channel.channel_partner_ids == env.user.partner_id
    assert not env[model].with_user(sam).search([("id", "=", channel.id)]) or profile == "odoo-16.0"
    channel.add_members(sam.partner_id.ids)
    assert channel.with_user(sam).is_member
    channel.with_user(sam).message_post(body="Hello", message_type="comment")
    assert channel.message_ids[0].author_id == sam.partner_id
    channel.with_user(sam).action_unfollow()
    assert channel.channel_partner_ids == env.user.partner_id


@pytest.mark.parametrize(
    "profile", ["odoo-11.0", "odoo-13.0", "odoo-14.0", "odoo-15.0", "odoo-16.0", "odoo-18.0", "odoo-20.0"]
)
def test_the_chatter_works_in_every_version(profile: str) -> None:
    database = build(profile, "mail")
    env = database.env(database.profile.admin_id)
    ann, bob = contact(env), contact(env, "Bob")
    ann.write({"phone": "7"})
    message = ann.message_post(body="Hello", subject="S", partner_ids=bob.ids)
    assert [body for _, body in logged(ann)] == ["<p>Contact created</p>", "", "<p>Hello</p>"]
    assert database.sent[-1].to == ('"Bob" <bob@x.example>',)
    ann.activity_schedule("mail.mail_activity_data_todo", summary="Do")
    assert ann.activity_ids.summary == "Do"
    ann.activity_feedback(["mail.mail_activity_data_todo"], feedback="Done")
    assert "Done" in ann.message_ids[0].body
    message.unlink()
    ann.unlink()
    assert not env["mail.followers"].search([("res_model", "=", "res.partner"), ("res_id", "=", ann.id)])
