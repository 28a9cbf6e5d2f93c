'use strict';
// One emit: who was called, and how each call ended. The handlers are called here as Node's own emit would call them, so that none has to be wrapped.

const { types } = require('util');
const recorder = require('./recorder.cjs');
const places = require('./places.cjs');
const promises = require('./promises.cjs');
const listeners = require('./listeners.cjs');
const libraries = require('./libraries.cjs');
const registry = require('./registry.cjs');
const { describe, locate } = require('./errors.cjs');

const { apply } = Reflect;
const DISPATCH = new Set(['EventTarget', 'eventemitter2', 'eventemitter3', 'mitt', 'langchain']); // those call their handlers in a way of their own
const FOREIGN = 5; // emits by code that is not the app's, of events that the app does not listen to, before such are no longer looked at
let capture; // the symbol under which an emitter says that rejections are to be emitted as errors
let walkable = false;

/** Does this Node keep its listeners as we think? If not, its own emit does all the work and single handlers are not told apart. */
function learnLayout(EventEmitter) {
  capture = Object.getOwnPropertySymbols(EventEmitter.prototype).find((symbol) => symbol.description === 'kCapture');
  const probe = new EventEmitter();
  const heard = () => undefined;
  probe.on('x', heard);
  const alone = probe._events.x === heard;
  probe.on('x', heard);
  walkable = capture !== undefined && alone && Array.isArray(probe._events.x) && probe._events.x[1] === heard;
}

/**
 * What is to be recorded of this emit: undefined if nothing is. `handlers` of the answer are those to be called; without any the emitter's own way must be
 * taken (errors, rejections that become events, a layout that is not ours).
 */
function begin(emitter, parameters, below) {
  return recorder.silent() ? undefined : consider(emitter, parameters[0], parameters, registry.countOf, below, undefined);
}

/** The same for an EventTarget: `counts` is its way to count, and its own dispatch always does the work. */
function beginOn(target, event, counts, below) {
  try {
    const { type } = event; // a getter of Node's Event, which refuses what is none
    if (types.isProxy(event) || typeof type !== 'string') return undefined;
    return consider(target, type, [], counts, below, 'EventTarget');
  } catch {
    return undefined;
  }
}

function consider(emitter, type, parameters, counts, below, system) {
  try {
    const event = registry.eventOf(registry.recordOf(emitter, system), type);
    if (event.foreign > FOREIGN && !event.heard) return undefined;
    const count = counts(emitter, type);
    if (event.full >= registry.FULL || event.folded || !recorder.room(8)) return countOnly(emitter, event, count);
    return full(emitter, type, parameters, event, count, places.look(below));
  } catch {
    return undefined;
  }
}

function full(emitter, type, parameters, event, count, seen) {
  if (!registry.concerns(event.record, seen) && !event.heard) {
    event.foreign += 1;
    return undefined;
  }
  event.full += 1;
  return emitted(emitter, type, parameters, event, count, seen);
}

function emitted(emitter, type, parameters, event, count, seen) {
  const id = registry.messageId();
  const plain = walkable && !DISPATCH.has(event.record.system) && type !== 'error' && !emitter[capture];
  const handlers = plain ? copyOf(emitter._events, type) : undefined;
  const detail = libraries.detail(event.record.library, type, parameters);
  const more = detail === undefined ? '' : recorder.tail({ 'messaging.message.type': detail }).slice(0, -1);
  const line = `${registry.text(emitter, event)},"messaging.message.id":"${id}","messaging.operation.type":"publish"${more},"listener.count":${count}${places.text(seen)}}`;
  recorder.fact('event.emitted', line, undefined, handlers !== undefined && handlers.length > 0);
  return { id, event, count, at: recorder.now(), handlers };
}

/** The handlers as they are before the first one runs; undefined if this is not the layout that was learnt. */
function copyOf(events, type) {
  const list = events === undefined ? undefined : events[type];
  if (list === undefined) return [];
  if (typeof list === 'function') return [list];
  return Array.isArray(list) && list.every((one) => typeof one === 'function') ? list.slice() : undefined;
}

