// Models, their fields and records.

const PAGE = 40;
const COLUMNS = 6;
const COLUMN_TYPES = ['char', 'many2one', 'selection', 'date', 'datetime', 'monetary', 'float', 'integer', 'boolean'];
const NUMBERS = ['integer', 'float', 'monetary'];
// the fields that are shown first, where the model has them
const MAIN_FIELDS = ['id', 'name', 'login', 'email', 'partner_id', 'state', 'stage_id', 'date_order', 'amount_total', 'list_price',
  'expected_revenue', 'phone', 'city', 'country_id', 'code', 'user_id', 'type', 'active'];
const LOGGED = ['create_uid', 'create_date', 'write_uid', 'write_date'];

const modelPath = (model, ...rest) => ['databases', shared.db, 'models', model, ...rest];

async function recordsView(view, names, query) {
  const {models} = await look(path(['databases', shared.db, 'models']));
  const known = models.some((one) => one.model === 'res.partner');
  const wide = matchMedia('(min-width: 52.01rem)').matches;
  const model = names[0] || (wide && known ? 'res.partner' : null);
  const content = make('section', {class: 'content'});
  view.replaceChildren(make('div', {class: `records ${names[0] ? 'chosen' : ''}`}, modelList(models, model), content));
  view.querySelector('.models [aria-current]')?.scrollIntoView({block: 'center'});
  scrollTo(0, 0);
  if (!model) return content.append(make('p', {class: 'none'}, 'Choose a model.'));
  const about = await look(path(modelPath(model)));
  content.append(title(about, names[1] ? null : query.get('show') || 'records'));
  if (names[1]) return recordView(content, about, names[1]);
  return query.get('show') === 'fields' ? fieldsTable(content, about) : recordTable(content, about, query);
}

function modelList(models, chosen) {
  const items = models.filter((one) => !one.abstract).map((one) => {
    const link = make('a', {href: `#${path(['records', one.model])}`, title: one.description,
      'aria-current': one.model === chosen ? 'page' : null},
    make('span', {}, one.model), make('span', {class: 'count'}, one.records || ''));
    return make('li', {class: one.records ? '' : 'empty'}, link);
  });
  const narrow = (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const item of items) {
      item.hidden = !`${item.textContent} ${item.firstChild.title}`.toLowerCase().includes(wanted);
    }
  };
  const search = make('input', {type: 'search', placeholder: 'Find a model', 'aria-label': 'Find a model', oninput: narrow});
  return make('aside', {class: 'models card'}, search, make('ul', {}, items));
}

function title(about, shown) {
  const tab = (name, label) => make('a', {href: `#${path(['records', about.model], {show: name === 'fields' && name})}`,
    'aria-current': name === shown ? 'page' : null}, label);
  return make('div', {class: 'title'},
    make('a', {class: 'back', href: '#/records'}, '‹ Models'),
    make('h1', {}, about.model), make('span', {class: 'quiet'}, about.description),
    make('span', {class: 'tabs'}, tab('records', 'Records'), tab('fields', 'Fields')));
}

/** The names of the fields that a list shows. */
function columns(fields) {
  const possible = Object.keys(fields).filter((name) =>
    COLUMN_TYPES.includes(fields[name].type) && name !== 'id' && fields[name].store);
  return possible.sort((one, other) => weight(one, fields) - weight(other, fields)).slice(0, COLUMNS);
}

/** The position of a field in lists. */
function weight(name, fields) {
  const position = MAIN_FIELDS.indexOf(name);
  return position >= 0 ? position : LOGGED.includes(name) ? 300 : fields[name]?.required ? 100 : 200;
}

