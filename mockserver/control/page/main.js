// The choice of the view, the head of the page, and the regular updates.

const VIEWS = {records: recordsView, calls: callsView, changes: changesView, faults: behaviourView, server: serverView};

let shown = 0; // counts the views, so that a late answer for an earlier one is dropped
let timer;

async function show() {
  if (!shared.health) return;
  const turn = ++shown;
  clearTimeout(timer);
  const [place, search = ''] = location.hash.slice(1).split('?');
  const [name, ...names] = place.split('/').slice(1).map(decodeURIComponent);
  const chosen = VIEWS[name] ? name : 'records';
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.view === chosen) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const view = make('div');
  byId('view').replaceChildren(view);
  try {
    const running = await VIEWS[chosen](view, names, new URLSearchParams(search));
    if (running && turn === shown) again(running, turn);
  } catch (error) {
    view.append(make('p', {class: 'problem', role: 'alert'}, error.message));
  }
}

function again({update, every}, turn) {
  timer = setTimeout(async () => {
    try {
      await update();
    } catch (error) {
      if (byId('lost').hidden) notice(error.message, true);
    }
    if (turn === shown) again({update, every}, turn);
  }, every);
}

shared.showClock = (clock) => {
  const [date, time] = clock.now.split(' ');
  byId('clock').replaceChildren(make('span', {class: 'date'}, `${date} `), time);
  byId('clock').classList.toggle('frozen', clock.frozen);
};

shared.refresh = async () => {
  const health = shared.health = await look('/health');
  if (!health.databases.includes(shared.db)) shared.db = health.db;
  byId('profile').textContent = health.profile;
  byId('calls-count').textContent = health.calls || '';
  byId('faults-count').textContent = health.faults + health.overrides || '';
  byId('db-label').hidden = health.databases.length < 2;
  const names = health.databases.join();
  if (byId('db').dataset.names !== names) { // unchanged options stay: they may be open
    byId('db').dataset.names = names;
    byId('db').replaceChildren(...health.databases.map((name) => make('option', {value: name}, name)));
  }
  byId('db').value = shared.db;
  shared.showClock(health.clock);
};

async function watch() {
  if (!document.hidden) {
    const known = shared.health !== null;
    try {
      await shared.refresh();
      byId('lost').hidden = true;
      if (!known) await show();
    } catch {
      byId('lost').hidden = !byId('token').hidden;
    }
  }
  setTimeout(watch, 2000);
}

act(byId('reset'), async () => {
  await add('/reset');
  await shared.refresh();
  await show();
  notice('The initial state is restored.');
}, 'Really reset?');
byId('token').append(form({class: 'row low'}, async ({token}) => {
  sessionStorage.setItem(TOKEN, token);
  await shared.refresh();
  await show();
}, field('Control token of this server', {name: 'token', type: 'password', required: true, pattern: '[!-~]+'}),
make('button', {class: 'main'}, 'Continue')));
byId('db').addEventListener('change', (event) => { shared.db = event.target.value; show(); });
addEventListener('hashchange', show);
watch();
