// The journal, updated regularly.

const EVERY = 1000; // milliseconds between two requests
const HINTS_EVERY = 4000; // they are made of all calls
const STEP = 200; // calls that are read at once

async function callsView(view) {
  const list = make('div', {class: 'sheet'});
  const empty = make('p', {class: 'none'}, 'No calls yet.');
  const summary = make('span', {class: 'quiet', role: 'status'});
  const refused = make('section');
  const hints = hintList();
  // `room` is the number of calls that stay on the page, `told` the latest answer of the server
  const state = {last: 0, room: STEP, told: {kept: 0, dropped: 0}, live: true, wanted: '', failed: false, searching: false};
  const numberOf = (item) => Number(item.dataset.number);
  const isFiltered = () => state.failed || state.wanted !== '';
  const hasOlder = () => list.lastChild && numberOf(list.lastChild) > state.told.dropped + 1;

  const draw = () => {
    let fitting = 0;
    for (const item of list.children) {
      item.hidden = !fits(item, state);
      fitting += !item.hidden;
    }
    list.hidden = !fitting;
    empty.hidden = fitting > 0;
    empty.textContent = state.told.kept ? 'No call matches.' : 'No calls yet.';
    older.hidden = !hasOlder() || isFiltered();
    tell(summary, journalNote(state.told, fitting, isFiltered(), isFiltered() && Boolean(hasOlder())));
  };
  const loadOlder = async () => {
    const found = await look(path(['calls'], {before: numberOf(list.lastChild), limit: STEP}));
    list.append(...found.calls.map(callItem).reverse());
    state.told = found;
    state.room = Math.max(state.room, list.children.length);
    draw();
    return found.calls.length > 0;
  };
  // a filter is for all calls that are kept, not only for those on the page
  const narrow = async () => {
    draw();
    if (state.searching) return;
    state.searching = true;
    try {
      while (isFiltered() && list.isConnected && hasOlder() && await loadOlder());
    } catch (error) {
      notice(error.message, true);
    }
    state.searching = false;
  };
  const older = button('Older calls', loadOlder);
  const search = make('input', {type: 'search', placeholder: 'Find: res.partner, create, UserError, admin …',
    'aria-label': 'Find calls', oninput: (event) => { state.wanted = event.target.value.toLowerCase(); return narrow(); }});
  const errors = make('input', {type: 'checkbox', onchange: (event) => { state.failed = event.target.checked; return narrow(); }});
  const pause = make('button', {type: 'button', 'aria-pressed': 'false'}, 'Pause');
  pause.addEventListener('click', () => {
    state.live = !state.live;
    pause.textContent = state.live ? 'Pause' : 'Resume';
    pause.setAttribute('aria-pressed', String(!state.live));
  });
  const update = async () => {
    if (!state.live || document.hidden) return;
    let found = await look(path(['calls'], {since: state.last, limit: STEP}));
    if (found.last < state.last || found.count > found.calls.length) { // a reset, or more new calls than one answer has
      list.replaceChildren();
      state.room = STEP;
      found = await look(path(['calls'], {limit: STEP}));
    }
    state.last = found.last;
    state.told = found;
    list.prepend(...found.calls.map(callItem).reverse());
    while (list.lastChild && (list.children.length > state.room || numberOf(list.lastChild) <= found.dropped)) {
      list.lastChild.remove();
    }
    if (isFiltered()) state.room = Math.max(state.room, found.kept);
    draw();
    refused.replaceChildren(...refusedList(found.refused));
    await hints.update(found);
  };
  const clear = button('Clear', async () => { await remove('/calls'); state.last = 0; list.replaceChildren(); await update(); });
  view.replaceChildren(
    make('div', {class: 'row find'}, search, make('label', {class: 'check'}, errors, 'Errors only'), pause, clear),
    hints.element, list, empty, make('div', {class: 'row more'}, summary, older), refused);
  await update();
  return {update, every: EVERY};
}

