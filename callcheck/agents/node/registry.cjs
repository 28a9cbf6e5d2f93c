'use strict';
// What is known of each emitter: its id, where it was made, whether it is the app's, and per event who listens. Held by the emitter alone (WeakMap), so
// that what the app forgets is forgotten here too.

const { types } = require('util');
const recorder = require('./recorder.cjs');
const places = require('./places.cjs');
const modules = require('./exporters.cjs');
const libraries = require('./libraries.cjs');
const { className } = require('./errors.cjs');

const NAMES = 1000; // event names an emitter
const FULL = 200; // full facts for each emitter and event
const { getOwnPropertyDescriptor } = Object;
const thread = `${process.pid}.${require('worker_threads').threadId}`;

const records = new WeakMap();
const numbers = { emitter: 0, listener: 0, message: 0 };
let keys = 0;

/** Called when an emitter is made; `seen` is what places.look() said. Nothing is written before something happens on it. */
function made(emitter, seen, system) {
  if (!seen || seen.kind === 'core') return;
  const record = fresh(seen, system);
  records.set(emitter, record);
  if (record.library !== undefined) libraries.adopt(emitter, record.library);
}

function fresh(seen, system = 'node.events') {
  const library = seen ? libraries.of(seen) : undefined;
  return { id: undefined, seen, own: seen !== undefined && seen.kind === 'app', library, system: libraries.systemOf(library) || system, events: new Map() };
}

/** The record of an emitter, made now if nobody saw how the emitter came to be (a mix-in, or over the limit of stacks). */
function recordOf(emitter, system) {
  let record = records.get(emitter);
  if (record === undefined) {
    record = fresh(undefined, system);
    records.set(emitter, record);
  }
  return record;
}

function nameOf(type) {
  return (typeof type === 'symbol' ? Symbol.prototype.toString.call(type) : type).slice(0, 200);
}

/** A name without what makes it one of thousands: `done:42` and `done:7f3a-…` are `done:*`. */
function fold(name) {
  return name.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b(?=[0-9a-f]*\d)[0-9a-f]{6,}\b|\d+/gi, '*');
}

/** What is known of one event of an emitter; over the limit of names, of all events with such names together. */
function eventOf(record, type) {
  let event = record.events.get(type);
  if (event !== undefined) return event;
  if (record.events.size >= NAMES) {
    recorder.skip('names', 1, `over ${NAMES} event names on one emitter`);
    const name = typeof type === 'symbol' ? nameOf(type) : fold(type).slice(0, 200);
    event = record.events.get(`*${name}`);
    if (event !== undefined) return event;
    const full = record.events.size >= 2 * NAMES;
    event = { ...freshEvent(record, full ? '*' : name), folded: true };
    record.events.set(full ? '**' : `*${name}`, event);
    return event;
  }
  event = freshEvent(record, nameOf(type));
  record.events.set(type, event);
  return event;
}

function freshEvent(record, name) {
  keys += 1;
  return { key: keys, record, name, folded: false, full: 0, adds: 0, removals: 0, heard: libraries.tells(record.library, name) ? 1 : 0, foreign: 0, count: 0, unheard: 0, last: 0, counting: false, named: undefined };
}

/** The keys that name an event of an emitter in a fact; writes emitter.seen first if that is still to be done. */
function named(emitter, event) {
  const { record } = event;
  if (record.id === undefined) introduce(emitter, record);
  return { 'messaging.system': record.system, 'messaging.destination.name': libraries.nameOf(record.library, emitter, event.name), 'emitter.id': record.id };
}

function introduce(emitter, record) {
  numbers.emitter += 1;
  record.id = `${thread}.${numbers.emitter}`;
  recorder.fact('emitter.seen', {
    'emitter.id': record.id,
    'messaging.system': record.system,
    'emitter.class': className(emitter) || undefined,
    'emitter.module': record.own ? modules.exporterOf(emitter) : undefined,
    ...places.keys(record.seen),
  });
}

/** An emitter of a kind that only apps use: whatever happens on it is told. */
function claim(emitter, system) {
  recordOf(emitter, system).own = true;
}

/** The keys that name an emitter, for those who write its facts themselves. */
function introduced(emitter, system) {
  const record = recordOf(emitter, system);
  if (record.id === undefined) introduce(emitter, record);
  return { 'messaging.system': system, 'emitter.id': record.id };
}

/** How many listen, without asking the emitter's own methods, which the app may have overridden. */
function countOf(emitter, type) {
  try {
    const events = emitter._events;
    const list = events === undefined || events === null ? undefined : events[type];
    if (typeof list === 'function') return 1;
    return Array.isArray(list) ? list.length : 0;
  } catch {
    return 0;
  }
}

// ---- ids of listeners: one for each time that a function is added

const ids = new WeakMap(); // function -> id, or Map of event key -> id where it listens to several events

function listenerId() {
  numbers.listener += 1;
  return `${thread}.${numbers.listener}`;
}

function messageId() {
  numbers.message += 1;
  return `${thread}.${numbers.message}`;
}

