"""The chatter: messages that creations and changes log, followers, notifications, activities, mail and channels.

Covers the flows mail and activity.

Leaves out: the layout and the signature around the body of a notification, reports attached to mails of templates,
views as the source of messages, plans of activities, mails that arrive, calls, reactions and translations of messages.

What another add-on says of its model, by methods and attributes of its class:

- `_creation_subtype()` returns the kind of message that tells followers of a new record, or nothing: then the text of
  `_creation_message()` is logged.
- `_track_subtype(init_values)` returns the kind of message for changes of tracked fields (`tracking` of a field in the
  facts), whose old values are `init_values`; by default they are logged as a note.
- `_logs_changes()` returns whether changes of a record are logged at all, as they are by default.
- `_mail_post_access` is the right on a record that posting needs, `"write"` by default.
- `_mail_flat_thread` says whether every message answers the first one of its record, as it does by default.
"""
