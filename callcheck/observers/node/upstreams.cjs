'use strict';
// Calls of other servers, by the diagnostics channels of undici (fetch) and of http: which status or error came, and when; what is still open.

const diagnostics = require('diagnostics_channel');
const { types } = require('util');
const recorder = require('./recorder.cjs');
const registry = require('./registry.cjs');
const places = require('./places.cjs');
const { describeNetwork } = require('./errors.cjs');
const { RUNTIME } = require('./identity.cjs');

const { URL } = globalThis; // as it is before the app may replace it
const OPEN_MS = 5000;
const MOST = 1000; // calls watched at a time

const AHEAD = 200; // calls of fetch whose request is not made yet

let numbers = 0;
const called = new WeakMap(); // http's request -> where it was made: its channel speaks when the socket is there, and no frame of the app is left
let ahead = []; // the same of fetch, by its URL: undici goes on in a turn of its own
const ids = new WeakMap(); // request -> its entry
const open = new Set();

function started(request, keys, below) {
  if (recorder.silent() || ids.has(request)) return;
  numbers += 1;
  const entry = { id: `${registry.thread}.${numbers}`, at: recorder.now(), told: false, origin: recorder.current() };
  ids.set(request, entry);
  if (open.size < MOST) open.add(entry);
  recorder.fact('upstream.started', { 'upstream.id': entry.id, ...keys, ...places.keys(calledFrom(request, keys) || places.look(below)) });
  recorder.wake();
}

function calledFrom(request, keys) {
  const seen = called.get(request);
  if (seen !== undefined || keys.client !== 'fetch') return seen;
  const at = ahead.findIndex((one) => one.host === keys['server.address'] && one.path === keys['url.path']);
  return at < 0 ? undefined : ahead.splice(at, 1)[0].seen;
}

/** An http request is being made. */
function made(request, below) {
  if (!recorder.silent()) called.set(request, places.look(below));
}

/** Puts ours in the place of the global fetch, which does the same and remembers from where. */
function followFetch() {
  const found = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  if (found === undefined || typeof found.value !== 'function' || !found.configurable) return;
  const original = found.value;
  const ours = RUNTIME !== 'nodejs' ? async function fetch(...given) { return answered(original, this, given, fetch); }
    : types.isAsyncFunction(original) ? async function fetch(...given) { return asked(original, this, given, fetch); }
      : function fetch(...given) { return asked(original, this, given, fetch); };
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(original))) {
    if (name !== 'prototype') Object.defineProperty(ours, name, property);
  }
  Object.defineProperty(globalThis, 'fetch', { ...found, value: ours });
}

function asked(original, self, given, below) {
  try {
    if (!recorder.silent()) remember(given[0], below);
  } catch {
    // What is no URL is the app's own error.
  }
  return Reflect.apply(original, self, given);
}

/** The fetch of Bun and Deno, of which no channel tells. */
async function answered(original, self, given, below) {
  const call = {};
  quietly(() => started(call, { ...ofFetch(given[0], given[1]), client: 'fetch' }, below));
  try {
    const answer = await Reflect.apply(original, self, given);
    quietly(() => ended(call, { 'http.response.status_code': answer.status }));
    return answer;
  } catch (error) {
    quietly(() => ended(call, describeNetwork(error)));
    throw error; // node-do-not-add-exception-line: it would show this file instead of the app's
  }
}

function quietly(tell) {
  try {
    tell();
  } catch {
    // The app goes on.
  }
}

function ofFetch(input, init) {
  const { hostname, port, protocol, pathname } = new URL(input instanceof Request ? input.url : input);
  const found = init && Object.getOwnPropertyDescriptor(init, 'method');
  const method = (found && found.value) || (input instanceof Request ? input.method : 'GET');
  return { 'http.request.method': String(method).toUpperCase(), 'server.address': hostname, 'server.port': Number(port) || (protocol === 'https:' ? 443 : 80), 'url.path': withoutQuery(pathname) };
}

function remember(input, below) {
  const text = typeof input === 'string' ? input : input instanceof URL ? input.href : input instanceof Request ? input.url : undefined;
  if (text === undefined) return;
  const { hostname, pathname } = new URL(text);
  if (ahead.length >= AHEAD) ahead = ahead.slice(AHEAD / 2);
  ahead.push({ host: hostname, path: pathname.slice(0, 300), seen: places.look(below) });
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
  followFetch();
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

module.exports = { install, made, notice };
