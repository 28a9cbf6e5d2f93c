'use strict';
// node:events: who listens, who emits, and what each handler did. Six functions of EventEmitter.prototype and EventEmitter.init are replaced, in that one
// place alone; listeners are never wrapped, so nothing that the app can look at has changed.

const EventEmitter = require('events');
const recorder = require('./recorder.cjs');
const core = require('./core.cjs');
const places = require('./places.cjs');
const deliveries = require('./deliveries.cjs');
const listeners = require('./listeners.cjs');
const registry = require('./registry.cjs');
const processes = require('./processes.cjs');
const requests = require('./requests.cjs');
const upstreams = require('./upstreams.cjs');

const { apply } = Reflect;
const { MARK, EVENTS } = core;
const { getPrototypeOf } = Object;
const { process } = globalThis; // there it is a getter, which every emit would call
const proto = EventEmitter.prototype;
const { init: originalInit } = EventEmitter;
const { on, prependListener: prepend, removeListener: remove, removeAllListeners: removeAll, emit: originalEmit } = proto;

// Rest parameters, no `try` in the same function, and nothing that iterates: fast on Node 20 and 24 (`arguments` beside `try` takes ten times as long), and it works
// in an app that has taken Array.prototype[Symbol.iterator] away.

const kinds = []; // prototypes that are known to be marked: so few are met again and again that to go through them is cheaper than to look the mark up

/** Is this emitter of one of Node's own classes? What cannot be asked (a hostile proxy) is left alone like those. */
function markOf(emitter) {
  try {
    const kind = getPrototypeOf(emitter);
    for (let i = 0; i < kinds.length; i += 1) if (kinds[i] === kind) return true;
    const mark = emitter[MARK];
    if (mark === true && kinds.length < 12) kinds.push(kind);
    return mark;
  } catch {
    return true;
  }
}

/** Is this about Node itself, or about what cannot be told safely? */
function ofCore(emitter, type) {
  if (typeof type !== 'string') return typeof type !== 'symbol' || type === EventEmitter.errorMonitor || markOf(emitter) === true;
  if (!EVENTS.has(type) && !processes.SIGNALS.has(type)) return false;
  return type === 'newListener' || type === 'removeListener' || emitter === process || markOf(emitter) === true;
}

const clients = new WeakMap(); // prototype -> is it that of http's requests to others?
const others = []; // the prototypes first found not to be: they are most of what a server makes

function isClient(emitter) {
  const kind = getPrototypeOf(emitter);
  for (let i = 0; i < others.length; i += 1) if (others[i] === kind) return false;
  let known = clients.get(kind);
  if (known === undefined) {
    const name = core.nameOf(emitter);
    known = name === 'ClientRequest';
    clients.set(kind, known);
    if (!known && others.length < 12) others.push(kind);
    if (name === 'ChildProcess') require('./children.cjs').follow(kind);
  }
  return known;
}

function init(options) {
  const result = originalInit.call(this, options);
  if (markOf(this) !== true) made(this);
  else if (this !== process) calling(this);
  return result;
}

function calling(emitter) {
  try {
    if (isClient(emitter)) upstreams.made(emitter, EventEmitter);
  } catch {
    // The app goes on.
  }
}

function made(emitter) {
  try {
    if (recorder.silent()) return;
    registry.made(emitter, core.origin(emitter, EventEmitter));
    if (isClient(emitter)) upstreams.made(emitter, EventEmitter);
  } catch {
    // The app goes on.
  }
}

function addListener(type, listener) {
  const result = on.call(this, type, listener);
  if (!ofCore(this, type)) added(this, type, listener, false, addListener);
  return result;
}

function prependListener(type, listener) {
  const result = prepend.call(this, type, listener);
  if (!ofCore(this, type)) added(this, type, listener, true, prependListener);
  return result;
}

function added(emitter, type, listener, prepended, below) {
  try {
    if (!recorder.silent()) listeners.added(emitter, type, listener, prepended, () => places.look(below));
  } catch {
    // The app goes on.
  }
}

function removeListener(type, listener) {
  if (ofCore(this, type)) return remove.call(this, type, listener);
  const before = registry.countOf(this, type);
  const result = remove.call(this, type, listener);
  removed(this, type, listener, before);
  return result;
}

function removed(emitter, type, listener, before) {
  try {
    if (!recorder.silent()) listeners.removed(emitter, type, listener, before, () => places.look(removeListener));
  } catch {
    // The app goes on.
  }
}

function removeAllListeners(...types) {
  const all = types.length === 0;
  if (markOf(this) === true || ofCore(this, all ? 'all' : types[0])) return apply(removeAll, this, types);
  const before = listeners.totalOf(this, all, types[0]);
  const result = apply(removeAll, this, types);
  removedAll(this, all ? undefined : types[0], before);
  return result;
}

function removedAll(emitter, type, before) {
  try {
    if (!recorder.silent()) listeners.removedAll(emitter, type, before, () => places.look(removeAllListeners));
  } catch {
    // The app goes on.
  }
}

function emit(...parameters) {
  const type = parameters[0];
  if (EVENTS.has(type) && markOf(this) === true) {
    if (type === 'request' && requests.isRequest(parameters)) return requests.serve(originalEmit, this, parameters);
    if (type === 'close' || type === 'error') {
      requests.notice(this, type);
      upstreams.notice(this, type, parameters);
    } else if (type === 'upgrade' || type === 'connect') {
      upstreams.notice(this, type, parameters);
    }
    return apply(originalEmit, this, parameters);
  }
  if (ofCore(this, type)) return this === process ? processes.emit(originalEmit, parameters) : apply(originalEmit, this, parameters);
  const message = deliveries.begin(this, parameters, emit);
  if (message === undefined) return apply(originalEmit, this, parameters);
  if (message.handlers === undefined) return deliveries.watch(message, originalEmit, this, parameters);
  return deliveries.walk(message, this, parameters);
}

/** Puts `ours` where `name` is, looking the same from outside. */
function replace(owner, name, ours) {
  const { value, ...flags } = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(ours, 'name', { value: value.name, configurable: true });
  Object.defineProperty(ours, 'length', { value: value.length, configurable: true });
  Object.defineProperty(owner, name, { value: ours, ...flags });
}

function install() {
  core.knowPrototype(proto);
  deliveries.learnLayout(EventEmitter);
  replace(proto, 'addListener', addListener);
  replace(proto, 'on', proto.addListener);
  replace(proto, 'prependListener', prependListener);
  replace(proto, 'removeListener', removeListener);
  replace(proto, 'off', proto.removeListener);
  replace(proto, 'removeAllListeners', removeAllListeners);
  replace(proto, 'emit', emit);
  replace(EventEmitter, 'init', init);
}

module.exports = { install, replace };
