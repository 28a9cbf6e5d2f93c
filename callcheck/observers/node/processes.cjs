'use strict';
// How the process fares: read off what it emits itself, whether anybody listens or not. We never listen: a listener would keep the app from ending.

const { constants } = require('os');
const recorder = require('./recorder.cjs');
const registry = require('./registry.cjs');
const promises = require('./promises.cjs');
const { describe, locate, place } = require('./errors.cjs');

const { apply } = Reflect;
const SIGNALS = new Set(Object.keys(constants.signals));

/** Writes a fact about an error; its place at once where nobody listens, since then the process prints the stack and ends. */
function about(fact, error, listeners, keys) {
  const seq = recorder.fact(fact, { ...describe(error), 'listener.count': listeners, ...keys, ...(listeners ? undefined : place(error)) });
  if (listeners) locate(error, seq, recorder.current());
}

const TELLERS = {
  uncaughtExceptionMonitor: ([, error, origin]) => {
    about('process.uncaught', error, registry.countOf(process, 'uncaughtException'), { origin });
  },
  unhandledRejection: ([, reason, promise]) => {
    promises.rejected(promise, reason);
    about('process.unhandled_rejection', reason, registry.countOf(process, 'unhandledRejection'));
  },
  warning: ([, warning]) => {
    const said = describe(warning);
    const name = Object.getOwnPropertyDescriptor(warning, 'name');
    if (name && typeof name.value === 'string') said['error.type'] = name.value;
    locate(warning, recorder.fact('process.warning', said), recorder.current());
  },
};

function tell(type, parameters) {
  try {
    if (recorder.silent()) return;
    if (Object.prototype.hasOwnProperty.call(TELLERS, type)) TELLERS[type](parameters);
    else if (SIGNALS.has(type)) recorder.fact('process.signal', { signal: type, 'listener.count': registry.countOf(process, type) });
  } catch {
    // The app goes on.
  }
}

/** process.emit of Node's own events. */
function emit(original, parameters) {
  const type = parameters[0];
  if (type !== 'exit') {
    tell(type, parameters);
    return apply(original, process, parameters);
  }
  try {
    return apply(original, process, parameters);
  } finally {
    leave(parameters[1]);
  }
}

/** After the app's own exit handlers, which may still say something or change the code. */
function leave(code) {
  try {
    recorder.last();
    const chosen = process.exitCode === undefined ? code : process.exitCode;
    recorder.fact('process.exit', { 'exit.code': Number(chosen) || 0 });
  } catch {
    // The app goes on.
  }
}

module.exports = { SIGNALS, emit, tell, leave };
