'use strict';
// Emitters that call their handlers themselves: who listens and who emits is told, single handlers are not told apart. Nothing of the app's is wrapped.

const { types } = require('util');
const recorder = require('./recorder.cjs');
const places = require('./places.cjs');
const promises = require('./promises.cjs');
const listeners = require('./listeners.cjs');
const registry = require('./registry.cjs');
const deliveries = require('./deliveries.cjs');

const done = new WeakMap(); // what was patched -> what is given in its place

/** Runs `patch` once for each thing that a library gives. */
function once(given, patch) {
  if (given === null || (typeof given !== 'function' && typeof given !== 'object')) return given;
  if (!done.has(given)) {
    const instead = patch(given) || given;
    done.set(given, instead);
    done.set(instead, instead);
  }
  return done.get(given);
}

/** Puts `make(original)` under all these names that hold one and the same method, with its name and length. */
function wrap(owner, names, make) {
  const original = owner[names[0]];
  if (typeof original !== 'function') return;
  const ours = make(original);
  Object.defineProperty(ours, 'name', { value: original.name, configurable: true });
  Object.defineProperty(ours, 'length', { value: original.length, configurable: true });
  for (const name of names) if (owner[name] === original) owner[name] = ours;
}

function quietly(tell) {
  try {
    return recorder.silent() ? undefined : tell();
  } catch {
    return undefined;
  }
}

/** An event's name as a text; undefined for what is none. EventEmitter2 takes the parts of a name as an array too. */
function nameOf(type) {
  if (Array.isArray(type)) return type.every((part) => typeof part === 'string') ? type.join('.') : undefined;
  return typeof type === 'string' || typeof type === 'symbol' ? type : undefined;
}

/** The methods of one emitter or class, told as those of `system`; `counts(emitter, type)` says how many listen. */
function tellers(system, counts) {
  const counted = (emitter, type) => quietly(() => counts(emitter, type)) || 0;
  return {
    added(emitter, type, listener, given, options, below) {
      const name = nameOf(type);
      if (name === undefined || typeof listener !== 'function') return;
      quietly(() => listeners.add(emitter, name, listener, given, { ...options, count: () => counted(emitter, type), look: () => places.look(below), system }));
    },
    emit(original, emitter, type, values, below) {
      const name = nameOf(type);
      const run = (...parameters) => original.apply(emitter, parameters);
      if (name === undefined || recorder.silent()) return run(...values);
      const message = deliveries.consider(emitter, name, [], () => counted(emitter, type), below, system);
      if (message === undefined) return run(...values);
      const result = deliveries.watch(message, original, emitter, values);
      if (types.isPromise(result)) quietly(() => promises.follow(result, { 'messaging.message.id': message.id }));
      return result;
    },
    remove(original, emitter, type, listener, values, below, fired) {
      const name = nameOf(type);
      if (name === undefined || typeof listener !== 'function' || !registry.known(emitter)) return original.apply(emitter, values);
      const before = counted(emitter, type);
      const result = original.apply(emitter, values);
      quietly(() => listeners.removed(emitter, name, listener, before, () => places.look(below), () => counted(emitter, type), fired));
      return result;
    },
    removeAll(original, emitter, type, values, below) {
      const name = nameOf(type);
      const before = name === undefined ? undefined : counted(emitter, type);
      const result = original.apply(emitter, values);
      quietly(() => listeners.removedAll(emitter, name, before, () => places.look(below)));
      return result;
    },
  };
}

function eventemitter3(given) {
  return once(given, () => {
    const proto = given.prototype;
    const tell = tellers('eventemitter3', (emitter, type) => {
      const list = emitter._events[given.prefixed ? `${given.prefixed}${String(type)}` : type];
      if (!list) return 0;
      return list.fn ? 1 : list.length;
    });
    const adding = (isOnce) => (original) => function on(type, listener, ...others) {
      const result = original.call(this, type, listener, ...others);
      tell.added(this, type, listener, listener, { once: isOnce, prepended: false }, on);
      return result;
    };
    wrap(proto, ['on', 'addListener'], adding(false));
    wrap(proto, ['once'], adding(true));
    wrap(proto, ['removeListener', 'off'], (original) => function removeListener(...values) {
      return tell.remove(original, this, values[0], values[1], values, removeListener, values[3] === true);
    });
    wrap(proto, ['removeAllListeners'], (original) => function removeAllListeners(...values) {
      return tell.removeAll(original, this, values[0], values, removeAllListeners);
    });
    wrap(proto, ['emit'], (original) => function emit(...values) {
      return tell.emit(original, this, values[0], values, emit);
    });
  });
}

