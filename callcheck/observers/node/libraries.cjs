'use strict';
// Libraries whose classes inherit from node:events: what their events are called in a fact, which of them are told although nobody here listens, and which of
// their methods carry events between processes. They are met when they make their first emitter, so no loader has to be hooked, in ECMAScript modules either.

const { getPrototypeOf } = Object;

const TABLES = {
  bullmq: {
    system: 'bullmq',
    // What a worker says of a job is heard in its own process only; a queue's listener elsewhere waits in vain.
    tells: new Set(['completed', 'failed', 'progress', 'stalled']),
    nameOf: (emitter, name) => (typeof emitter.name === 'string' ? `${emitter.name}:${name}`.slice(0, 200) : name),
  },
  'socket.io': { system: 'socket.io' },
  'socket.io-adapter': { system: 'socket.io', patch: (prototype) => require('./rooms.cjs').patch(prototype) },
  ioredis: {
    system: 'redis',
    patch: (prototype) => require('./channels.cjs').patchIoredis(prototype),
    detail: (type, parameters) => (type === 'message' || type === 'pmessage' || type === 'smessage' ? parameters[parameters.length - 2] : undefined),
  },
  mqtt: { detail: (type, parameters) => (type === 'message' ? parameters[1] : undefined) },
  '@redis/client': { system: 'redis', patch: (prototype) => require('./channels.cjs').patchNodeRedis(prototype) },
};

/** The name of the library that an emitter comes from; undefined for one of the app's own. */
function of(seen) {
  const [innermost] = seen.via;
  return Object.prototype.hasOwnProperty.call(TABLES, innermost) ? innermost : undefined;
}

function systemOf(library) {
  return library === undefined ? undefined : TABLES[library].system;
}

/** How an event of a library's emitter is called. */
function nameOf(library, emitter, name) {
  const naming = library === undefined ? undefined : TABLES[library].nameOf;
  return naming === undefined ? name : naming(emitter, name);
}

/** Is this event told whether or not anybody listens? */
function tells(library, name) {
  return library !== undefined && TABLES[library].tells !== undefined && TABLES[library].tells.has(name);
}

/** What an event of this name is about (the channel of a message); undefined where nothing is to be said. */
function detail(library, type, parameters) {
  const detailing = library === undefined ? undefined : TABLES[library].detail;
  const said = detailing === undefined ? undefined : detailing(type, parameters);
  if (Buffer.isBuffer(said)) return said.toString('utf8').slice(0, 200);
  return typeof said === 'string' ? said.slice(0, 200) : undefined;
}

const adopted = new WeakSet();

/** Patches the classes of a library's emitter, at the first one of each class. */
function adopt(emitter, library) {
  const { patch } = TABLES[library];
  if (patch === undefined) return;
  for (let at = getPrototypeOf(emitter); at && at !== Object.prototype; at = getPrototypeOf(at)) {
    if (adopted.has(at)) return;
    adopted.add(at);
    patch(at);
  }
}

/** Puts what `make` gives for the method `name` where the method is, if it is one of this prototype's own. */
function wrap(prototype, name, make) {
  const found = Object.getOwnPropertyDescriptor(prototype, name);
  if (found === undefined || typeof found.value !== 'function' || !found.configurable) return;
  const ours = make(found.value);
  Object.defineProperty(ours, 'name', { value: found.value.name, configurable: true });
  Object.defineProperty(ours, 'length', { value: found.value.length, configurable: true });
  Object.defineProperty(prototype, name, { ...found, value: ours });
}

module.exports = { of, systemOf, nameOf, tells, detail, adopt, wrap };