const counted = new Set();

function countOnly(emitter, event, count) {
  if (!event.counting && !startCounting(emitter, event)) return undefined;
  event.count += 1;
  event.last = count;
  if (count === 0) event.unheard += 1;
  return undefined;
}

function startCounting(emitter, event) {
  if (event.record.id === undefined && !event.record.own && !event.heard) return false;
  if (event.named === undefined) event.named = registry.named(emitter, event); // with emitter.seen before any count
  event.counting = true;
  counted.add(event);
  recorder.wake();
  return true;
}

/** Every second, and at the end: what was only counted. */
function tellCounts(ticks) {
  if (ticks % 10) return counted.size > 0;
  for (const event of counted) {
    const { count, last, unheard } = event;
    if (recorder.fact('event.count', { ...event.named, count, 'listener.count': last, unheard }) < 0) break;
    event.count = 0;
    event.unheard = 0;
    event.counting = false;
    counted.delete(event);
  }
  return counted.size > 0;
}
recorder.every('counts', tellCounts);

/** Calls the handlers as EventEmitter.prototype.emit does: all that were there at the start, in order, up to the first that throws. */
function walk(message, emitter, parameters) {
  const { handlers } = message;
  if (handlers.length === 0) return false;
  const values = [];
  for (let i = 1; i < parameters.length; i += 1) values.push(parameters[i]);
  for (let i = 0; i < handlers.length; i += 1) call(message, handlers[i], emitter, values);
  ended(message);
  return true;
}

function call(message, handler, emitter, values) {
  const listener = entered(message, handler);
  let result;
  try {
    result = apply(handler, emitter, values);
  } catch (error) {
    threw(message, listener, error);
    throw error; // node-do-not-add-exception-line: it would show this file instead of the app's
  }
  returned(message, listener, result);
}

function about(message, listener) {
  return { 'messaging.message.id': message.id, 'listener.id': listener };
}

/** The same as the end of a line, with more to come. */
function aboutText(message, listener) {
  return listener === undefined ? `,"messaging.message.id":"${message.id}"` : `,"messaging.message.id":"${message.id}","listener.id":"${listener}"`;
}

function entered(message, handler) {
  try {
    const listener = listeners.idOf(handler, message.event);
    recorder.fact('handler.entered', `${aboutText(message, listener)}}`);
    return listener;
  } catch {
    return undefined;
  }
}

function returned(message, listener, result) {
  try {
    const promised = types.isPromise(result);
    recorder.fact('handler.returned', `${aboutText(message, listener)}${promised ? ',"async":true' : ''}}`, undefined, true);
    if (promised) promises.follow(result, about(message, listener));
  } catch {
    // The app goes on.
  }
}

function threw(message, listener, error) {
  try {
    const said = describe(error);
    const seq = recorder.fact('handler.threw', { ...about(message, listener), ...said }, undefined, true);
    locate(error, seq, recorder.current());
    recorder.fact('event.threw', { 'messaging.message.id': message.id, ...said });
  } catch {
    // The app goes on.
  }
}

function ended(message) {
  try {
    recorder.fact('event.delivered', `,"messaging.message.id":"${message.id}","ms":${Math.round((recorder.now() - message.at) * 1000) / 1000}}`);
  } catch {
    // The app goes on.
  }
}

/** The emitter's own emit, with its outcome as a whole. */
function watch(message, emit, emitter, parameters) {
  let result;
  try {
    result = apply(emit, emitter, parameters);
  } catch (error) {
    try {
      const seq = recorder.fact('event.threw', { 'messaging.message.id': message.id, ...describe(error) });
      locate(error, seq, recorder.current());
    } catch {
      // The app goes on.
    }
    throw error; // node-do-not-add-exception-line: it would show this file instead of the app's
  }
  if (message.count > 0) ended(message);
  return result;
}

module.exports = { begin, beginOn, consider, walk, watch, learnLayout };