function giveId(event, listener, given) {
  const id = listenerId();
  remember(listener, event, id);
  if (given !== listener) remember(given, event, id); // off() is asked with the function that once() was given
  return id;
}

function remember(listener, event, id) {
  const known = ids.get(listener);
  if (known === undefined) ids.set(listener, { key: event.key, id });
  else if (known.key === event.key) known.id = id;
  else if (!(known instanceof Map)) ids.set(listener, new Map([[known.key, known.id], [event.key, id]]));
  else if (known.size < NAMES) known.set(event.key, id);
}

function idOf(listener, event) {
  const known = ids.get(listener);
  if (known === undefined) return undefined;
  if (known instanceof Map) return known.get(event.key);
  return known.key === event.key ? known.id : undefined;
}

/** The function that the app gave, where `once` wrapped it. */
function inner(listener) {
  const found = types.isProxy(listener) ? undefined : getOwnPropertyDescriptor(listener, 'listener');
  return found && typeof found.value === 'function' ? found.value : undefined;
}

function functionName(listener) {
  const found = types.isProxy(listener) ? undefined : getOwnPropertyDescriptor(listener, 'name');
  return found && typeof found.value === 'string' && found.value ? found.value.slice(0, 200) : undefined;
}

/** May one more change of this event's listeners be written in full? Once-listeners of request after request must not fill the file. */
function worth(event, change) {
  event[change] += 1;
  if (event[change] <= FULL && !event.folded) return true;
  recorder.skip('facts', 1, `over ${FULL} full facts of one emitter and event`);
  return false;
}

/** Whose listener or emission is it? The app's, or one that concerns an emitter of the app. */
function concerns(record, seen) {
  if (seen === undefined) return record.own;
  return seen.kind === 'app' || (seen.kind === 'package' && record.own);
}

function added(emitter, type, listener, prepended, look) {
  const once = inner(listener);
  add(emitter, type, listener, once || listener, { once: once !== undefined, prepended, count: countOf, look });
}

/** A listener of an EventTarget, `counts` being its way to count. */
function addedTo(target, type, listener, once, counts, look) {
  add(target, type, listener, listener, { once, prepended: false, count: counts, look, system: 'EventTarget' });
}

function add(emitter, type, listener, given, { once, prepended, count, look, system }) {
  const record = recordOf(emitter, system);
  const event = eventOf(record, type);
  if (event.adds >= FULL || event.folded) {
    if (record.own || event.heard) worth(event, 'adds');
    event.heard += 1;
    return;
  }
  const seen = look();
  if (!concerns(record, seen)) return;
  event.heard += 1;
  if (!worth(event, 'adds')) return;
  recorder.fact('listener.added', {
    ...named(emitter, event),
    'listener.id': giveId(event, listener, given),
    'listener.name': functionName(given),
    'listener.once': once || undefined,
    'listener.async': types.isAsyncFunction(given) || undefined,
    'listener.prepended': prepended || undefined,
    count: count(emitter, type),
    ...places.keys(seen),
  });
}

function removed(emitter, type, listener, before, look, counts = countOf, spent = undefined) {
  const record = records.get(emitter);
  const event = record && record.events.get(type);
  if (!event) return;
  const left = counts(emitter, type);
  const missed = left >= before;
  if ((!event.heard && !(missed && record.own)) || !worth(event, 'removals')) return;
  const fired = !missed && (spent === undefined ? inner(listener) !== undefined : spent); // asked for by its wrapper: only the wrapper itself does that
  const seen = fired ? undefined : look();
  if (missed) {
    if (!seen || seen.kind !== 'app') return;
    const name = functionName(inner(listener) || listener);
    recorder.fact('listener.remove_missed', { ...named(emitter, event), 'listener.name': name, count: left, ...places.keys(seen) });
    return;
  }
  const id = idOf(listener, event);
  if (id === undefined) return;
  recorder.fact('listener.removed', { ...named(emitter, event), 'listener.id': id, count: left, 'listener.once': fired || undefined, ...places.keys(seen) });
}

/** How many listeners are about to go. */
function totalOf(emitter, all, type) {
  const record = records.get(emitter);
  if (!record) return 0;
  if (!all) return countOf(emitter, type);
  let total = 0;
  for (const key of record.events.keys()) total += countOf(emitter, key);
  return total;
}

function removedAll(emitter, type, before, look) {
  const record = records.get(emitter);
  if (!record || before === 0) return;
  const events = type === undefined ? [...record.events.values()] : [record.events.get(type)];
  const heard = events.filter((event) => event !== undefined && event.heard);
  if (!heard.length || !worth(heard[0], 'removals')) return;
  const seen = look();
  if (record.id === undefined) introduce(emitter, record);
  const about = type === undefined ? { 'messaging.system': record.system, 'emitter.id': record.id } : named(emitter, heard[0]);
  recorder.fact('listener.removed_all', { ...about, count: before, ...places.keys(seen) });
}

module.exports = { made, knows: (emitter) => records.has(emitter), recordOf, eventOf, named, claim, introduced, listenerId, messageId, functionName, countOf, idOf, concerns, add, added, addedTo, removed, totalOf, removedAll, fold, thread, FULL };
