'use strict';
// What may be said of a thrown value without running any code of the app: no getters, no toString, nothing of proxies.

const { types } = require('util');
const recorder = require('./recorder.cjs');
const places = require('./places.cjs');

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
// Node 22 and later: the stack is an accessor of V8's own, the same function on every error.
const stackGetter = (getOwnPropertyDescriptor(new Error(), 'stack') || {}).get;

/** The value of a plain property, looked for along the prototypes; undefined where it is computed. */
function plain(object, key) {
  for (let at = object, i = 0; at && i < 20; at = getPrototypeOf(at), i += 1) {
    if (types.isProxy(at)) return undefined;
    const found = getOwnPropertyDescriptor(at, key);
    if (found) return found.value;
  }
  return undefined;
}

function isObject(value) {
  return value !== null && (typeof value === 'object' || typeof value === 'function');
}

/** The name of the class that made an object; "" if it cannot be told. */
function className(object) {
  if (!isObject(object) || types.isProxy(object)) return '';
  const made = plain(object, 'constructor');
  const name = typeof made === 'function' && !types.isProxy(made) ? (getOwnPropertyDescriptor(made, 'name') || {}).value : '';
  return typeof name === 'string' ? name : '';
}

/** Has reading this property no effect that the app could notice? */
function isPlain(object, key) {
  for (let at = object, i = 0; at && i < 20; at = getPrototypeOf(at), i += 1) {
    if (types.isProxy(at)) return false;
    const found = getOwnPropertyDescriptor(at, key);
    if (found) return 'value' in found;
  }
  return true;
}

/** The text of an error's stack. V8 makes it when it is first read, of the name and message that the error then has. */
function stackOf(error) {
  if (!types.isNativeError(error) || !isPlain(error, 'name') || !isPlain(error, 'message')) return undefined;
  const own = getOwnPropertyDescriptor(error, 'stack');
  if (!own) return undefined;
  if (typeof own.value === 'string') return own.value;
  return own.get !== undefined && own.get === stackGetter ? error.stack : undefined;
}

/** The `code.*` keys of where an error arose; only for one that the app is done with, since reading the stack settles its first line. */
function place(error) {
  try {
    const stack = isObject(error) && !types.isProxy(error) ? stackOf(error) : undefined;
    return typeof stack === 'string' ? places.keys(places.read(stack)) : undefined;
  } catch {
    return undefined;
  }
}

/** AbortError, TimeoutError: their name and message are getters, of Node's own. */
function fromDom(error) {
  const own = DOMException.prototype;
  if (getPrototypeOf(error) !== own) return undefined;
  const read = (key) => getOwnPropertyDescriptor(own, key).get.call(error);
  return { 'error.type': read('name'), 'exception.message': read('message').slice(0, 300) };
}

/** `error.*` of a thrown value. */
function describe(error) {
  try {
    if (!isObject(error)) return { 'error.type': typeof error, 'exception.message': typeof error === 'string' ? error.slice(0, 300) : undefined };
    if (types.isProxy(error)) return { 'error.type': 'Proxy' };
    const name = plain(error, 'name');
    const kind = className(error);
    const ofDom = kind === 'DOMException' ? fromDom(error) : undefined;
    if (ofDom) return ofDom;
    const message = plain(error, 'message');
    return {
      'error.type': (kind && kind !== 'Error' ? kind : typeof name === 'string' && name) || kind || 'object',
      'exception.message': typeof message === 'string' ? message.slice(0, 300) : undefined,
    };
  } catch {
    return { 'error.type': 'object' };
  }
}

/** As describe() for what failed on the way to another server: the code (ECONNREFUSED) says more than the class. */
function describeNetwork(error) {
  const said = describe(error);
  try {
    const own = isObject(error) && !types.isProxy(error) ? plain(error, 'code') : undefined;
    if (typeof own === 'string') said['error.type'] = own;
  } catch {
    // The class will do.
  }
  return said;
}

// ---- places that are told a little later, when the app has had its chance to change the message (`err.message = "…" + err.message; throw err`)

const MOST = 200;
const waiting = [];

/** Tells the place of an error within a fifth of a second, as belonging to the fact with this number. */
function locate(error, seq, origin) {
  if (seq < 0 || waiting.length >= MOST || !isObject(error)) return;
  waiting.push({ error, seq, origin, ticks: 0 });
  recorder.wake();
}

function tell(ticks) {
  for (const entry of waiting) entry.ticks += 1;
  while (waiting.length && (ticks === 0 || waiting[0].ticks > 1)) {
    const { error, seq, origin } = waiting.shift();
    const keys = place(error);
    if (keys) recorder.fact('error.located', { of: seq, ...keys }, origin);
  }
  return waiting.length > 0;
}

recorder.every('errors', tell);

module.exports = { describe, describeNetwork, place, locate, className, plain, isObject };
