'use strict';
// node:events: who listens, who emits, and what each handler did. Six functions of EventEmitter.prototype and EventEmitter.init are replaced, in that one
// place alone; listeners are never wrapped, so nothing that the app can look at has changed.

const EventEmitter = require('events');
const recorder = require('./recorder.cjs');
const core = require('./core.cjs');
const places = require('./places.cjs');
const deliveries = require('./deliveries.cjs');
const registry = require('./registry.cjs');
const processes = require('./processes.cjs');
const requests = require('./requests.cjs');
const upstreams = require('./upstreams.cjs');

const { apply } = Reflect;
const { MARK, EVENTS } = core;
const proto = EventEmitter.prototype;
const original = {
  init: EventEmitter.init,
  on: proto.on,
  prependListener: proto.prependListener,
  removeListener: proto.removeListener,
  removeAllListeners: proto.removeAllListeners,
  emit: proto.emit,
};

/** Is this call about Node itself? Whatever cannot be told safely is. */
function ofCore(emitter, type) {
  try {
    if (typeof type !== 'string' && (typeof type !== 'symbol' || type === EventEmitter.errorMonitor)) return true;
    if (emitter === process || emitter[MARK] === true) return EVENTS.has(type) || processes.SIGNALS.has(type);
    return type === 'newListener' || type === 'removeListener';
  } catch {
    return true;
  }
}

function init() {
  const result = apply(original.init, this, arguments);
  try {
    if (this[MARK] !== true && !recorder.silent()) registry.made(this, core.origin(this, EventEmitter));
  } catch {
    // The app goes on.
  }
  return result;
}

function addListener(type, listener) {
  const result = apply(original.on, this, arguments);
  if (!ofCore(this, type)) added(this, type, listener, false, addListener);
  return result;
}

function prependListener(type, listener) {
  const result = apply(original.prependListener, this, arguments);
  if (!ofCore(this, type)) added(this, type, listener, true, prependListener);
  return result;
}

function added(emitter, type, listener, prepended, below) {
  try {
    if (!recorder.silent()) registry.added(emitter, type, listener, prepended, () => places.look(below));
  } catch {
    // The app goes on.
  }
}

function removeListener(type, listener) {
  if (ofCore(this, type)) return apply(original.removeListener, this, arguments);
  const before = registry.countOf(this, type);
  const result = apply(original.removeListener, this, arguments);
  try {
    if (!recorder.silent()) registry.removed(this, type, listener, before, () => places.look(removeListener));
  } catch {
    // The app goes on.
  }
  return result;
}

function removeAllListeners(type) {
  const all = arguments.length === 0;
  if (ofCore(this, all ? 'all' : type)) return apply(original.removeAllListeners, this, arguments);
  const before = registry.totalOf(this, all, type);
  const result = apply(original.removeAllListeners, this, arguments);
  try {
    if (!recorder.silent()) registry.removedAll(this, all ? undefined : type, before, () => places.look(removeAllListeners));
  } catch {
    // The app goes on.
  }
  return result;
}

function emit(type) {
  if (ofCore(this, type)) {
    if (this === process) return processes.emit(original.emit, type, arguments);
    if (type === 'request' && requests.isRequest(arguments)) return requests.serve(original.emit, this, arguments);
    requests.notice(this, type);
    upstreams.notice(this, type, arguments);
    return apply(original.emit, this, arguments);
  }
  const message = deliveries.begin(this, type, emit);
  if (message === undefined) return apply(original.emit, this, arguments);
  if (message.handlers === undefined) return deliveries.watch(message, original.emit, this, arguments);
  return deliveries.walk(message, this, arguments);
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

module.exports = { install, replace, original };
