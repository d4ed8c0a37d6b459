// Snapshots, the clock, fixtures and databases.

async function serverView(view) {
  const parts = [snapshotCard(), clockCard(), fixtureCard(), databaseCard(), aboutCard()];
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
  const packs = field('Pack', {name: 'pack'}, []);
  const update = async () => {
    if (packs.lastChild.children.length) return;
    const known = (await look('/fixtures')).packs.filter((name) => name !== 'base');
    packs.lastChild.append(...known.map((name) => make('option', {value: name}, name)));
  };
  const load = async (fixture) => {
    const {added, db} = await add('/fixtures', {fixture, db: shared.db});
    notice(`${many(added, 'record')} added to ${db}.`);
  };
  const read = async ({file}) => {
    if (!file.size) throw new Error('Choose a file first.');
    await load(asValue(await file.text()));
  };
  return {update, card: card('Fixtures',
    form({class: 'row low'}, ({pack}) => load(pack), packs, make('button', {class: 'main'}, 'Load')),
    form({class: 'row low'}, read, field('Your own file, JSON', {name: 'file', type: 'file', accept: '.json'}),
      make('button', {}, 'Load')),
    make('p', {}, button('Download', download), make('span', {class: 'quiet'}, ' the data of the database, without the base data.')))};
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
