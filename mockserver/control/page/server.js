// Requests to the server.

// the control token, where the server has one; it is kept until the tab is closed
const TOKEN = 'mockserver-control-token';

/** Return the JSON of the answer; throws an error with the server's own text. */
async function ask(verb, path, body) {
  const token = sessionStorage.getItem(TOKEN);
  const request = {method: verb, headers: token ? {Authorization: `Bearer ${token}`} : {}};
  if (verb === 'POST') {
    request.headers['Content-Type'] = 'application/json';
    request.body = JSON.stringify(body ?? {});
  }
  let response;
  try {
    response = await fetch(`/_mock${path}`, request);
  } catch {
    throw new Error('The server does not answer.');
  }
  const answer = await response.json();
  byId('token').hidden = response.status !== 401;
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

const look = (path) => ask('GET', path);
const add = (path, body) => ask('POST', path, body);
const remove = (path) => ask('DELETE', path);

/** Make a path of names, and a query of the values that are not empty. */
function path(names, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value);
  const search = given.length ? `?${new URLSearchParams(given)}` : '';
  return names.map((name) => `/${encodeURIComponent(name)}`).join('') + search;
}

// shared by all views: the last health of the server, and the chosen database
const shared = {health: null, db: null};