function eventemitter2(given) {
  return once(given, () => {
    const proto = (given.EventEmitter2 || given).prototype;
    const { listeners } = proto;
    const tell = tellers('eventemitter2', (emitter, type) => listeners.call(emitter, type).length + (emitter._all ? emitter._all.length : 0));
    const origin = (listener) => (typeof listener === 'function' ? (Object.getOwnPropertyDescriptor(listener, '_origin') || {}).value : undefined);
    wrap(proto, ['_on'], (original) => function _on(...values) {
      const [type, listener, prepended] = values;
      registry.claim(this, 'eventemitter2');
      const result = original.apply(this, values);
      tell.added(this, type, listener, origin(listener) || listener, { once: origin(listener) !== undefined, prepended }, _on);
      return result;
    });
    wrap(proto, ['off', 'removeListener'], (original) => function off(...values) {
      return tell.remove(original, this, values[0], values[1], values, off, origin(values[1]) !== undefined);
    });
    wrap(proto, ['removeAllListeners'], (original) => function removeAllListeners(...values) {
      return tell.removeAll(original, this, values[0], values, removeAllListeners);
    });
    for (const name of ['emit', 'emitAsync']) {
      wrap(proto, [name], (original) => function emit(...values) {
        registry.claim(this, 'eventemitter2');
        return tell.emit(original, this, values[0], values, emit);
      });
    }
  });
}

/** mitt gives a function that makes emitters, whose three methods are their own. */
function mitt(given) {
  return once(given, () => {
    const tell = tellers('mitt', (emitter, type) => {
      const all = emitter.all.get('*');
      return (emitter.all.get(type) || []).length + (all ? all.length : 0);
    });
    const ours = function make(...values) {
      const made = given.apply(this, values);
      quietly(() => instrument(made));
      return made;
    };
    const instrument = (made) => {
      registry.made(made, places.look(ours), 'mitt');
      wrap(made, ['on'], (original) => function on(type, listener) {
        original.call(this, type, listener);
        tell.added(made, type, listener, listener, { once: false, prepended: false }, on);
      });
      wrap(made, ['off'], (original) => function off(type, listener) {
        return listener === undefined ? tell.removeAll(original, made, type, [type], off) : tell.remove(original, made, type, listener, [type, listener], off);
      });
      wrap(made, ['emit'], (original) => function emit(type, value) {
        return tell.emit(original, made, type, [type, value], emit);
      });
    };
    Object.defineProperty(ours, 'name', { value: given.name, configurable: true });
    Object.defineProperty(ours, 'length', { value: given.length, configurable: true });
    return ours;
  });
}

const LANGCHAIN = /^handle[A-Z]/;

/** LangChain's callback managers: each handle… method is an event, heard by the handlers that have a method of that name. */
function langchain(given) {
  return once(given, () => {
    for (const [name, made] of Object.entries(given)) {
      if (/^CallbackManager/.test(name) && typeof made === 'function') once(made.prototype, manager);
    }
  });
}

function manager(proto) {
  const tell = tellers('langchain', (emitter, type) => emitter.handlers.filter((handler) => typeof handler[type] === 'function').length);
  for (const name of Object.getOwnPropertyNames(proto)) {
    if (!LANGCHAIN.test(name)) continue;
    wrap(proto, [name], (original) => function handle(...values) {
      registry.claim(this, 'langchain');
      return tell.emit((...parameters) => original.apply(this, parameters), this, name, values, handle);
    });
  }
}

/** What cannot be patched is given as it is. */
function safely(patch) {
  return (given) => {
    try {
      return patch(given);
    } catch {
      return given;
    }
  };
}

/** mqtt.js: its emitter is Node's, mixed in; its topics are told. */
function mqtt(given) {
  return once(given, () => require('./topics.cjs').patch(given));
}

module.exports = { eventemitter2: safely(eventemitter2), eventemitter3: safely(eventemitter3), mitt: safely(mitt), langchain: safely(langchain), mqtt: safely(mqtt) };