async function recordTable(content, about, query) {
  const shown = ['id', ...columns(about.fields)];
  const [domain, search, order] = ['domain', 'search', 'order'].map((name) => query.get(name) || '');
  const offset = Number(query.get('offset')) || 0;
  const go = (changed) => {
    location.hash = path(['records', about.model], {domain, search, order, offset, ...changed});
  };
  const choose = ({filter: text = ''}) => {
    const isDomain = text.trim().startsWith('[');
    go({domain: isDomain && text, search: !isDomain && text, offset: 0});
  };
  const filter = form({class: 'row'}, choose,
    make('input', {type: 'search', name: 'filter', value: domain || search, spellcheck: 'false', autocapitalize: 'off',
      'aria-label': 'Find records by name, id or domain', placeholder: 'Name, id or domain: [["name", "ilike", "azure"]]'}),
    make('button', {}, 'Filter'));
  content.append(filter);
  let found;
  try {
    found = await look(path(modelPath(about.model, 'records'), {domain, search, order, offset, limit: PAGE, fields: shown.join()}));
  } catch (error) {
    return content.append(make('p', {class: 'problem', role: 'alert'}, error.message));
  }
  if (!found.count) return content.append(make('p', {class: 'none'},
    domain ? 'The domain finds no record.' : search ? `No record has the name or id ${brief(search, 60)}.` : 'No records.'));
  const head = shown.map((name) => headCell(name, about.fields[name], order, go));
  const rows = found.records.map((record) => recordRow(record, shown, about));
  content.append(
    make('div', {class: 'sheet'}, make('table', {class: 'grid'}, make('thead', {}, make('tr', {}, head)),
      make('tbody', {}, rows))),
    pager(found, offset, go),
    make('p', {class: 'quiet hint'}, 'A click opens a record, a double click changes a value.'));
}

function headCell(name, about, order, go) {
  const sorted = order.startsWith(`${name} `) ? order.slice(name.length + 1) : '';
  const next = sorted === 'asc' ? 'desc' : 'asc';
  const label = `${about.string}${{asc: ' ↑', desc: ' ↓'}[sorted] || ''}`;
  const cell = about.sortable === false ? label
    : make('button', {type: 'button', title: name, onclick: () => go({order: `${name} ${next}`, offset: 0})}, label);
  return make('th', {class: NUMBERS.includes(about.type) ? 'num' : ''}, cell);
}

function recordRow(record, shown, about) {
  const target = `#${path(['records', about.model, record.id])}`;
  const cells = shown.map((name) => {
    const {type} = about.fields[name];
    const value = name === 'id' ? make('a', {href: target}, record.id) : cellText(record[name], type);
    return make('td', {class: NUMBERS.includes(type) ? 'num' : '', title: typeof value === 'string' && value.length > 20 && value}, value);
  });
  let timer;
  const open = (event) => {
    if (event.target.closest('a, form') || getSelection().toString() || event.detail > 1) return;
    timer = setTimeout(() => { location.hash = target; }, 250); // unless it is the first of two clicks
  };
  const change = (event) => {
    clearTimeout(timer);
    const place = cells.indexOf(event.target.closest('td'));
    const name = shown[place];
    if (event.target.closest('form') || !canEdit(name, about.fields[name], record[name])) return;
    getSelection().removeAllRanges();
    edit(cells[place], {model: about.model, id: record.id, name, about: about.fields[name], value: record[name]}, again);
  };
  const again = async () => {
    const domain = JSON.stringify([['id', '=', record.id]]);
    const {records: [now]} = await look(path(modelPath(about.model, 'records'), {domain, fields: shown.join()}));
    if (now) row.replaceWith(recordRow(now, shown, about));
  };
  const row = make('tr', {onclick: open, ondblclick: change}, cells);
  return row;
}

const nothing = () => make('span', {class: 'nothing'}, '–');

/** The text of a value in a list. */
function cellText(value, type) {
  if (type === 'boolean') return value ? '✓' : nothing();
  if (value === false || value === null || value === '') return nothing();
  if (type === 'many2one') return value[1];
  if (type === 'monetary' || type === 'float') return value.toLocaleString('en', {minimumFractionDigits: 2});
  return typeof value === 'object' ? brief(value, 60) : String(value);
}

