'use strict';
// What is known of each emitter: its id, where it was made, whether it is the app's, and per event what has been told. Held by the emitter alone (WeakMap), so
// that what the app forgets is forgotten here too.

const recorder = require('./recorder.cjs');
const places = require('./places.cjs');
const modules = require('./exporters.cjs');
const libraries = require('./libraries.cjs');
const { className } = require('./errors.cjs');

const NAMES = 1000; // event names an emitter
const FULL = 200; // full facts for each emitter and event
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
  return { key: keys, record, name, folded: false, full: 0, adds: 0, removals: 0, heard: libraries.tells(record.library, name) ? 1 : 0, foreign: 0, count: 0, unheard: 0, last: 0, counting: false, named: undefined, text: undefined };
}

/** The keys that name an event of an emitter in a fact; writes emitter.seen first if that is still to be done. */
function named(emitter, event) {
  const { record } = event;
  if (record.id === undefined) introduce(emitter, record);
  return { 'messaging.system': record.system, 'messaging.destination.name': libraries.nameOf(record.library, emitter, event.name), 'emitter.id': record.id };
}

/** The same as the end of a line, with more to come; made once where a library gives its emitters no names that may change. */
function text(emitter, event) {
  if (event.text === undefined || event.record.library !== undefined) event.text = recorder.tail(named(emitter, event)).slice(0, -1);
  return event.text;
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

/** An emitter is a library's, of which nobody saw how it came to be (a mix-in). */
function belongs(emitter, library) {
  recordOf(emitter).library = library;
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

function listenerId() {
  numbers.listener += 1;
  return `${thread}.${numbers.listener}`;
}

function messageId() {
  numbers.message += 1;
  return `${thread}.${numbers.message}`;
}

/** Whose listener or emission is it? The app's, or one that concerns an emitter of the app. */
function concerns(record, seen) {
  if (seen === undefined) return record.own;
  return seen.kind === 'app' || (seen.kind === 'package' && record.own);
}

module.exports = {
  FULL,
  thread,
  made,
  belongs,
  claim,
  known: (emitter) => records.get(emitter),
  recordOf,
  eventOf,
  named,
  text,
  introduced,
  countOf,
  concerns,
  listenerId,
  messageId,
};
