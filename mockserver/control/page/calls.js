// The journal, updated regularly.

const EVERY = 1000; // milliseconds between two requests
const MAX_CALLS = 300; // on the page

async function callsView(view) {
  const list = make('div', {class: 'sheet'});
  const empty = make('p', {class: 'none'}, 'No calls yet.');
  const summary = make('span', {class: 'quiet'});
  const refused = make('section');
  const state = {last: 0, live: true, wanted: '', failed: false};
  const narrow = () => { for (const item of list.children) item.hidden = !fits(item, state); };
  const search = make('input', {type: 'search', placeholder: 'Find: res.partner, create, UserError, admin …',
    'aria-label': 'Find calls', oninput: (event) => { state.wanted = event.target.value.toLowerCase(); narrow(); }});
  const errors = make('input', {type: 'checkbox', onchange: (event) => { state.failed = event.target.checked; narrow(); }});
  const pause = make('button', {type: 'button', 'aria-pressed': 'false'}, 'Pause');
  pause.addEventListener('click', () => {
    state.live = !state.live;
    pause.textContent = state.live ? 'Pause' : 'Resume';
    pause.setAttribute('aria-pressed', String(!state.live));
  });
  const update = async () => {
    if (!state.live || document.hidden) return;
    let found = await look(path(['calls'], {since: state.last, limit: MAX_CALLS}));
    if (found.last < state.last) { // the server was reset
      list.replaceChildren();
      found = await look(path(['calls'], {limit: MAX_CALLS}));
    }
    state.last = found.last;
    list.prepend(...found.calls.map(callItem).reverse());
    while (list.children.length > MAX_CALLS) list.lastChild.remove();
    narrow();
    list.hidden = !list.children.length;
    empty.hidden = !list.hidden;
    summary.textContent = journalNote(found, list.children.length);
    refused.replaceChildren(...refusedList(found.refused));
  };
  const clear = button('Clear', async () => { await remove('/calls'); state.last = 0; list.replaceChildren(); await update(); });
  view.replaceChildren(
    make('div', {class: 'row find'}, search, make('label', {class: 'check'}, errors, 'Errors only'), pause, clear),
    list, empty, make('p', {}, summary), refused);
  await update();
  return {update, every: EVERY};
}

function journalNote(found, shown) {
  if (!found.enabled) return 'The journal is off: no calls are kept.';
  const before = found.last - shown;
  return before > 0 && shown ? `${many(before, 'earlier call')} not shown here.` : '';
}

const fits = (item, state) =>
  (!state.failed || item.classList.contains('failed')) && item.dataset.words.includes(state.wanted);

function callItem(call) {
  const whole = make('div', {class: 'whole', hidden: true});
  const given = {...(call.ids.length ? {ids: call.ids} : {}), ...call.args};
  const unnamed = call.positional.map((value) => JSON.stringify(value));
  const sent = [...unnamed, ...Object.entries(given).map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(', ');
  const open = async (event) => {
    const shut = event.currentTarget.getAttribute('aria-expanded') === 'true';
    event.currentTarget.setAttribute('aria-expanded', String(!shut));
    whole.hidden = shut;
    if (!shut && !whole.children.length) await fill(whole, call, given);
  };
  const line = make('button', {type: 'button', 'aria-expanded': 'false', onclick: open},
    make('span', {class: 'at', title: `Call ${call.number}, ${call.time}`}, call.time.slice(11, 19)),
    make('span', {class: 'wire'}, call.dialect),
    make('span', {class: 'says'}, make('b', {}, call.target), make('span', {class: 'mono'}, brief(sent))),
    make('span', {class: 'came'}, call.outcome),
    make('span', {class: 'took'}, `${call.milliseconds.toFixed(1)} ms`));
  const words = [call.target, call.dialect, call.login, call.db, call.outcome, call.error, sent].join(' ').toLowerCase();
  return make('article', {class: `call ${call.outcome === 'ok' ? '' : 'failed'}`, 'data-words': words}, line, whole);
}

async function fill(whole, call, given) {
  let full;
  try {
    full = await look(path(['calls', call.number]));
  } catch (error) {
    whole.append(make('p', {class: 'problem'}, error.message));
    return;
  }
  const part = (label, ...shown) => make('div', {}, make('h3', {}, label), ...shown);
  const facts = [call.dialect, call.db, call.login || (call.uid && `uid ${call.uid}`), many(call.bytes, 'byte'),
    `${call.milliseconds} ms`, `call ${call.number}`];
  const request = {...given, ...(call.positional.length ? {positional: call.positional} : {})};
  const context = Object.keys(call.context).length > 0;
  whole.append(
    make('p', {class: 'facts quiet'}, facts.filter(Boolean).join(' · ')),
    make('div', {}, part('Arguments', make('pre', {}, json(request))),
      context && part('Context', make('pre', {}, json(call.context)))),
    make('div', {}, call.error === null ? part('Answer', make('pre', {}, json(full.answer)))
      : part(call.outcome, make('pre', {class: 'problem'}, call.error || call.outcome)),
    full.changes.length > 0 && part('Changes', make('ul', {class: 'list'}, full.changes.map(changeItem)))));
}

function changeItem(change) {
  const target = `${change.model} ${change.id}`;
  const where = change.kind === 'deleted' ? target : make('a', {href: `#${path(['records', change.model, change.id])}`}, target);
  const written = change.kind !== 'written' ? [] : Object.entries(change.fields).map(([name, [old, now]]) =>
    make('div', {class: 'quiet'}, make('span', {class: 'mono'}, name), ` ${brief(old, 60)} → ${brief(now, 60)}`));
  return make('li', {}, make('div', {class: 'what'}, `${change.kind} `, where, written));
}

function refusedList(refused) {
  if (!refused.length) return [];
  const item = (one) => make('li', {}, make('span', {class: 'quiet'}, one.time.slice(11, 19)),
    make('span', {class: 'what'}, make('span', {class: 'mono'}, one.target), make('br'),
      make('span', {class: 'quiet'}, brief(one.error, 200))));
  return [make('div', {class: 'card'}, make('h2', {}, 'Requests that were not calls'),
    make('ul', {class: 'list'}, refused.map(item).reverse()))];
}
