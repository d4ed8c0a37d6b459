"""Files and reports."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Files(Section, title="Files and reports"):
    content_field: str = rule(
        "field that /web/content and /web/image read by default", "versions.md §1.4", {11: "datas", 16: "raw"}
    )
    file_name_field: str = rule(
        "field that gives a file its name by default", "versions.md §1.4", {11: "datas_fname", 13: "name"}
    )
    nameless_file: str = rule(
        "name sent for a file without one",
        "source of Odoo, ir.http, ir.binary",
        {11: "{model}-{id}-{field}", 16: "{table}-{id}-{field}"},
    )
    unique_seconds: int = rule(
        "seconds that a file requested with `unique` may be cached",
        "source of Odoo, http.STATIC_CACHE",
        {11: 7 * 24 * 3600, 14: 365 * 24 * 3600},
    )
    files_inline: bool = rule(
        "files that are not downloads are sent as inline and private, and sandboxed",
        "source of Odoo, http.Stream",
        {11: False, 16: True},
    )
    empty_attachment_is_file: bool = rule(
        "an attachment without content is an empty file, not 404", "source of Odoo, http.Stream", {11: False, 16: True}
    )
    binary_attached: bool = rule(
        "a binary field that is no image is kept as an attachment",
        "recorded in attach-images (17.0); source of Odoo, fields.Binary",
        {11: False, 13: True},
    )
    attachments_ruled: bool = rule(
        "reading an attachment that the user may not see is refused as by a record rule, not by an error of its own",
        "recorded in attach-crud (17.0)",
        {11: False, 17: True},
    )
    upload_needs_callback: bool = rule(
        "upload_attachment requires a callback", "versions.md §1.4", {11: True, 14: False}
    )
    report_needs_token: bool = rule(
        "/report/download requires a token, which is returned as a cookie",
        "versions.md §1.4",
        {11: True, 15: False},
    )
