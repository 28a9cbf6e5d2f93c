'use strict';
// Calls of other servers, by the diagnostics channels of undici (fetch) and of http: which status or error came, and when; what is still open.

const diagnostics = require('diagnostics_channel');
const recorder = require('./recorder.cjs');
const registry = require('./registry.cjs');
const places = require('./places.cjs');
const { describeNetwork } = require('./errors.cjs');

const OPEN_MS = 5000;
const MOST = 1000; // calls watched at a time

let numbers = 0;
const ids = new WeakMap(); // request -> its entry
const open = new Set();

function started(request, keys, below) {
  if (recorder.silent() || ids.has(request)) return;
  numbers += 1;
  const entry = { id: `${registry.thread}.${numbers}`, at: recorder.now(), told: false, origin: recorder.current() };
  ids.set(request, entry);
  if (open.size < MOST) open.add(entry);
  recorder.fact('upstream.started', { 'upstream.id': entry.id, ...keys, ...places.keys(places.look(below)) });
  recorder.wake();
}

function ended(request, keys) {
  const entry = ids.get(request);
  if (entry === undefined) return;
  ids.delete(request);
  open.delete(entry);
  recorder.fact('upstream.ended', { 'upstream.id': entry.id, ...keys, ms: since(entry) }, entry.origin);
}

function since(entry) {
  return Math.round((recorder.now() - entry.at) * 1000) / 1000;
}

/** Every second, and at the end (ticks 0): what has had no answer. */
function tellOpen(ticks) {
  if (ticks % 10) return open.size > 0;
  for (const entry of open) {
    const ms = since(entry);
    if (entry.told || (ticks && ms < OPEN_MS)) continue;
    entry.told = true;
    recorder.fact('upstream.open', { 'upstream.id': entry.id, ms }, entry.origin);
    open.delete(entry);
  }
  return open.size > 0;
}

function withoutQuery(path) {
  return typeof path === 'string' ? path.split('?')[0].slice(0, 300) : undefined;
}

/** undici says the origin as a text or a URL, http the host and the port apart. */
function ofUndici(request) {
  const { hostname, port, protocol } = new URL(request.origin);
  const known = request.headers;
  const text = Array.isArray(known) ? known.join('\n') : String(known);
  return {
    'http.request.method': request.method,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    'url.path': withoutQuery(request.path),
    client: /sec-fetch-mode/i.test(text) ? 'fetch' : 'undici',
  };
}

function ofHttp(request) {
  const [address, port] = hostOf(request);
  return {
    'http.request.method': request.method,
    'server.address': address,
    'server.port': port,
    'url.path': withoutQuery(request.path),
    client: 'http',
  };
}

function hostOf(request) {
  const said = request.getHeader('host');
  const found = /^(.*?)(?::(\d+))?$/.exec(typeof said === 'string' ? said : '');
  const standard = request.protocol === 'https:' ? 443 : 80;
  return [request.host || found[1], Number(found[2]) || standard];
}

const CHANNELS = {
  'undici:request:create': ({ request }) => started(request, ofUndici(request), fromChannel),
  'undici:request:headers': ({ request, response }) => ended(request, { 'http.response.status_code': response.statusCode }),
  'undici:request:error': ({ request, error }) => ended(request, describeNetwork(error)),
  'http.client.request.start': ({ request }) => started(request, ofHttp(request), fromChannel),
  'http.client.response.finish': ({ request, response }) => ended(request, { 'http.response.status_code': response.statusCode }),
  'http.client.request.error': ({ request, error }) => ended(request, describeNetwork(error)),
};

let fromChannel;

function outcome(type, parameters) {
  if (type === 'error') return describeNetwork(parameters[1]);
  if (type === 'close') return { 'error.type': 'closed' };
  return { 'http.response.status_code': parameters[1].statusCode }; // `upgrade` and `connect`, after which no response is to come
}

/** Node's own emitters: before Node 20 an http request that fails says so by its own events alone. */
function notice(emitter, type, parameters) {
  if (open.size === 0) return;
  try {
    if (ids.has(emitter)) ended(emitter, outcome(type, parameters));
  } catch {
    // The app goes on.
  }
}

function install() {
  recorder.every('upstreams', tellOpen);
  for (const [name, tell] of Object.entries(CHANNELS)) {
    // A subscriber that throws would end the app.
    diagnostics.subscribe(name, function subscriber(message) {
      try {
        fromChannel = subscriber;
        tell(message);
      } catch {
        // The app goes on.
      }
    });
  }
}

module.exports = { install, notice };
