'use strict';
// MQTT: a topic that is subscribed to is a destination with a listener, and a publish an event of which the broker does not say who heard. What comes in is the
// event `message` of the client.

const { published, added, removed, quietly } = require('./channels.cjs');
const { wrap } = require('./libraries.cjs');

const MQTT = { system: 'mqtt', library: 'mqtt', repeats: false }; // a client subscribes again by itself as it connects again

/** The topics that subscribe() and unsubscribe() take: a text, a list of texts, or an object by topic. */
function topicsOf(given) {
  if (typeof given === 'string') return [given];
  if (Array.isArray(given)) return given.filter((one) => typeof one === 'string');
  return given !== null && typeof given === 'object' ? Object.keys(given).filter((one) => one !== 'resubscribe') : [];
}

/** Wraps the methods of mqtt.js' client, whose emitter is a mix-in. */
function patch({ MqttClient: { prototype } }) {
  wrap(prototype, 'publish', (original) => function publish(topic, ...others) {
    quietly(() => published(MQTT, this, topic, publish));
    return original.call(this, topic, ...others);
  });
  wrap(prototype, 'subscribe', (original) => function subscribe(topics, ...others) {
    const result = original.call(this, topics, ...others);
    quietly(() => {
      const [handler] = [].concat((this._events || {}).message || []);
      added(MQTT, this, topicsOf(topics), handler, subscribe);
    });
    return result;
  });
  wrap(prototype, 'unsubscribe', (original) => function unsubscribe(topics, ...others) {
    const result = original.call(this, topics, ...others);
    quietly(() => {
      const left = topicsOf(topics);
      if (left.length) removed(MQTT, this, left, unsubscribe); // only in Redis does none stand for all of them
    });
    return result;
  });
}

module.exports = { patch };
