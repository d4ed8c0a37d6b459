// What is asked of the server.

/** The JSON that it answers; raises its own sentence. */
async function ask(verb, path, body) {
  const request = {method: verb};
  if (verb === 'POST') {
    request.headers = {'Content-Type': 'application/json'};
    request.body = JSON.stringify(body ?? {});
  }
  let response;
  try {
    response = await fetch(`/_mock${path}`, request);
  } catch {
    throw new Error('The server does not answer.');
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

const look = (path) => ask('GET', path);
const add = (path, body) => ask('POST', path, body);
const remove = (path) => ask('DELETE', path);

/** A path out of names, and a query out of what is not empty. */
function path(names, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value);
  const search = given.length ? `?${new URLSearchParams(given)}` : '';
  return names.map((name) => `/${encodeURIComponent(name)}`).join('') + search;
}

// what all views know: the last health of the server, and the database that is looked at
const shared = {health: null, db: null};
