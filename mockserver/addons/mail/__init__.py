"""The chatter: messages that creations and changes log, followers, notifications, activities, mail and channels.

Covers the flows mail and activity.

What another add-on says of its model, by methods and attributes of its class:

- `_creation_subtype()` returns the kind of message that tells followers of a new record, or nothing: then the text of
  `_creation_message()` is logged.
- `_track_subtype(init_values)` returns the kind of message for changes of tracked fields (`tracking` of a field in the
  facts), whose old values are `init_values`; by default they are logged as a note.
- `_mail_post_access` is the right on a record that posting needs, `"write"` by default.
"""
