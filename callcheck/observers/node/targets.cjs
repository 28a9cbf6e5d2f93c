'use strict';
// EventTarget: who listens and who dispatches. Node calls the handlers itself, so single handlers are not told apart; what one throws is process.uncaught.

const { getEventListeners } = require('events');
const recorder = require('./recorder.cjs');
const places = require('./places.cjs');
const listeners = require('./listeners.cjs');
const registry = require('./registry.cjs');
const deliveries = require('./deliveries.cjs');

const { apply } = Reflect;
const proto = EventTarget.prototype;
const original = {
  addEventListener: proto.addEventListener,
  removeEventListener: proto.removeEventListener,
  dispatchEvent: proto.dispatchEvent,
};

/** Node's own targets signal to Node: an AbortSignal is listened to for every fetch. */
function ofApp(target) {
  try {
    return !recorder.silent() && !(target instanceof AbortSignal);
  } catch {
    return false;
  }
}

function countOf(target, type) {
  try {
    return getEventListeners(target, type).length;
  } catch {
    return 0;
  }
}

/** A listener is a function, or an object with handleEvent. */
function listens(listener) {
  return typeof listener === 'function' || (listener !== null && typeof listener === 'object');
}

// Methods, as Node's are: they can be no constructors.
const ours = {
  addEventListener(type, listener, options) {
    const result = apply(original.addEventListener, this, arguments);
    if (typeof type === 'string' && listens(listener) && ofApp(this)) {
      try {
        const once = options !== null && typeof options === 'object' && !require('util').types.isProxy(options)
          && (Object.getOwnPropertyDescriptor(options, 'once') || {}).value === true;
        listeners.addedTo(this, type, listener, once, countOf, () => places.look(ours.addEventListener));
      } catch {
        // The app goes on.
      }
    }
    return result;
  },

  removeEventListener(type, listener) {
    if (typeof type !== 'string' || !listens(listener) || !ofApp(this)) return apply(original.removeEventListener, this, arguments);
    const before = registry.known(this) ? countOf(this, type) : 0;
    const result = apply(original.removeEventListener, this, arguments);
    try {
      if (before) listeners.removed(this, type, listener, before, () => places.look(ours.removeEventListener), countOf);
    } catch {
      // The app goes on.
    }
    return result;
  },

  dispatchEvent(event) {
    let message;
    if (ofApp(this)) message = deliveries.beginOn(this, event, countOf, ours.dispatchEvent);
    return message === undefined ? apply(original.dispatchEvent, this, arguments) : deliveries.watch(message, original.dispatchEvent, this, arguments);
  },
};

function install() {
  const { replace } = require('./emitters.cjs');
  for (const [name, method] of Object.entries(ours)) replace(proto, name, method);
}

module.exports = { install };
