"""Two clients from npm, odoo-xmlrpc and odoo-await, on Node: JavaScript in each test, its answer asserted here.

`npm ci` installs what `node/package-lock.json` says into pytest's cache, once; without node, npm or a
registry these tests are skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServer
from tests.clients import npm

PACKAGES = Path(__file__).parent / "node"
RUN_SECONDS = 60

pytestmark = [
    npm.NEEDED,
    pytest.mark.mockserver(demo=True),
]

ODOO_XMLRPC = """
const { promisify } = require('util');
const Odoo = require('odoo-xmlrpc');
const { ODOO_URL: url, ODOO_DB: db, ODOO_LOGIN: username, ODOO_PASSWORD: password } = process.env;
const odoo = new Odoo({ url, db, username, password });
const connect = promisify(odoo.connect.bind(odoo));
const call = promisify(odoo.execute_kw.bind(odoo));
"""

ODOO_AWAIT = """
const OdooAwait = require('odoo-await');
const { ODOO_URL: baseUrl, ODOO_DB: db, ODOO_LOGIN: username, ODOO_PASSWORD: password } = process.env;
const odoo = new OdooAwait({ baseUrl, db, username, password });
"""

RUN = """
const fault = (error) => ({ code: error.faultCode, text: error.faultString });
(async () => { %s })().then(
  (value) => console.log(JSON.stringify(value)),
  (error) => { console.error(error); process.exitCode = 1; },
);
"""


@pytest.fixture(scope="session")
def node_modules(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed packages."""
    return npm.installed(PACKAGES, pytestconfig, tmp_path_factory)


