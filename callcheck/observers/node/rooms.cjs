'use strict';
// Socket.IO: a room is a destination, a socket in it a listener, and a broadcast an event of which this process reaches its own sockets only. All of it passes
// through the adapter, which another adapter (Redis) inherits from.

const recorder = require('./recorder.cjs');
const places = require('./places.cjs');
const registry = require('./registry.cjs');
const { wrap } = require('./libraries.cjs');

const MOST = 10000; // memberships remembered of an adapter
const FIRST = 50; // broadcasts of an adapter whose places must not be lost among a library's own events
const members = new WeakMap(); // adapter -> Map of "room socket" -> listener id
const sent = new WeakMap(); // adapter -> broadcasts so far

function nameOf(adapter, room) {
  const { name } = adapter.nsp;
  return (room === undefined ? name : `${name}#${room}`).slice(0, 200);
}

/** The destinations that a socket has with a room: with that of its own, which it joins as it connects, the namespace too. */
function withRoom(id, room) {
  return room === id ? [undefined, id] : [room];
}

function size(adapter, room) {
  if (room === undefined) return adapter.sids.size;
  const list = adapter.rooms.get(room);
  return list ? list.size : 0;
}

function about(adapter, name) {
  return { ...registry.introduced(adapter, 'socket.io'), 'messaging.destination.name': name };
}

function joined(adapter, id, rooms) {
  const known = members.get(adapter) || new Map();
  members.set(adapter, known);
  for (const room of [...rooms].flatMap((one) => withRoom(id, one))) {
    const key = `${room} ${id}`;
    if (known.has(key) || known.size >= MOST) continue;
    const listener = registry.listenerId();
    known.set(key, listener);
    const place = room === undefined || room === id ? undefined : places.keys(places.look(joined, undefined, true));
    recorder.fact('listener.added', { ...about(adapter, nameOf(adapter, room)), 'listener.id': listener, 'listener.name': String(id), count: size(adapter, room), ...place });
  }
}

function left(adapter, room, id) {
  const known = members.get(adapter);
  for (const each of withRoom(id, room)) {
    const key = `${each} ${id}`;
    const listener = known && known.get(key);
    if (listener === undefined) continue;
    known.delete(key);
    recorder.fact('listener.removed', { ...about(adapter, nameOf(adapter, each)), 'listener.id': listener, count: size(adapter, each) });
  }
}

/** How many sockets of this process a broadcast reaches. */
function reached(adapter, rooms, except) {
  const spared = new Set();
  for (const room of except || []) for (const id of adapter.rooms.get(room) || [room]) spared.add(id);
  const all = new Set();
  if (rooms.length === 0) for (const id of adapter.sids.keys()) all.add(id);
  for (const room of rooms) for (const id of adapter.rooms.get(room) || []) all.add(id);
  let count = 0;
  for (const id of all) if (!spared.has(id)) count += 1;
  return count;
}

function emitted(adapter, packet, options, below) {
  const type = Array.isArray(packet.data) && typeof packet.data[0] === 'string' ? packet.data[0].slice(0, 200) : undefined;
  const rooms = options.rooms ? [...options.rooms].slice(0, 10) : [];
  const before = sent.get(adapter) || 0;
  sent.set(adapter, before + 1);
  const place = places.keys(places.look(below, undefined, before < FIRST));
  const ids = [];
  for (const room of rooms.length ? rooms : [undefined]) {
    const count = reached(adapter, room === undefined ? [] : [room], options.except);
    const id = registry.messageId();
    if (count) ids.push(id);
    recorder.fact('event.emitted', {
      ...about(adapter, nameOf(adapter, room)),
      'messaging.message.id': id,
      'messaging.operation.type': 'publish',
      'messaging.message.type': type,
      'listener.count': count,
      ...place,
    });
  }
  return ids;
}

function quietly(tell) {
  try {
    return recorder.silent() ? undefined : tell();
  } catch {
    return undefined;
  }
}

/** Wraps the methods of an adapter's own class; those of a class that inherits call these. */
function patch(prototype) {
  if (!Object.prototype.hasOwnProperty.call(prototype, '_del') || !Object.prototype.hasOwnProperty.call(prototype, 'addAll')) return;
  wrap(prototype, 'addAll', (original) => function addAll(id, rooms) {
    const result = original.call(this, id, rooms);
    quietly(() => joined(this, id, rooms));
    return result;
  });
  wrap(prototype, '_del', (original) => function _del(room, id) {
    const result = original.call(this, room, id);
    quietly(() => left(this, room, id));
    return result;
  });
  for (const name of ['broadcast', 'broadcastWithAck']) {
    wrap(prototype, name, (original) => function broadcast(packet, options, ...others) {
      const ids = quietly(() => emitted(this, packet, options, broadcast)) || [];
      const result = original.call(this, packet, options, ...others);
      for (const id of ids) recorder.fact('event.delivered', { 'messaging.message.id': id });
      return result;
    });
  }
}

module.exports = { patch };
