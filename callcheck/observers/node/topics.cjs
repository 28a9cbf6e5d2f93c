'use strict';
// MQTT: a topic that is subscribed to is a destination with a listener, and a publish an event of which the broker does not say who heard. What comes in is the
// event `message` of the client.

const recorder = require('./recorder.cjs');
const places = require('./places.cjs');
const listeners = require('./listeners.cjs');
const registry = require('./registry.cjs');
const { wrap } = require('./libraries.cjs');

const MOST = 10000; // topics remembered of a client
const subscribed = new WeakMap(); // client -> Map of topic -> listener id

function about(client, topic) {
  registry.belongs(client, 'mqtt');
  return { ...registry.introduced(client, 'mqtt'), 'messaging.destination.name': topic.slice(0, 200) };
}

/** The topics that subscribe() and unsubscribe() take: a text, a list of texts, or an object by topic. */
function topicsOf(given) {
  if (typeof given === 'string') return [given];
  if (Array.isArray(given)) return given.filter((one) => typeof one === 'string');
  return given !== null && typeof given === 'object' ? Object.keys(given).filter((one) => one !== 'resubscribe') : [];
}

function published(client, topic, below) {
  if (typeof topic !== 'string') return;
  const keys = { 'messaging.message.id': registry.messageId(), 'messaging.operation.type': 'publish' };
  recorder.fact('event.emitted', { ...about(client, topic), ...keys, ...places.keys(places.look(below)) });
}

function added(client, topics, below) {
  const known = subscribed.get(client) || new Map();
  subscribed.set(client, known);
  const place = places.keys(places.look(below));
  const [handler] = [].concat((client._events || {}).message || []);
  const called = handler === undefined ? undefined : listeners.functionName(handler);
  for (const topic of topics) {
    if (known.has(topic) || known.size >= MOST) continue; // a client subscribes again by itself as it connects again
    known.set(topic, registry.listenerId());
    recorder.fact('listener.added', { ...about(client, topic), 'listener.id': known.get(topic), 'listener.name': called, ...place });
  }
}

function removed(client, topics, below) {
  const known = subscribed.get(client);
  if (known === undefined) return;
  const place = places.keys(places.look(below));
  for (const topic of topics) {
    const id = known.get(topic);
    if (id === undefined) continue;
    known.delete(topic);
    recorder.fact('listener.removed', { ...about(client, topic), 'listener.id': id, count: 0, ...place });
  }
}

function quietly(tell) {
  try {
    if (!recorder.silent()) tell();
  } catch {
    // The app goes on.
  }
}

/** Wraps the methods of mqtt.js' client, whose emitter is a mix-in. */
function patch({ MqttClient: { prototype } }) {
  wrap(prototype, 'publish', (original) => function publish(topic, ...others) {
    quietly(() => published(this, topic, publish));
    return original.call(this, topic, ...others);
  });
  wrap(prototype, 'subscribe', (original) => function subscribe(topics, ...others) {
    const result = original.call(this, topics, ...others);
    quietly(() => added(this, topicsOf(topics), subscribe));
    return result;
  });
  wrap(prototype, 'unsubscribe', (original) => function unsubscribe(topics, ...others) {
    const result = original.call(this, topics, ...others);
    quietly(() => removed(this, topicsOf(topics), unsubscribe));
    return result;
  });
}

module.exports = { patch };
