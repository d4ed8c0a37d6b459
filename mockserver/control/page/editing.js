// Changing a value of a record.

const EDITABLE = ['char', 'text', 'html', 'integer', 'float', 'monetary', 'boolean', 'selection', 'date', 'datetime', 'many2one'];

/** Whether the page can change a value: not of many records, files, secrets, or what is only computed. */
const canEdit = (name, about, value) => about !== undefined && EDITABLE.includes(about.type) && name !== 'id'
  && !LOGGED.includes(name) && value !== '***' && !(about.readonly && about.store === false);

/** Put an input in place of a value; `place` is {model, id, name, about, value}, `done` shows the record anew. */
function edit(cell, place, done) {
  if (cell.querySelector('form')) return;
  const before = [...cell.childNodes];
  const {input, read, list} = valueInput(place);
  const close = () => {
    cell.classList.remove('editing');
    cell.replaceChildren(...before);
    cell.querySelector('button, a')?.focus();
  };
  const save = async () => {
    await add(path(modelPath(place.model, 'records', place.id)), {values: {[place.name]: await read(input.value)}});
    await done();
    notice(`${place.about.string || place.name} is saved.`);
  };
  const editor = form({class: 'edit'}, save, input, list, make('button', {class: 'main'}, 'Save'), button('Cancel', close, 'plain'));
  editor.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
  cell.classList.add('editing');
  cell.replaceChildren(editor);
  input.focus();
}

/** An input for a value, and a function that reads what it holds. */
function valueInput({name, about, value}) {
  const label = {'aria-label': about.string || name, autocomplete: 'off', spellcheck: 'false'};
  const text = value === false || value === null ? '' : String(value);
  if (about.type === 'boolean') {
    return {input: select(label, [['true', 'Yes'], ['false', 'No']], String(Boolean(value))), read: (given) => given === 'true'};
  }
  if (about.type === 'selection') {
    return {input: select(label, [['', ''], ...(about.selection || [])], text), read: (given) => given || false};
  }
  if (about.type === 'many2one') return recordInput(label, about.relation, value);
  if (NUMBERS.includes(about.type)) {
    return {input: make('input', {...label, inputmode: 'decimal', value: text}), read: (given) => asNumber(given)};
  }
  if (['text', 'html'].includes(about.type)) {
    const input = make('textarea', {...label, rows: 4});
    input.value = text;
    return {input, read: (given) => given || false};
  }
  const placeholder = {date: '2026-01-31', datetime: '2026-01-31 12:00:00'}[about.type];
  return {input: make('input', {...label, value: text, placeholder}), read: (given) => given || false};
}

function asNumber(text) {
  if (text.trim() === '' || Number.isNaN(Number(text))) throw new Error(`${brief(text, 40) || 'Nothing'} is not a number.`);
  return Number(text);
}

/** An input for the name or id of a record, with the records that have such a name. */
function recordInput(label, relation, value) {
  const list = make('datalist', {id: 'found-records'});
  const named = async (text) => look(path(modelPath(relation, 'records'), {search: text, fields: 'display_name', limit: 8}));
  const text = (record) => `${record.display_name} #${record.id}`;
  let timer;
  const suggest = (event) => {
    clearTimeout(timer);
    const wanted = event.target.value.trim();
    timer = setTimeout(async () => {
      try {
        list.replaceChildren(...(await named(wanted)).records.map((record) => make('option', {value: text(record)})));
      } catch {
        list.replaceChildren(); // the error is told when the value is saved
      }
    }, 200);
  };
  const input = make('input', {...label, list: list.id, placeholder: 'A name, or an id', oninput: suggest,
    value: value ? text({display_name: value[1], id: value[0]}) : ''});
  const read = async (given) => {
    const wanted = given.trim();
    const id = /(?:^|#)(\d+)$/.exec(wanted);
    if (!wanted || id) return id ? Number(id[1]) : false;
    const {records, count} = await named(wanted);
    const same = count === 1 ? records : records.filter((record) => record.display_name === wanted);
    if (same.length === 1) return same[0].id;
    throw new Error(count ? `${many(count, 'record')} of ${relation} have this name: choose one, or write its id.`
      : `No record of ${relation} has the name ${brief(wanted, 60)}.`);
  };
  return {input, read, list};
}
