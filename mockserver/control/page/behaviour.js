// Faults and overrides: forms to add them, and lists of them.

const seconds = ['seconds', 'Seconds', 'number', '1'];
const message = ['message', 'Message', 'text', 'Refused by the mock.'];
// the parameters of each fault: name, label, type, initial value
const FAULTS = {
  HttpError: [['status', 'Status', 'number', '503'], ['retry_after', 'Retry-After', 'number', '']],
  Delay: [seconds], Timeout: [seconds], Reset: [], Truncate: [['part', 'Part sent', 'number', '0.5']], Garbage: [],
  SlowBody: [seconds], UserError: [message], AccessError: [message], ValidationError: [message], MissingError: [message],
  AccessDenied: [], SessionExpired: [], SerializationFailure: [], ServerError: [message],
};
const ERRORS = ['UserError', 'AccessError', 'ValidationError', 'MissingError', 'ServerError'];
const WHICH = ['every call', 'the next call', 'the nth call', 'every nth call', 'half of the calls, at random'];

// what an overridden method is called on; one that the server has already is called as before
const TAKES = [['', 'unchanged'], ['true', 'records (ids first)'], ['false', 'the model (no ids)']];

async function behaviourView(view) {
  const faults = make('ul', {class: 'list'});
  const overrides = make('ul', {class: 'list'});
  const names = make('datalist', {id: 'models'});
  const update = async () => {
    if (document.hidden) return;
    const [{faults: armed}, {overrides: made}] = await Promise.all([look('/faults'), look('/overrides')]);
    fillList(faults, armed, 'No faults.', (one) => faultItem(one, update));
    fillList(overrides, made, 'No overrides.', (one) => overrideItem(one, update));
  };
  view.replaceChildren(names, make('div', {class: 'cards'},
    make('section', {class: 'card'}, make('h2', {}, 'Faults'), faultForm(update), asJson('/faults', update,
      '{"fault": [{"type": "HttpError", "status": 503}, null], "model": "res.partner"}'), faults),
    make('section', {class: 'card'}, make('h2', {}, 'Overrides'), overrideForm(update), asJson('/overrides', update,
      '{"model": "res.partner", "method": "ping", "ids": false, "answer": "pong"}'), overrides)));
  await update();
  const {models} = await look(path(['databases', shared.db, 'models']));
  names.append(...models.map((one) => make('option', {value: one.model})));
  return {update, every: 2000};
}

/** Show the items; a list that has not changed is left as it is, so that its buttons keep their state. */
function fillList(list, items, none, item) {
  const now = JSON.stringify(items);
  if (list.dataset.shown === now) return;
  list.dataset.shown = now;
  list.replaceChildren(...(items.length ? items.map(item) : [make('li', {class: 'none'}, none)]));
}

const aimFields = () => [
  field('Model', {name: 'model', list: 'models', placeholder: 'any'}),
  field('Method', {name: 'method', placeholder: 'any'}),
];

function faultForm(update) {
  const more = make('span', {class: 'row low'});
  const number = field('n', {name: 'n', type: 'number', min: 1, value: 2, class: 'small', hidden: true});
  const kind = field('Fault', {name: 'type'}, Object.keys(FAULTS));
  const which = field('Applies to', {name: 'which'}, WHICH);
  const choose = () => more.replaceChildren(...FAULTS[kind.lastChild.value].map(([name, label, type, value]) =>
    field(label, {name, type, value, step: 'any', class: type === 'number' ? 'small' : ''})));
  kind.lastChild.addEventListener('change', choose);
  which.lastChild.addEventListener('change', () => { number.hidden = !which.lastChild.value.includes('nth'); });
  number.hidden = true;
  number.lastChild.hidden = false;
  choose();
  const send = async (values) => {
    await add('/faults', faultOf(values));
    await update();
  };
  return form({class: 'row low'}, send, kind, more, ...aimFields(), which, number, make('button', {class: 'main'}, 'Add'));
}

function faultOf({type, which, n, model, method, ...rest}) {
  const parameters = FAULTS[type].map(([name, , kind]) => [name, kind === 'number' && rest[name] ? Number(rest[name]) : rest[name]]);
  const fault = {type, ...Object.fromEntries(parameters.filter(([, value]) => value !== undefined))};
  const aim = [{}, {times: 1}, {nth: Number(n)}, {every: Number(n)}, {probability: 0.5}][WHICH.indexOf(which)];
  return {fault, ...(model && {model}), ...(method && {method}), ...aim, required: false};
}

