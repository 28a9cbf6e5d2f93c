'use strict';
// How the process fares: read off what it emits itself, whether anybody listens or not. We never listen: a listener would keep the app from ending.

const { constants } = require('os');
const recorder = require('./recorder.cjs');
const registry = require('./registry.cjs');
const promises = require('./promises.cjs');
const { describe } = require('./errors.cjs');

const { apply } = Reflect;
const SIGNALS = new Set(Object.keys(constants.signals));

const TELLERS = {
  uncaughtExceptionMonitor: ([, error, origin]) => {
    recorder.fact('process.uncaught', { ...describe(error), origin, 'listener.count': registry.countOf(process, 'uncaughtException') });
  },
  unhandledRejection: ([, reason, promise]) => {
    promises.rejected(promise, reason);
    recorder.fact('process.unhandled_rejection', { ...describe(reason), 'listener.count': registry.countOf(process, 'unhandledRejection') });
  },
  warning: ([, warning]) => {
    const said = describe(warning);
    const name = Object.getOwnPropertyDescriptor(warning, 'name');
    if (name && typeof name.value === 'string') said['error.type'] = name.value;
    recorder.fact('process.warning', said);
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
function emit(original, type, parameters) {
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

module.exports = { SIGNALS, emit };
