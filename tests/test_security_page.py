"""docs/security.md: its figures are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

from mockserver import json_files
from mockserver.addons.base import ir_actions_server, ir_sequence
from mockserver.addons.base_automation import incoming
from mockserver.addons.mail.rendering import expressions
from mockserver.addons.product import product_template_variants as variants
from mockserver.addons.resource import working_time
from mockserver.addons.stock import lots
from mockserver.cli import log
from mockserver.cli.serve import STOP_SECONDS as SERVE_STOP_SECONDS
from mockserver.control import routes, snapshots
from mockserver.dialects import MAX_BODY, volume
from mockserver.dialects.rest import literals
from mockserver.dialects.rest.odoo_rest_api import query, serialise
from mockserver.dialects.rpc import xmlrpc
from mockserver.dialects.web import form
from mockserver.orm import outgoing
from mockserver.orm.bulk import filling, group_by
from mockserver.orm.fields import pictures
from mockserver.orm.methods import transfer, web
from mockserver.orm.query import domain
from mockserver.orm.rights import rule_domains
from mockserver.orm.storage import work
from mockserver.orm.writing import checks
from mockserver.seed import templates
from mockserver.seed.scan import manifest
from mockserver.server import arrival, handler, head, listeners, serving, webhooks
from mockserver.services import dumps, sessions
from mockserver.testing import journal, pool

PAGE = Path(__file__).parent.parent / "docs" / "security.md"
MIB = 1024 * 1024

LIMITS = {
    "the body of a request": f"{MAX_BODY // MIB} MiB",
    "the body of a request to `/_mock/`": f"{routes.MAX_BODY // MIB} MiB",
    "the first line of a request, and each header": f"{head.MAX_LINE // 1024} KiB",
    "headers": head.MAX_HEADERS,
    "fields of a form or a query string": form.MAX_FIELDS,
    "escapes (`%41`) of a form": volume.MAX_ESCAPES,
    "values in the JSON of a request, an empty list or object as two": volume.MAX_VALUES,
    "elements of an XML-RPC request, attributes included": volume.MAX_ELEMENTS,
    "digits of a number in a request of 1.5 MB or more": volume.MAX_DIGITS,
    "arrays and structs in each other, XML-RPC": xmlrpc.MAX_DEPTH,
    "connections at a time; further ones wait": serving.MAX_CONNECTIONS,
    "seconds without a request on an open connection": handler.IDLE_SECONDS,
    "seconds without a byte within a request": arrival.PAUSE_SECONDS,
    "seconds for a whole request to arrive": arrival.REQUEST_SECONDS,
    "seconds that `serve` waits for calls when it is stopped": SERVE_STOP_SECONDS,
    "seconds that `MockServer.stop()` waits for them": serving.STOP_SECONDS,
    "seconds for the receiver of a webhook to answer": webhooks.TIMEOUT,
    "items of a domain, inner ones included": domain.MAX_ITEMS,
    "levels of a domain, and steps of a path": domain.MAX_DEPTH,
    "tests of records in a search: its conditions, a text pattern as three, times the records": work.MAX_TESTS,
    "conditions of a search, counted like this, that are tested on any number of records": work.FREE,
    "groupings and aggregates of a query": group_by.MAX_COLUMNS,
    "groups that `fill_temporal` adds": filling.MAX_FILLED,
    "pieces with a serial number each, in one step": lots.MOST_PIECES,
    "combinations of attributes that are looked at for the variants of a product": variants.MOST_COMBINATIONS,
    "days of working time that are looked at": working_time.MAX_DAYS,
    "lines of an export": transfer.MAX_LINES,
    "values of a nested `web_read`": web.MAX_VALUES,
    "digits of a sequence": ir_sequence.MAX_PADDING,
    "characters of a server action's code": ir_actions_server.MAX_CODE,
    "characters of a domain in a rule or an automation": rule_domains.LONGEST,
    "characters of the `record_getter` of a webhook": incoming.MAX_LENGTH,
    "characters of an expression in a template of a mail": expressions.MAX_LENGTH,
    "characters of the condition of a table constraint": checks.MAX_LENGTH,
    "pixels of a picture": pictures.MAX_PIXELS,
    "an unpacked dump, times its size": dumps.MAX_RATIO,
    "an unpacked dump that is small": f"{dumps.MIN_CONTENT // MIB} MiB",
    "an unpacked dump at most": f"{dumps.MAX_CONTENT // MIB:,} MiB",
    "characters of a literal in a REST filter": literals.MAX_LENGTH,
    "brackets in each other in a REST filter": literals.MAX_DEPTH,
    "characters of a number in a REST filter": literals.MAX_NUMBER,
    "characters of the query language of odoo-rest-api": query.MAX_LENGTH,
    "its nested blocks": query.MAX_DEPTH,
    "values of its nested blocks": serialise.MAX_NESTED,
    "brackets in each other in a fixture or a contract": json_files.MAX_DEPTH,
    "a file of a module that is scanned": f"{manifest.MAX_BYTES // MIB} MiB",
    "calls in the journal": journal.SIZE,
    "bytes of the calls in the journal": f"{journal.MAX_BYTES // MIB} MiB",
    "names of methods whose dropped calls are counted": journal.MAX_TALLY,
    "requests in the journal that were no calls": journal.REFUSED,
    "mails and webhooks of a database": outgoing.MAX_KEPT,
    "named snapshots of `/_mock/`; further ones are refused": snapshots.MAX_SNAPSHOTS,
    "sessions": sessions.MAX_SESSIONS,
    "errors of the server itself": listeners.MAX_ERRORS,
    "lines of the log that nobody has read yet": log.MAX_WAITING,
    "servers that are free for the next test": pool.MAX_FREE,
    "databases that new servers copy, one for each profile and its fixtures": templates.MAX_TEMPLATES,
    "bytes of fixture files, beside the packs, of these databases": f"{templates.MAX_BYTES // MIB} MiB",
    "moments of frozen clocks among them": templates.MAX_FROZEN,
}


def test_the_figures_of_the_page_are_those_of_the_program() -> None:
    limits = PAGE.read_text("utf-8").partition("## Limits\n")[2]
    told = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", limits, re.MULTILINE))
    rows = {what: figure for what, figure in told.items() if what not in ("limit", "---")}
    assert rows == {what: figure if isinstance(figure, str) else f"{figure:,.0f}" for what, figure in LIMITS.items()}


def test_the_page_names_the_dependencies() -> None:
    setup = (PAGE.parent.parent / "setup.cfg").read_text("utf-8")
    required = re.search(r"install_requires =\n((?:    .+\n)+)", setup)
    assert required is not None
    names = [re.split(r"[<>=;~! ]", line.strip())[0].lower() for line in required[1].splitlines()]
    said = PAGE.read_text("utf-8").partition("Run-time dependencies are ")[2].partition(".")[0].lower()
    assert sorted(re.split(r", | and ", said)) == sorted(names)
