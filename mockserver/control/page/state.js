// Snapshots, the clock, fixtures, databases and webhooks.

const WEBHOOKS = 20; // shown at most

async function serverView(view) {
  const parts = [snapshotCard(), clockCard(), fixtureCard(), databaseCard(), webhookCard(), aboutCard()];
  view.replaceChildren(make('div', {class: 'cards'}, parts.map((part) => part.card)));
  const update = async () => {
    if (!document.hidden) await Promise.all(parts.map((part) => part.update()));
  };
  await update();
  return {update, every: 2000};
}

const card = (label, ...children) => make('section', {class: 'card'}, make('h2', {}, label), ...children);

function snapshotCard() {
  const list = make('ul', {class: 'list'});
  const update = async () => {
    const {snapshots} = await look('/snapshot');
    fillList(list, snapshots, 'No snapshots. A snapshot holds every database, session and override.', item);
  };
  const item = ({name, time}) => make('li', {},
    make('div', {class: 'what'}, make('b', {}, name), ' ', make('span', {class: 'quiet'}, time)),
    make('a', {href: `#${path(['changes'], {since: name})}`}, 'Changes'),
    button('Restore', async () => { await add('/restore', {name}); await update(); notice(`Restored ${name}.`); }),
    button('Remove', async () => { await remove(path(['snapshot', name])); await update(); }, 'plain'));
  const take = async ({name}, element) => { await add('/snapshot', name && {name}); element.reset(); await update(); };
  return {update, card: card('Snapshots', form({class: 'row low'}, take,
    field('Name', {name: 'name', placeholder: 'a number by default'}), make('button', {class: 'main'}, 'Take')), list)};
}

function clockCard() {
  const now = make('p', {class: 'mono'});
  const set = async (body) => { await add('/clock', body); await update(); };
  const update = async () => {
    const clock = await look('/clock');
    now.textContent = `${clock.now} UTC, ${clock.frozen ? 'frozen' : 'running'}`;
    shared.showClock(clock);
  };
  const step = (label, tick) => button(label, () => set({tick}));
  return {update, card: card('Clock', now,
    form({class: 'row low'}, ({moment}) => set({freeze: moment || true}),
      field('Moment, UTC', {name: 'moment', placeholder: '2026-01-31 12:00:00'}), make('button', {class: 'main'}, 'Freeze')),
    make('div', {class: 'row'}, step('+1 minute', 60), step('+1 hour', 3600), step('+1 day', 86400),
      button('Thaw', () => set({thaw: true})),
      button('Reset', async () => { await remove('/clock'); await update(); }, 'plain')))};
}

function fixtureCard() {
  const choice = field('Pack', {name: 'pack'}, []);
  const list = make('ul', {class: 'chips', 'aria-label': 'Packs that are loaded'});
  const update = async () => {
    const {packs, loaded, files} = await look(path(['fixtures'], {db: shared.db}));
    fillList(list, [...loaded, ...files], '', (name) => make('li', {}, make('span', {class: 'chip'}, name)));
    if (choice.lastChild.children.length) return;
    choice.lastChild.append(...packs.filter((name) => name !== 'base').map((name) => make('option', {value: name}, name)));
  };
  const load = async (fixture) => {
    const {added, db} = await add('/fixtures', {fixture, db: shared.db});
    await update();
    notice(`${many(added, 'record')} added to ${db}.`);
  };
  const read = async ({file}) => {
    if (!file.size) throw new Error('Choose a file first.');
    await load(asValue(await file.text()));
  };
  const installed = path(['records', 'ir.module.module'], {domain: JSON.stringify([['state', '=', 'installed']])});
  return {update, card: card('Packs and fixtures', list,
    make('p', {class: 'quiet'}, 'These are loaded. To clients the server has ', make('a', {href: `#${installed}`}, 'these installed modules'), '.'),
    form({class: 'row low'}, ({pack}) => load(pack), choice, make('button', {class: 'main'}, 'Load')),
    form({class: 'row low'}, read, field('Your own file, JSON', {name: 'file', type: 'file', accept: '.json'}),
      make('button', {}, 'Load')),
    make('p', {}, button('Download', download), make('span', {class: 'quiet'}, ' the data of this database as a fixture, without the base data.')))};
}

async function download() {
  const fixture = await look(path(['databases', shared.db, 'export']));
  const url = URL.createObjectURL(new Blob([JSON.stringify(fixture, null, 2)], {type: 'application/json'}));
  make('a', {href: url, download: `${shared.db}.json`}).click();
  URL.revokeObjectURL(url);
}

function databaseCard() {
  const list = make('ul', {class: 'list'});
  const update = async () => fillList(list, (await look('/databases')).databases, '', item);
  const item = ({name, first}) => make('li', {}, make('div', {class: 'what'}, name),
    first ? make('span', {class: 'quiet'}, 'first')
      : button('Drop', async () => { await remove(path(['databases', name])); await refresh(); }, 'plain', 'Really drop?'));
  const refresh = async () => { await shared.refresh(); await update(); };
  const create = async ({name}, element) => { await add('/databases', {name}); element.reset(); await refresh(); };
  return {update, card: card('Databases', list,
    form({class: 'row low'}, create, field('New database', {name: 'name', required: true, placeholder: 'second'}),
      make('button', {}, 'Create')))};
}

function webhookCard() {
  const list = make('ul', {class: 'list'});
  const count = make('p', {class: 'quiet'});
  const update = async () => {
    const found = await look('/webhooks');
    fillList(list, found.webhooks.slice(-WEBHOOKS).reverse(), 'No automation has sent a webhook.', webhookItem);
    forget.hidden = !found.count;
    count.textContent = found.count > WEBHOOKS ? `The latest ${WEBHOOKS} of ${many(found.count, 'webhook')}.` : '';
  };
  const forget = button('Clear', async () => { await remove('/webhooks'); await update(); }, 'plain');
  return {update, card: card('Webhooks', list, count, forget)};
}

function webhookItem({url, payload, record, action, sent, status, error, date}) {
  const answer = sent && status !== null ? `answered ${status}` : sent ? 'sent' : 'not sent';
  return make('li', {}, make('div', {class: 'what'}, make('b', {class: 'mono'}, url),
    make('div', {class: error ? 'problem' : 'quiet'}, [answer, error, date].filter(Boolean).join(' · ')),
    make('div', {}, make('a', {href: `#${path(['records', record.model, record.id])}`}, `${record.model} ${record.id}`),
      action && ` by ${action}`),
    make('details', {}, make('summary', {}, 'Content'), make('pre', {tabindex: 0}, json(payload)))));
}

function aboutCard() {
  const text = make('p', {});
  const errors = make('ul', {class: 'list problem'});
  const update = async () => {
    const {profile, server_version: version, version: own, login} = shared.health;
    text.textContent = `mockserver ${own} as ${profile}, version ${version}; the administrator is ${login}.`;
    errors.replaceChildren(...shared.health.errors.map((error) => make('li', {}, make('div', {class: 'what'}, error))));
  };
  return {update, card: card('About', text, make('p', {}, 'This page uses the control API: ',
    make('a', {href: '/_mock/openapi.json'}, 'openapi.json'), '.'), errors)};
}