function faultItem(one, update) {
  const {id, fault, calls, hits, required, ...aim} = one;
  const {model, method, ...rest} = aim;
  const where = model || method ? `${model || '*'}.${method || '*'}` : 'any call';
  const which = Object.entries(rest).map(([name, value]) => `${name} ${value}`).join(', ');
  return make('li', {},
    make('div', {class: 'what'}, make('b', {}, faultText(fault)), ' at ', make('span', {class: 'mono'}, where),
      which && ` (${which})`,
      make('div', {class: 'quiet'}, calls ? `hit ${hits} of ${many(calls, 'call')}` : 'no matching call yet')),
    button('Remove', async () => { await remove(`/faults/${id}`); await update(); }, 'plain'));
}

function faultText(fault) {
  if (fault === null) return 'none';
  if (Array.isArray(fault)) return `[${fault.map(faultText).join(', ')}]`;
  if (fault.together) return fault.together.map(faultText).join(' + ');
  const values = Object.entries(fault).filter(([name, value]) => name !== 'type' && value !== null && value !== false);
  return `${fault.type}(${values.map(([, value]) => brief(value, 60)).join(', ')})`;
}

/** A form for an override, with the values of `given`. */
function overrideForm(update, given = {answer: true}) {
  const text = 'answer' in given ? JSON.stringify(given.answer, null, 2) : given.error.message;
  const what = field('Then', {name: 'what', value: given.error ? given.error.type : 'answer'}, ['answer', ...ERRORS]);
  const input = make('textarea', {name: 'value', rows: Math.min(text.split('\n').length, 12), spellcheck: 'false'});
  const label = make('span');
  const value = make('label', {class: `field ${text.includes('\n') ? 'wide' : ''}`}, label, input);
  input.value = text;
  const name = () => { label.textContent = what.lastChild.value === 'answer' ? 'Value, as JSON' : 'Message'; };
  name();
  what.lastChild.addEventListener('change', () => {
    name();
    input.value = what.lastChild.value === 'answer' ? 'true' : 'Refused by the mock.';
  });
  const send = async ({model, method, ids, what: then, value: said = ''}) => {
    const result = then === 'answer' ? {answer: asValue(said)} : {error: {type: then, message: said}};
    await add('/overrides', {model, method, optional: true, ...result, ...(ids && {ids: ids === 'true'})});
    await update();
  };
  return form({class: 'row low'}, send,
    field('Model', {name: 'model', list: 'models', required: true, placeholder: 'sale.order', value: given.model}),
    field('Method', {name: 'method', required: true, placeholder: 'action_confirm', value: given.method}),
    field('Called on', {name: 'ids', value: given.ids === false ? 'false' : ''}, TAKES),
    what, value, make('button', {class: 'main'}, 'Add'));
}

function asValue(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${brief(text, 60)} is not JSON: write a text in "quotes".`);
  }
}

function overrideItem(one, update) {
  const {id, model, method, calls, ...rest} = one;
  const says = 'answer' in rest ? `answers ${brief(rest.answer, 80)}`
    : rest.error ? `raises ${rest.error.type}: ${brief(rest.error.message || '', 80)}`
      : rest.answers ? `gives ${many(rest.answers.length, 'answer')} in turn` : `calls ${rest.function}, in Python`;
  return make('li', {},
    make('div', {class: 'what'}, make('b', {class: 'mono'}, `${model}.${method}`), ` ${says}`,
      make('div', {class: 'quiet'}, calls ? `called ${many(calls, 'time')}` : 'not called yet')),
    button('Remove', async () => { await remove(`/overrides/${id}`); await update(); }, 'plain'));
}

/** A form for JSON, which can express more than the form beside it. */
function asJson(place, update, example) {
  const send = async ({text = ''}) => {
    await add(place, asValue(text));
    await update();
  };
  return make('details', {}, make('summary', {}, 'As JSON'), form({}, send,
    make('textarea', {name: 'text', rows: 3, 'aria-label': 'JSON', spellcheck: 'false'}, example),
    make('button', {}, 'Add')));
}
