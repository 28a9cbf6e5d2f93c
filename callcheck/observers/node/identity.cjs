'use strict';
// Which process is this? The keys of process.started, and of process.identified where PM2 or cluster tell only after the preload.

const os = require('os');

const SECRET = /(pass|secret|token|api[-_]?key|credential|auth)/i;

/** Arguments of a command without what may be a secret: values of options so named, and user:password in URLs. */
function careful(args) {
  let hide = false;
  return args.slice(0, 50).map((arg) => {
    if (hide && !arg.startsWith('-')) {
      hide = false;
      return '***';
    }
    hide = arg.startsWith('-') && SECRET.test(arg) && !arg.includes('=');
    const cut = arg.indexOf('=');
    if (cut > 0 && SECRET.test(arg.slice(0, cut))) return `${arg.slice(0, cut)}=***`;
    return arg.replace(/\/\/[^/@\s]*:[^/@\s]*@/g, '//***@').slice(0, 300);
  });
}

function threadId() {
  return require('worker_threads').threadId;
}

/** What may change between the preload and the first line of the app. */
function place() {
  const { env } = process;
  const keys = {
    'process.command_args': careful([process.execPath, ...process.execArgv, ...process.argv.slice(1)]),
    'pm2.id': env.pm_id,
    'pm2.name': env.pm_id === undefined ? undefined : env.name,
    'k8s.pod.name': env.KUBERNETES_SERVICE_HOST ? env.POD_NAME || env.HOSTNAME : undefined,
  };
  // Not loaded where it is not: an app may ask what is.
  if (process.moduleLoadList && process.moduleLoadList.includes('NativeModule cluster')) {
    const cluster = require('cluster');
    if (cluster.isWorker) keys['cluster.worker.id'] = String(cluster.worker.id);
    else if (Object.keys(cluster.workers).length) keys['cluster.primary'] = true;
  }
  return keys;
}

const RUNTIME = process.versions.bun ? 'bun' : process.versions.deno ? 'deno' : 'nodejs';

let known;

function started() {
  known = place();
  return {
    schema: 1,
    agent: 'node',
    'agent.version': '1',
    'process.pid': process.pid,
    'process.parent_pid': process.ppid,
    'thread.id': threadId(),
    'process.executable.path': process.execPath,
    'process.runtime.name': RUNTIME,
    'process.runtime.version': process.versions[RUNTIME] || process.versions.node,
    'process.working_directory': workingDirectory(),
    'host.name': os.hostname(),
    ...known,
  };
}

/** Undefined where the folder that the process was started in is gone. */
function workingDirectory() {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** The keys that became known or changed since the start; undefined if none did. */
function changed() {
  const current = place();
  const keys = {};
  for (const [key, value] of Object.entries(current)) {
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(known[key])) keys[key] = value;
  }
  known = current;
  return Object.keys(keys).length ? keys : undefined;
}

module.exports = { RUNTIME, started, changed, careful };
