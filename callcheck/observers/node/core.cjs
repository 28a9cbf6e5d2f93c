'use strict';
// Which emitters are Node's own? Streams, servers, child processes and their kind speak of themselves all the time, and none of it is a callback of the app.

const { className } = require('./errors.cjs');
const places = require('./places.cjs');

const MARK = Symbol('callcheck.core');
const { getPrototypeOf, defineProperty } = Object;

/** Events that Node itself emits on its own classes; any other event on one of these is the app's. */
const EVENTS = new Set(`data end close error readable drain finish pipe unpipe pause resume prefinish lookup connect connectionAttempt
connectionAttemptFailed connectionAttemptTimeout ready timeout session secureConnect secureConnection keylog tlsClientError OCSPRequest OCSPResponse
newSession resumeSession secure connection listening drop request response checkContinue checkExpectation clientError upgrade dropRequest socket abort
aborted information continue free agentRemove agentRemoveSocket exit disconnect message messageerror internalMessage spawn fork online setup death
line history SIGCONT SIGINT SIGTSTP SIGWINCH resize reset open change rename add unlink keypress newListener removeListener stream frameError goaway altsvc
origin localSettings remoteSettings ping push wantTrailers trailers headers sessionError priority select streamClosed unknownProtocol transport
beforeExit uncaughtException uncaughtExceptionMonitor unhandledRejection rejectionHandled multipleResolves warning worker workerMessage
attributes secureContext mute pending-session inspectorError sigint test:pass test:fail`.split(/\s+/));

let proto; // EventEmitter.prototype, told by install()

/** Marks the class of Node's whose constructor called EventEmitter: all that inherit from it are Node's too. */
function markClassOf(emitter) {
  const kind = getPrototypeOf(emitter);
  if (kind && kind !== proto) mark(kind);
}

/** The same for a class, by its prototype. */
function mark(kind) {
  let top = kind;
  for (let next = getPrototypeOf(top); next && next !== proto; next = getPrototypeOf(top)) top = next;
  if (getPrototypeOf(top) === proto) defineProperty(top, MARK, { value: true, configurable: true });
}

/** The names of an emitter's classes, EventEmitter's left out. */
function classesOf(emitter) {
  const names = new Set();
  for (let at = getPrototypeOf(emitter); at && at !== proto && names.size < 10; at = getPrototypeOf(at)) names.add(className(at));
  return names;
}

const origins = new WeakMap(); // prototype -> {count, seen}: a library that makes emitters all day is asked about two hundred times

/** Where an emitter is made: what places.look() says, or undefined. Marks Node's own classes on the way. */
function origin(emitter, below) {
  const kind = getPrototypeOf(emitter);
  const known = kind === proto ? undefined : origins.get(kind);
  if (known && known.count > 200) return known.seen;
  const seen = places.look(below, classesOf(emitter));
  if (!seen) return undefined;
  if (seen.kind === 'core') {
    markClassOf(emitter);
  } else if (seen.kind === 'package' && kind !== proto) {
    if (known) known.count += 1;
    else origins.set(kind, { count: 1, seen: { ...seen, frame: undefined } });
  }
  return seen;
}

module.exports = { EVENTS, MARK, mark, origin, nameOf: (emitter) => className(emitter), knowPrototype: (of) => { proto = of; } };
