'use strict';
// Who listens: listeners that are added, that go, and that were to go but are not there. Each time that a function is added it gets an id of its own.

const { types } = require('util');
const recorder = require('./recorder.cjs');
const places = require('./places.cjs');
const registry = require('./registry.cjs');

const SHARED = 1000; // events of which one function's ids are remembered
const { getOwnPropertyDescriptor } = Object;
const { FULL, countOf, named } = registry;

const ids = new WeakMap(); // function -> id, or Map of event key -> id where it listens to several events

function giveId(event, listener, given) {
  const id = registry.listenerId();
  remember(listener, event, id);
  if (given !== listener) remember(given, event, id); // off() is asked with the function that once() was given
  return id;
}

function remember(listener, event, id) {
  const known = ids.get(listener);
  if (known === undefined) ids.set(listener, { key: event.key, id });
  else if (known.key === event.key) known.id = id;
  else if (!(known instanceof Map)) ids.set(listener, new Map([[known.key, known.id], [event.key, id]]));
  else if (known.size < SHARED) known.set(event.key, id);
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
  const found = typeof listener !== 'function' || types.isProxy(listener) ? undefined : getOwnPropertyDescriptor(listener, 'name');
  return found && typeof found.value === 'string' && found.value ? found.value.slice(0, 200) : undefined;
}

/** May one more change of this event's listeners be written in full? Once-listeners of request after request must not fill the file. */
function worth(event, change) {
  event[change] += 1;
  if (event[change] <= FULL && !event.folded) return true;
  recorder.skip('facts', 1, `over ${FULL} full facts of one emitter and event`);
  return false;
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
  const record = registry.recordOf(emitter, system);
  const event = registry.eventOf(record, type);
  if (event.adds >= FULL || event.folded) {
    if (record.own || event.heard) worth(event, 'adds');
    event.heard += 1;
    return;
  }
  const seen = look();
  if (!registry.concerns(record, seen)) return;
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
  const record = registry.known(emitter);
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
  const record = registry.known(emitter);
  if (!record) return 0;
  if (!all) return countOf(emitter, type);
  let total = 0;
  for (const key of record.events.keys()) total += countOf(emitter, key);
  return total;
}

function removedAll(emitter, type, before, look) {
  const record = registry.known(emitter);
  if (!record || before === 0) return;
  const events = type === undefined ? [...record.events.values()] : [record.events.get(type)];
  const heard = events.filter((event) => event !== undefined && event.heard);
  if (!heard.length || !worth(heard[0], 'removals')) return;
  const seen = look();
  const about = type === undefined ? registry.introduced(emitter, record.system) : named(emitter, heard[0]);
  recorder.fact('listener.removed_all', { ...about, count: before, ...places.keys(seen) });
}

module.exports = { add, added, addedTo, removed, removedAll, totalOf, idOf, functionName };
