'use strict';
// Libraries that build on node:events: what their emitters are called in a fact, and which of their methods carry events between processes.

const TABLES = {};

/** The `messaging.system` of a library's emitter; undefined for one of the app's own. */
function of(emitter, seen) {
  if (seen.kind !== 'package') return undefined;
  const name = seen.via.find((one) => one in TABLES);
  return name && TABLES[name].system;
}

/** How an event of a library's emitter is called. */
function nameOf(library, emitter, name) {
  return name;
}

function adopt() {
}

module.exports = { of, nameOf, adopt };
