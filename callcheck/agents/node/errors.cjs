'use strict';
// What may be said of a thrown value without running any code of the app: no getters, no toString, nothing of proxies.

const { types } = require('util');
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

function stackOf(error) {
  const own = getOwnPropertyDescriptor(error, 'stack');
  if (!own) return undefined;
  if (typeof own.value === 'string') return own.value;
  return own.get !== undefined && own.get === stackGetter ? error.stack : undefined;
}

/** AbortError, TimeoutError: their name and message are getters, of Node's own. */
function fromDom(error) {
  const own = DOMException.prototype;
  if (getPrototypeOf(error) !== own) return undefined;
  const read = (key) => getOwnPropertyDescriptor(own, key).get.call(error);
  return { 'error.type': read('name'), 'exception.message': read('message').slice(0, 300) };
}

/** `error.*` and `code.*` of a thrown value. */
function describe(error) {
  try {
    if (!isObject(error)) return { 'error.type': typeof error, 'exception.message': typeof error === 'string' ? error.slice(0, 300) : undefined };
    if (types.isProxy(error)) return { 'error.type': 'Proxy' };
    const name = plain(error, 'name');
    const kind = className(error);
    const ofDom = kind === 'DOMException' ? fromDom(error) : undefined;
    if (ofDom) return ofDom;
    const message = plain(error, 'message');
    const stack = types.isNativeError(error) ? stackOf(error) : undefined;
    return {
      'error.type': (kind && kind !== 'Error' ? kind : typeof name === 'string' && name) || kind || 'object',
      'exception.message': typeof message === 'string' ? message.slice(0, 300) : undefined,
      ...(typeof stack === 'string' ? places.keys(places.read(stack)) : undefined),
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
  return { 'error.type': said['error.type'], 'exception.message': said['exception.message'] };
}

module.exports = { describe, describeNetwork, className, plain, isObject };
