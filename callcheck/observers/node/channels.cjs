'use strict';
// Redis: a channel (or a pattern) is a destination, SUBSCRIBE adds a listener, and the answer to PUBLISH says how many heard it, in whichever process. What is
// told of a client's channels is told of other brokers' too (topics.cjs): each says what it is by `system`, `library` where nobody saw how its clients came to
// be, and `repeats`, whether a channel that is subscribed to again is told again.

const recorder = require('./recorder.cjs');
const places = require('./places.cjs');
const promises = require('./promises.cjs');
const listeners = require('./listeners.cjs');
const registry = require('./registry.cjs');
const { wrap } = require('./libraries.cjs');

const PUBLISH = new Set(['publish', 'spublish']);
const SUBSCRIBE = new Set(['subscribe', 'psubscribe', 'ssubscribe']);
const UNSUBSCRIBE = new Set(['unsubscribe', 'punsubscribe', 'sunsubscribe']);

const REDIS = { system: 'redis', repeats: true };
const MOST = 10000; // channels remembered of a client
const AT_ONCE = 100; // channels of one call, where it may be made again and again
const subscribed = new WeakMap(); // client -> Map of channel -> listener id

function text(value) {
  if (Buffer.isBuffer(value)) return value.toString('utf8').slice(0, 200);
  return typeof value === 'string' ? value.slice(0, 200) : undefined;
}

function about({ system, library }, client, channel) {
  if (library !== undefined) registry.belongs(client, library);
  return { ...registry.introduced(client, system), 'messaging.destination.name': channel };
}

function published(broker, client, channel, below) {
  const name = text(channel);
  if (name === undefined) return undefined;
  const id = registry.messageId();
  recorder.fact('event.emitted', { ...about(broker, client, name), 'messaging.message.id': id, 'messaging.operation.type': 'publish', ...places.keys(places.look(below)) });
  return id;
}

function answered(id, count) {
  if (id !== undefined && Number.isInteger(count)) recorder.fact('event.delivered', { 'messaging.message.id': id, 'listener.count': count });
}

function added(broker, client, channels, listener, below) {
  const known = subscribed.get(client) || new Map();
  subscribed.set(client, known);
  const place = places.keys(places.look(below));
  const called = typeof listener === 'function' ? listeners.functionName(listener) : undefined;
  for (const channel of broker.repeats ? channels.slice(0, AT_ONCE) : channels) {
    const name = text(channel);
    if (name === undefined || known.size >= MOST || (known.has(name) && !broker.repeats)) continue;
    const id = known.get(name) || registry.listenerId();
    known.set(name, id);
    recorder.fact('listener.added', { ...about(broker, client, name), 'listener.id': id, 'listener.name': called, count: 1, ...place });
  }
}

function removed(broker, client, channels, below) {
  const known = subscribed.get(client);
  if (known === undefined) return;
  const place = places.keys(places.look(below));
  for (const channel of channels.length ? channels : [...known.keys()]) {
    const name = text(channel);
    const id = known.get(name);
    if (id === undefined) continue;
    known.delete(name);
    recorder.fact('listener.removed', { ...about(broker, client, name), 'listener.id': id, count: 0, ...place });
  }
}

function quietly(tell) {
  try {
    return recorder.silent() ? undefined : tell();
  } catch {
    return undefined;
  }
}

const seen = new WeakSet(); // commands: one that waited for the connection is sent a second time

function tellCommand(client, command, below) {
  const { name, args } = command;
  if (seen.has(command)) return;
  seen.add(command);
  if (PUBLISH.has(name)) {
    const id = published(REDIS, client, args[0], below);
    const { resolve } = command; // ioredis's own, not the app's promise
    if (typeof resolve !== 'function') return;
    command.resolve = (value) => {
      quietly(() => answered(id, value));
      return resolve(value);
    };
  } else if (SUBSCRIBE.has(name)) {
    added(REDIS, client, args.flat(), undefined, below);
  } else if (UNSUBSCRIBE.has(name)) {
    removed(REDIS, client, args.flat(), below);
  }
}

function patchIoredis(prototype) {
  wrap(prototype, 'sendCommand', (original) => function sendCommand(command, ...others) {
    quietly(() => tellCommand(this, command, sendCommand));
    return original.call(this, command, ...others);
  });
}

function channelsOf(given) {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given];
}

function patchNodeRedis(prototype) {
  wrap(prototype, 'sendCommand', (original) => function sendCommand(words, ...others) {
    const publishing = Array.isArray(words) && typeof words[0] === 'string' && PUBLISH.has(words[0].toLowerCase());
    const id = publishing ? quietly(() => published(REDIS, this, words[1], sendCommand)) : undefined;
    const result = original.call(this, words, ...others);
    if (id !== undefined) quietly(() => promises.follow(result, {}, (said) => answered(id, Number((/^Promise \{ (\d+) \}$/.exec(said) || [])[1]))));
    return result;
  });
  for (const name of ['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE']) {
    wrap(prototype, name, (original) => function subscribe(channels, listener, ...others) {
      const result = original.call(this, channels, listener, ...others);
      quietly(() => added(REDIS, this, channelsOf(channels), listener, subscribe));
      return result;
    });
  }
  for (const name of ['UNSUBSCRIBE', 'PUNSUBSCRIBE', 'SUNSUBSCRIBE']) {
    wrap(prototype, name, (original) => function unsubscribe(channels, ...others) {
      const result = original.call(this, channels, ...others);
      quietly(() => removed(REDIS, this, channelsOf(channels), unsubscribe));
      return result;
    });
  }
}

module.exports = { published, added, removed, quietly, patchIoredis, patchNodeRedis };