function journalNote(told, shown, filtered, searching) {
  if (!told.enabled) return 'The journal is off: no calls are kept.';
  const gone = told.dropped ? ` ${many(told.dropped, 'earlier call')} ${told.dropped === 1 ? 'is' : 'are'} no longer kept.` : '';
  const kept = many(told.kept, told.dropped ? 'kept call' : 'call');
  if (!told.kept) return gone;
  if (filtered) return `${searching ? 'Searching … ' : ''}${shown.toLocaleString('en')} of ${kept} found.${gone}`;
  return (shown < told.kept ? `The latest ${shown.toLocaleString('en')} of ${kept}.` : `${kept}.`) + gone;
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
    make('span', {class: 'came'}, call.gaps.length > 0 && make('span', {class: 'note'}, many(call.gaps.length, 'note')), call.outcome),
    make('span', {class: 'took'}, `${call.milliseconds.toFixed(1)} ms`));
  const words = [call.target, call.dialect, call.login, call.db, call.outcome, call.error, sent, ...call.gaps].join(' ');
  return make('article', {class: `call ${call.outcome === 'ok' ? '' : 'failed'}`, 'data-number': call.number,
    'data-words': words.toLowerCase()}, line, whole);
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
  const notes = call.gaps.map((gap) => make('li', {}, make('div', {class: 'what'}, gap)));
  whole.append(
    make('div', {class: 'facts'}, make('p', {class: 'quiet'}, facts.filter(Boolean).join(' · ')),
      notes.length > 0 && part('Notes of the mock', make('ul', {class: 'list notes'}, notes))),
    make('div', {}, part('Arguments', make('pre', {tabindex: 0}, json(request))),
      context && part('Context', make('pre', {tabindex: 0}, json(call.context)))),
    make('div', {}, call.error === null ? part('Answer', make('pre', {tabindex: 0}, json(full.answer)))
      : part(call.outcome, make('pre', {class: 'problem', tabindex: 0}, call.error || call.outcome)),
    full.changes.length > 0 && part('Changes', make('ul', {class: 'list'}, full.changes.map(changeItem)))),
    callTools(full));
}

/** Buttons that make an override of a call, and lines of a test. */
function callTools(call) {
  const place = make('div', {class: 'place'});
  const copied = (text) => () => copy(text, place);
  const answer = () => {
    if (place.querySelector('form')) return place.replaceChildren();
    const made = async () => {
      place.replaceChildren();
      notice(`${call.override.model}.${call.override.method} is answered by an override; Faults lists it.`);
      await shared.refresh();
    };
    place.replaceChildren(make('h3', {}, `Every call of ${call.target} from now on`), overrideForm(made, call.override));
    place.querySelector('[name=value]').focus();
  };
  return make('div', {class: 'facts tools'}, make('div', {class: 'row'},
    call.override !== null && button('Answer this call…', answer),
    make('span', {class: 'quiet'}, 'Copy as Python:'),
    button('Assertion', copied(call.python.assertion)),
    call.python.override !== null && button('Override', copied(call.python.override))), place);
}

/** Copy lines, and show them: where the browser does not let a page copy, they are selected. */
async function copy(text, place) {
  const lines = make('pre', {tabindex: 0, 'aria-label': 'Python'}, text);
  place.replaceChildren(lines);
  try {
    await navigator.clipboard.writeText(text);
    notice('Copied.');
  } catch {
    getSelection().selectAllChildren(lines);
    notice('The browser does not let this page copy: copy the selected lines.');
  }
}

/** What the calls used that the mock does not have, with what to add; it is read again after a new call. */
function hintList() {
  const title = make('summary');
  const list = make('ul', {class: 'list'});
  const element = make('details', {class: 'card hints', hidden: true}, title, list);
  let known = '';
  let after = 0;
  const update = async ({last, kept}) => {
    const now = `${last} ${kept}`;
    if (now === known || Date.now() < after) return;
    known = now;
    after = Date.now() + HINTS_EVERY;
    const {hints} = await look('/hints');
    element.hidden = !hints.length;
    title.textContent = `The calls used ${many(hints.length, 'thing')} that the mock does not have`;
    fillList(list, hints, '', (hint) => make('li', {}, make('pre', {class: 'what', tabindex: 0}, hint)));
  };
  return {element, update};
}

function refusedList(refused) {
  if (!refused.length) return [];
  const item = (one) => make('li', {}, make('span', {class: 'quiet'}, one.time.slice(11, 19)),
    make('span', {class: 'what'}, make('span', {class: 'mono'}, one.target), make('br'),
      make('span', {class: 'quiet'}, brief(one.error, 200))));
  return [make('div', {class: 'card'}, make('h2', {}, 'Requests that were not calls'),
    make('ul', {class: 'list'}, refused.map(item).reverse()))];
}
