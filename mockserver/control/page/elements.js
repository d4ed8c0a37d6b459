// Elements made from data.  Text of the server is inserted as text, never as markup.

/** Make an element: `properties` are attributes, `on…` listeners or `class`; those that are false or null are omitted. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const byId = (id) => document.getElementById(id);

/** Make a select; an option is a text, or `[value, text]`. */
function select(about, options, chosen) {
  const element = make('select', about, options.map((option) => [option].flat()).map(([value, text = value]) =>
    make('option', {value}, text)));
  if (chosen !== undefined) element.value = chosen;
  return element;
}

/** Make a labelled input with the attributes `about`; with `options` it is a select. */
function field(label, about, options) {
  const input = options
    ? select(about, options, about.value)
    : make('input', {autocomplete: 'off', spellcheck: 'false', ...about});
  return make('label', {class: `field ${about.class || ''}`}, label, input);
}

/** Make a form that passes its values to `send`, without empty ones, and shows the error that this raises. */
function form(properties, send, ...children) {
  const problem = make('p', {class: 'problem', role: 'alert', hidden: true});
  const submit = async (event) => {
    event.preventDefault();
    const given = [...new FormData(event.target)].filter(([, value]) => value !== '');
    try {
      await send(Object.fromEntries(given), event.target);
      problem.hidden = true;
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  };
  return make('form', {...properties, onsubmit: submit}, ...children, problem);
}

let noticeTimer;

/** Show a sentence at the bottom of the page for some seconds. */
function notice(text, bad = false) {
  const place = byId('notice');
  place.textContent = text;
  place.className = bad ? 'bad' : '';
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { place.textContent = ''; }, bad ? 9000 : 3500);
}

/** Give a button its action; with a `question` it needs a second click as confirmation. */
function act(button, action, question) {
  const label = button.textContent;
  let timer;
  const calm = () => {
    clearTimeout(timer);
    timer = undefined;
    button.textContent = label;
    button.classList.remove('sure');
  };
  button.addEventListener('click', async () => {
    if (question && timer === undefined) {
      button.textContent = question;
      button.classList.add('sure');
      timer = setTimeout(calm, 4000);
      return;
    }
    calm();
    try {
      await action();
    } catch (error) {
      notice(error.message, true);
    }
  });
  return button;
}

const button = (label, action, kind = '', question = null) =>
  act(make('button', {type: 'button', class: kind}, label), action, question);

/** A technical name with places for line breaks after its dots and underscores. */
const broken = (name) => name.split(/(?<=[._])/).flatMap((part) => [part, make('wbr')]);

/** Format JSON: a value that fits into a line is not split. */
function json(value, indent = '', width = 60) {
  const paint = (kind, text) => make('span', {class: `json-${kind}`}, text);
  if (typeof value === 'string') return [paint('text', JSON.stringify(value))];
  if (value === null || typeof value !== 'object') return [paint('number', String(value))];
  const list = Array.isArray(value);
  const [open, close] = list ? '[]' : '{}';
  const entries = Object.entries(value);
  const short = JSON.stringify(value).length + indent.length < width;
  const deeper = indent + '  ';
  const parts = entries.flatMap(([key, item], place) => [
    place ? (short ? ', ' : ',\n' + deeper) : (short ? '' : '\n' + deeper),
    ...(list ? [] : [paint('key', JSON.stringify(key)), ': ']),
    ...json(item, deeper, width),
  ]);
  return [open, ...parts, entries.length && !short ? '\n' + indent : '', close];
}

/** A value in one line. */
function brief(value, room = 160) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > room ? text.slice(0, room - 1) + '…' : text;
}

/** Show a text that a screen reader reads out; one that has not changed is not read again. */
function tell(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

const many = (number, word) => `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
