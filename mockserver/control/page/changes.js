// What was created, written and deleted since the start or since a snapshot.

const CHANGES = 100; // shown at first, and with each click on more

async function changesView(view, names, query) {
  const [since, model] = [query.get('since') || '', query.get('model') || ''];
  const state = {limit: CHANGES};
  const {snapshots} = await look('/snapshot');
  const starts = [['', 'the start'], ...snapshots.map(({name}) => [name, `the snapshot ${name}`])];
  const choice = field('Changes since', {name: 'since', class: 'since', value: since}, starts);
  choice.lastChild.addEventListener('change', (event) => { location.hash = path(['changes'], {since: event.target.value}); });
  const models = make('ul', {class: 'chips'});
  const list = make('ul', {class: 'list'});
  const shown = make('span', {class: 'quiet', role: 'status'});
  const update = async () => {
    if (document.hidden) return;
    const found = await look(path(['changes'], {since, model, limit: state.limit, db: shared.db}));
    fillList(models, found.models, 'Nothing changed.', (one) => modelChip(one, since, model));
    fillList(list, found.changes, '', changeItem);
    list.parentNode.hidden = !found.changes.length;
    more.hidden = found.count <= found.changes.length;
    tell(shown, more.hidden ? many(found.count, 'record') : `${found.changes.length} of ${many(found.count, 'record')}`);
  };
  const more = button('More', async () => { state.limit += CHANGES; await update(); });
  view.replaceChildren(make('div', {class: 'row low'}, choice), models, make('div', {class: 'card'}, list),
    make('div', {class: 'row more'}, shown, more));
  await update();
  return {update, every: 2000};
}

/** A link that shows the changes of a model only, or of all models again. */
function modelChip(one, since, chosen) {
  const counts = ['created', 'written', 'deleted'].filter((kind) => one[kind]);
  const here = one.model === chosen;
  return make('li', {}, make('a', {class: 'chip', href: `#${path(['changes'], {since, model: !here && one.model})}`,
    'aria-current': here ? 'true' : null, title: here ? 'Show all models' : null}, one.model,
  counts.map((kind) => make('span', {class: `count ${kind}`}, ` ${one[kind].toLocaleString('en')} ${kind}`))));
}

/** A change of a record: what was written is shown, the values of others on demand. */
function changeItem(change) {
  const target = `${change.model} ${change.id}`;
  const where = change.kind === 'deleted' ? target : make('a', {href: `#${path(['records', change.model, change.id])}`}, target);
  const fields = Object.entries(change.fields);
  const lines = () => fields.map(([name, [old, now]]) => make('div', {class: 'quiet'}, make('span', {class: 'mono'}, name), ' ',
    change.kind !== 'created' && brief(old, 120), change.kind === 'written' && ' → ', change.kind !== 'deleted' && brief(now, 120)));
  const hidden = () => {
    const values = make('details', {}, make('summary', {}, many(fields.length, 'value')));
    values.addEventListener('toggle', () => { if (values.children.length === 1) values.append(...lines()); });
    return values;
  };
  return make('li', {}, make('div', {class: 'what'}, make('span', {class: `kind ${change.kind}`}, change.kind), ' ', where,
    change.name != null && ` ${brief(change.name, 100)}`,
    change.kind === 'written' ? lines() : fields.length > 0 && hidden()));
}
