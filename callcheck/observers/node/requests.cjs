'use strict';
// Incoming HTTP requests, and which request the rest happens in. That needs AsyncLocalStorage, nearly the whole cost of the agent before Node 24, so it is used
// for the first requests of a process only, never for more than some in a second, and switched off in between.

const diagnostics = require('diagnostics_channel');
const recorder = require('./recorder.cjs');
const registry = require('./registry.cjs');

const { apply } = Reflect;
const MOST = 2000; // requests of one process that get an id
const MOST_A_SECOND = { traced: 1000, others: 50 }; // a driver that sends a traceparent wants to see its requests
const OVER = `over ${MOST} requests of one process`;
const OVER_A_SECOND = { traced: `over ${MOST_A_SECOND.traced} requests a second`, others: `over ${MOST_A_SECOND.others} requests a second` };

let storage;
let used = false;
let total = 0;
let arrived = 0;
let second = -1;
let inSecond = 0;
const open = new Map(); // response -> request's entry, until it has ended

/** Are these the arguments of a server's emit('request')? */
function isRequest(parameters) {
  const request = parameters[1];
  const response = parameters[2];
  return parameters.length === 3 && request !== null && typeof request === 'object' && response !== null && typeof response === 'object'
    && typeof request.method === 'string' && Array.isArray(request.rawHeaders) && typeof response.writeHead === 'function';
}

/** Does this request get an id? */
function admitted(trace) {
  if (recorder.silent()) return false;
  arrived += 1;
  if (total >= MOST || (trace === undefined && arrived > MOST)) return refused(OVER);
  const current = Math.floor(recorder.now() / 1000);
  if (current !== second) {
    second = current;
    inSecond = 0;
  }
  const kind = trace === undefined ? 'others' : 'traced';
  if (inSecond >= MOST_A_SECOND[kind]) return refused(OVER_A_SECOND[kind]);
  inSecond += 1;
  total += 1;
  return true;
}

function refused(why) {
  recorder.skip('requests', 1, why);
  if (open.size === 0 && used) rest();
  return false;
}

/** Takes the hooks of AsyncLocalStorage away until the next request that gets an id. */
function rest() {
  used = false;
  storage.disable();
}

function serve(emit, server, parameters) {
  const entry = started(parameters[1], parameters[2]);
  if (entry === undefined) return apply(emit, server, parameters);
  used = true;
  return storage.run(entry, () => apply(emit, server, parameters));
}

function started(request, response) {
  try {
    const trace = traceOf(request.rawHeaders);
    return admitted(trace) ? begin(request, response, trace) : undefined;
  } catch {
    return undefined;
  }
}

function begin(request, response, trace) {
  if (storage === undefined) storage = new (require('async_hooks').AsyncLocalStorage)();
  const entry = { req: `${registry.thread}.${total}`, trace, at: recorder.now(), ended: false };
  const path = typeof request.url === 'string' ? request.url.split('?')[0].slice(0, 300) : undefined;
  const port = request.socket && request.socket.localPort;
  recorder.fact('request.started', { 'http.request.method': request.method, 'url.path': path, 'server.port': port }, entry);
  open.set(response, entry);
  return entry;
}

/** The 32 hex digits of a W3C traceparent; undefined without one. */
function traceOf(headers) {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i].length === 11 && headers[i].toLowerCase() === 'traceparent') {
      const found = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(headers[i + 1]);
      return found ? found[1] : undefined;
    }
  }
  return undefined;
}

function end(response, aborted) {
  const entry = open.size === 0 ? undefined : open.get(response); // to ask a map for an object gives it a hash, which costs
  if (entry === undefined) return;
  open.delete(response);
  const ms = Math.round((recorder.now() - entry.at) * 1000) / 1000;
  const status = aborted ? undefined : response.statusCode;
  recorder.fact('request.ended', { 'http.response.status_code': status, ms, aborted: aborted || undefined }, entry);
  if (open.size === 0 && used && (total >= MOST || arrived >= MOST || inSecond >= MOST_A_SECOND.others)) rest();
}

/** Events of Node's own emitters: a response that closes without having finished was given up by the client. */
function notice(emitter, type) {
  if (type !== 'close' || open.size === 0) return;
  try {
    end(emitter, emitter.writableFinished !== true); // Bun and Deno have no channel that says so before
  } catch {
    // The app goes on.
  }
}

function current() {
  return used ? storage.getStore() : undefined;
}

function install() {
  recorder.inContext(current);
  recorder.identifyBy(require('./identity.cjs').changed);
  diagnostics.subscribe('http.server.response.finish', ({ response }) => {
    try {
      end(response, false);
    } catch {
      // The app goes on.
    }
  });
}

module.exports = { install, isRequest, serve, notice };