@pytest.fixture
def run(node_modules: Path, mockserver: MockServer, tmp_path: Path) -> Callable[..., Any]:
    """Run the body of an async function after a prelude; gives what it returns."""

    def run(prelude: str, body: str, **environ: str) -> Any:
        script = tmp_path / "script.js"
        script.write_text(prelude + RUN % body, encoding="utf-8")
        known = {**os.environ, **mockserver.environ(), "NODE_PATH": str(node_modules), **environ}
        done = subprocess.run(
            [str(npm.NODE), str(script)], env=known, capture_output=True, encoding="utf-8", timeout=RUN_SECONDS
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


# -- odoo-xmlrpc -----------------------------------------------------------------------------------


def test_odoo_xmlrpc_logs_in_and_works_on_records(run: Callable[..., Any], mockserver: MockServer) -> None:
    answer = run(
        ODOO_XMLRPC,
        """
        const uid = await connect();
        const id = await call('res.partner', 'create', [[{ name: 'Zoë & <Node>', color: 3 }]]);
        const read = await call('res.partner', 'read', [[[id]], { fields: ['name', 'email', 'color', 'category_id'] }]);
        const written = await call('res.partner', 'write', [[[id], { name: 'Renamed', email: '' }]]);
        const domain = [['name', '=', 'Renamed']];
        const found = await call('res.partner', 'search', [[domain]]);
        const rows = await call('res.partner', 'search_read', [[domain, ['name', 'email'], 0, 5]]);
        const count = await call('res.partner', 'search_count', [[domain]]);
        return { uid, id, read, written, found, rows, count };
        """,
    )
    id_ = answer.pop("id")
    assert answer == {
        "uid": 2,
        "read": [{"id": id_, "name": "Zoë & <Node>", "email": False, "color": 3, "category_id": []}],
        "written": True,
        "found": [id_],
        "rows": [{"id": id_, "name": "Renamed", "email": ""}],
        "count": 1,
    }
    assert mockserver.env["res.partner"].browse(id_).name == "Renamed"


def test_odoo_xmlrpc_hands_faults_on_with_their_code(run: Callable[..., Any]) -> None:
    answer = run(
        ODOO_XMLRPC,
        """
        await connect();
        const model = await call('no.such.model', 'search', [[[]]]).catch(fault);
        const private_ = await call('res.partner', '_search', [[[]]]).catch(fault);
        const method = await call('res.partner', 'no_such_method', [[[]]]).catch(fault);
        const workflow = await promisify(odoo.exec_workflow.bind(odoo))('res.partner', 'x', [[1]]).catch(fault);
        return { model, private_, method, workflow };
        """,
    )
    assert answer["model"] == {"code": 2, "text": "Object no.such.model doesn't exist"}
    assert answer["private_"] == {
        "code": 4,
        "text": "Private methods (such as 'res.partner._search') cannot be called remotely.",
    }
    for name, last_line in (
        ("method", "AttributeError: The method 'res.partner.no_such_method' does not exist"),
        ("workflow", "NameError: Method not available exec_workflow"),
    ):
        assert answer[name]["code"] == 1
        assert answer[name]["text"].rstrip().splitlines()[-1] == last_line


def test_odoo_xmlrpc_cannot_connect_with_a_wrong_password(run: Callable[..., Any]) -> None:
    assert run(ODOO_XMLRPC, "return connect().catch((error) => error.message);", ODOO_PASSWORD="wrong") == (
        "No UID returned from authentication."
    )


# -- odoo-await ------------------------------------------------------------------------------------


def test_odoo_await_logs_in_and_works_on_records(run: Callable[..., Any]) -> None:
    answer = run(
        ODOO_AWAIT,
        """
        const uid = await odoo.connect();
        const id = await odoo.create('res.partner', { name: 'Awaited', city: 'Gent' });
        const updated = await odoo.update('res.partner', id, { ref: 'a1' });
        const read = await odoo.read('res.partner', id, ['name', 'ref']);
        const found = await odoo.search('res.partner', { name: 'Awaited' });
        const rows = await odoo.searchRead('res.partner', ['city', '=', 'Gent'], ['name']);
        const limited = await odoo.searchRead('res.partner', {}, ['name'], { limit: 1, offset: 0, order: 'id' });
        const fields = await odoo.getFields('res.partner', ['type']);
        const deleted = await odoo.delete('res.partner', id);
        const after = await odoo.search('res.partner', { name: 'Awaited' });
        return { uid, id, updated, read, found, rows, limited, type: fields.country_id, deleted, after };
        """,
    )
    id_ = answer.pop("id")
    assert answer == {
        "uid": 2,
        "updated": True,
        "read": [{"id": id_, "name": "Awaited", "ref": "a1"}],
        "found": [id_],
        "rows": [{"id": id_, "name": "Awaited"}],
        "limited": [{"id": 1, "name": "YourCompany"}],
        "type": {"type": "many2one"},
        "deleted": True,
        "after": [],
    }


def test_odoo_await_changes_tags_through_its_actions(run: Callable[..., Any]) -> None:
    answer = run(
        ODOO_AWAIT,
        """
        await odoo.connect();
        const tag = (name) => odoo.create('res.partner.category', { name });
        const [one, two] = [await tag('One'), await tag('Two')];
        const id = await odoo.create('res.partner', { name: 'Tagged', category_id: { action: 'replace', id: one } });
        const after = async (action) => {
          if (action) await odoo.update('res.partner', id, { category_id: action });
          const [row] = await odoo.read('res.partner', id, ['category_id']);
          const tags = await odoo.read('res.partner.category', row.category_id, ['name']);
          return tags.map((tag) => tag.name).sort();
        };
        return [
          await after(),
          await after({ action: 'add', id: [two] }),
          await after({ action: 'remove', id: one }),
          await after({ action: 'create', value: [{ name: 'Three' }, { name: 'Four' }] }),
          await after({ action: 'update', id: two, value: { name: 'Deux' } }),
          await after({ action: 'delete', id: two }),
          await after({ action: 'clear' }),
        ];
        """,
    )
    assert answer == [
        ["One"],
        ["One", "Two"],
        ["Two"],
        ["Four", "Three", "Two"],
        ["Deux", "Four", "Three"],
        ["Four", "Three"],
        [],
    ]


def test_odoo_await_works_with_external_ids(run: Callable[..., Any], mockserver: MockServer) -> None:
    answer = run(
        ODOO_AWAIT,
        """
        await odoo.connect();
        const id = await odoo.create('res.partner', { name: 'Known' }, 'known', '__test__');
        const read = await odoo.readByExternalId('known', ['name']);
        await odoo.updateByExternalId('known', { city: 'Gent' });
        return { id, read };
        """,
    )
    assert answer["read"] == {"id": answer["id"], "name": "Known"}
    assert (mockserver.ref("__test__.known").id, mockserver.ref("__test__.known").city) == (answer["id"], "Gent")


def test_odoo_await_rejects_with_the_fault(run: Callable[..., Any]) -> None:
    answer = run(
        ODOO_AWAIT,
        """
        await odoo.connect();
        const id = await odoo.create('res.partner', { name: 'Archive me' });
        const nothing = await odoo.action('res.partner', 'action_archive', [id]).catch(fault);
        const empty = await odoo.create('res.partner', {}).catch(fault);
        const wrong = await new OdooAwait({ baseUrl, db, username, password: 'wrong' }).connect().catch(String);
        return { nothing, empty, wrong };
        """,
    )
    assert answer["nothing"]["code"] == 1
    assert "cannot marshal None unless allow_none is enabled" in answer["nothing"]["text"]
    assert answer["empty"] == {"code": 2, "text": "The operation cannot be completed: Contacts require a name"}
    assert answer["wrong"] == "Error connecting to database. This is probably due to invalid credentials."