function pager(found, offset, go) {
  const last = offset + found.records.length;
  const step = (label, target, possible) => make('button', {type: 'button', disabled: !possible,
    onclick: () => go({offset: target})}, label);
  return make('div', {class: 'pager'},
    make('span', {class: 'quiet'}, `${offset + 1}–${last} of ${many(found.count, 'record')}`),
    found.count > PAGE && step('Back', Math.max(0, offset - PAGE), offset),
    found.count > PAGE && step('Next', offset + PAGE, last < found.count));
}

async function recordView(content, about, id) {
  const place = make('div');
  content.append(place);
  await drawRecord(place, about, id, false);
}

async function drawRecord(content, about, id, all) {
  const domain = JSON.stringify([['id', '=', Number(id)]]);
  const {records: [record]} = await look(path(modelPath(about.model, 'records'), {domain}));
  if (!record) return content.append(make('p', {class: 'none'}, `There is no record ${id}.`));
  const isEmpty = (name) => record[name] === false || record[name] === null || record[name].length === 0;
  const order = (name) => weight(name, about.fields) + 1000 * isEmpty(name);
  const names = Object.keys(record).sort((one, other) => order(one) - order(other));
  let shown = all;
  const again = () => drawRecord(content, about, id, shown);
  const rows = names.map((name) => make('tr', {hidden: isEmpty(name) && !all},
    fieldName(name, about.fields[name]), valueCell(about, record, name, again)));
  const reveal = (event) => {
    shown = event.target.checked;
    rows.forEach((row, place) => { row.hidden = isEmpty(names[place]) && !shown; });
  };
  content.replaceChildren(
    make('div', {class: 'row'}, make('h2', {}, record.display_name || id),
      make('span', {class: 'grow'}),
      make('label', {class: 'check'}, make('input', {type: 'checkbox', checked: all, onchange: reveal}), 'Show empty fields')),
    make('div', {class: 'sheet'}, make('table', {class: 'values'}, make('tbody', {}, rows))));
}

/** A value in full, which a double click or its button changes. */
function valueCell(about, record, name, again) {
  const field = about.fields[name];
  const cell = make('td', {}, fullValue(record[name], field || {}));
  if (!canEdit(name, field, record[name])) return cell;
  const change = () => edit(cell, {model: about.model, id: record.id, name, about: field, value: record[name]}, again);
  cell.addEventListener('dblclick', change);
  cell.prepend(make('button', {type: 'button', class: 'plain pen', onclick: change, title: 'Change',
    'aria-label': `Change ${field.string || name}`}, '✎'));
  return cell;
}

const fieldName = (name, about) =>
  make('th', {scope: 'row'}, about?.string || name, make('small', {class: 'mono'}, broken(name)));

/** A value with links to its records. */
function fullValue(value, {type, relation}) {
  if (type === 'boolean') return value ? 'Yes' : 'No';
  if (value === false || value === null || value.length === 0) return nothing();
  if (type === 'many2one' && relation) return make('a', {href: `#${path(['records', relation, value[0]])}`}, value[1]);
  if (Array.isArray(value) && relation) {
    const domain = JSON.stringify([['id', 'in', value]]);
    return make('a', {href: `#${path(['records', relation], {domain})}`}, many(value.length, 'record'));
  }
  return typeof value === 'object' ? make('pre', {}, json(value)) : String(value);
}

function fieldsTable(content, about) {
  const attributes = (one) => [one.required && 'required', one.readonly && 'readonly', one.store === false && 'not stored']
    .filter(Boolean).join(', ');
  const rows = Object.entries(about.fields).sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, one]) =>
    make('tr', {}, fieldName(name, one), make('td', {}, one.type, make('small', {}, attributes(one))),
      make('td', {}, one.relation ? make('a', {href: `#${path(['records', one.relation], {show: 'fields'})}`}, broken(one.relation))
        : one.type === 'selection' ? (one.selection || []).map(([key]) => key).join(', ') : '')));
  const head = ['Field', 'Type', 'Related model, or values'].map((label) => make('th', {}, label));
  content.append(make('div', {class: 'sheet'}, make('table', {class: 'values'}, make('thead', {}, make('tr', {}, head)),
    make('tbody', {}, rows))));
}
