import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import { defaultBrokerLimits } from './broker-limits.js';
import type {
  BrokerEvent,
  EmbeddedBroker,
  EmbeddedBrokerOptions,
  PublishRequest,
  RefusalReason,
} from './broker-port.js';
import { createAdmission, type Peer } from './admission.js';
import { createBrokerTally } from './broker-tally.js';
import { createConnectionGate } from './connection-gate.js';
import { type BoundListener, listen } from './listener.js';
import { createPacketGuard } from './packet-guard.js';
import { quote } from './peer-identity.js';
import { createReadGate } from './read-gate.js';
import { fleetTopicRules } from './topic-rules.js';

/**
 * An MQTT 3.1.1 broker in this process, for a demo or a small site. It remembers no sessions and no queues: what a
 * subscriber missed is sent again by the outbox of the device, which deletes only after the hub's acknowledgement.
 * @throws ConfigError `broker.plain-not-loopback`, `broker.tls` @throws DeviceError `broker.listen`
 */
export async function createEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { clock, log, rules = fleetTopicRules } = options;
  const limits = { ...defaultBrokerLimits, ...options.limits };
  const peers = new WeakMap<object, Peer>();
  const live = new Map<string, { readonly client: Client; readonly peer: Peer }>();
  const tally = createBrokerTally(log, clock);
  const admission = createAdmission({
    limits,
    clock,
    denied: options.denied,
    rules,
    live: (name) => live.get(name)?.peer,
    onEvent: tally.event,
  });

  const refuse = (peer: Pick<Peer, 'address' | 'identity'>, reason: RefusalReason, detail: string): void =>
    tally.event({ kind: 'refused', reason, name: peer.identity?.name ?? null, address: peer.address, detail });
  /** Once for a connection: the errors that follow from our own cutting are no second refusal. */
  const cut = (peer: Peer, reason: RefusalReason, detail: string): void => {
    if (!peer.refused) refuse(peer, reason, detail);
    peer.refused = true;
    peer.socket.destroy();
  };
  const cutDenied = (): void => {
    for (const { peer } of [...live.values()]) {
      const detail = peer.identity === null ? null : admission.denial(peer.identity);
      if (detail !== null) cut(peer, 'denied', detail);
    }
  };

  const wills = new WeakMap<object, PublishRequest>();
  const aedes = await Aedes.createBroker({
    drainTimeout: limits.drainTimeoutMs,
    connectTimeout: limits.connectTimeoutMs,
    maxTopicLevels: 8,
    // Messages that wait for slow subscribers at a time; each may be a whole batch.
    concurrency: 32,
    heartbeatInterval: 3_600_000,
    preConnect(client, packet, done) {
      const peer = peers.get(client.conn);
      if (peer === undefined) return done(null, false);
      if (!(packet.keepalive !== undefined && packet.keepalive > 0 && packet.keepalive <= limits.keepaliveSeconds)) {
        cut(peer, 'keepalive', `keepalive ${packet.keepalive ?? 0} s; allowed is 1 to ${limits.keepaliveSeconds}`);
        return done(null, false);
      }
      if (packet.protocolVersion !== 4) {
        // aedes answers with the code that says so; here it is only counted.
        if (!peer.refused) refuse(peer, 'version', `MQTT protocol level ${packet.protocolVersion ?? '?'}; 4 is served`);
        peer.refused = true;
      }
      // No session outlives its connection, so that nobody can fill the memory by staying away.
      packet.clean = true;
      const { will } = packet;
      if (will !== undefined)
        wills.set(client, {
          topic: will.topic,
          qos: will.qos ?? 0,
          retain: will.retain ?? false,
          bytes: will.payload.length,
        });
      done(null, true);
    },
    authenticate(client, _user, _password, done) {
      const peer = peers.get(client.conn);
      if (peer === undefined) return done(null, false);
      const problem = admission.decide(peer, { clientId: client.id, will: wills.get(client) ?? null });
      if (problem === null) return done(null, true);
      refuse(peer, problem.reason, problem.detail);
      peer.refused = true;
      done(notAuthorised(problem.detail), false);
    },
    authorizePublish(client, packet, done) {
      const peer = client === null ? undefined : peers.get(client.conn);
      const identity = peer?.identity;
      if (peer === undefined || identity == null) return done(notAuthorised('no identity'));
      const bytes = packet.payload.length;
      const problem = rules.publishProblem(identity.name, identity.role, { ...packet, bytes }, limits.statusBytes);
      if (problem !== null) {
        cut(peer, 'publish', `publish to ${quote(packet.topic)}: ${problem}`);
        return done(notAuthorised(problem));
      }
      tally.published(bytes);
      peer.reads.begin(bytes);
      const nowMs = clock.monotonicMs();
      const delayMs = Math.max(peer.messages?.take(1, nowMs) ?? 0, peer.bytes?.take(bytes, nowMs) ?? 0);
      // A closed client's publish is its Last Will, and holds nobody up.
      if (delayMs === 0 || client?.closed === true) return done(null);
      tally.throttled();
      // What waits here fills the read gate, then the device's own socket, and nobody else's.
      setTimeout(() => (client?.closed === true ? undefined : done(null)), delayMs).unref();
    },
    published(packet, client, done) {
      if (client !== null) peers.get(client.conn)?.reads.end(packet.payload.length);
      done(null);
    },
    authorizeSubscribe(client, subscription, done) {
      const peer = peers.get(client.conn);
      const identity = peer?.identity;
      if (peer === undefined || identity == null) return done(null, null);
      if (rules.maySubscribe(identity.name, identity.role, subscription.topic)) return done(null, subscription);
      const filter = quote(subscription.topic);
      tally.event({ kind: 'subscription-refused', name: identity.name, address: peer.address, filter });
      done(null, null);
    },
    authorizeForward(client, packet) {
      const peer = peers.get(client.conn);
      if (peer?.identity?.role !== 'device' || !peer.socket.writableNeedDrain) return packet;
      // One device that does not read must not hold up the acknowledgements of the others.
      tally.forwardDropped();
      return null;
    },
  });

  const gate = createConnectionGate({
    limits,
    clock,
    sessions: () => live.size,
    refuse(socket, reason, detail) {
      refuse({ address: socket.remoteAddress ?? '', identity: null }, reason, detail);
      socket.destroy();
    },
  });
  const onConnection = (socket: Socket, raw: Socket): void => {
    const guard = createPacketGuard(limits.firstPacketBytes);
    const address = raw.remoteAddress ?? '';
    const reads = createReadGate(socket, guard, {
      inFlight: limits.inFlight,
      inFlightBytes: limits.inFlightBytes,
      onProblem: (problem) => cut(peer, 'packet-too-large', problem),
    });
    const peer: Peer = {
      socket,
      raw,
      address,
      guard,
      reads,
      identity: null,
      refused: false,
      messages: null,
      bytes: null,
    };
    peers.set(socket, peer);
    aedes.handle(socket);
  };

  aedes.on('client', (client) => {
    const peer = peers.get(client.conn);
    if (peer?.identity == null) return;
    const { name, role, serialNumber } = peer.identity;
    live.set(name, { client, peer });
    gate.settled(peer.raw);
    const secure = peer.socket instanceof TLSSocket;
    tally.event({ kind: 'connected', name, role, address: peer.address, secure, serialNumber });
    // Denied between the check and now.
    const denial = admission.denial(peer.identity);
    if (denial !== null) cut(peer, 'denied', denial);
  });
  aedes.on('clientDisconnect', (client) => {
    const peer = peers.get(client.conn);
    if (peer?.identity == null) return;
    const { name, role } = peer.identity;
    if (live.get(name)?.client === client) live.delete(name);
    tally.event({ kind: 'disconnected', name, role, address: peer.address });
  });
  const onClientError = (client: Client, error: Error): void => {
    const peer = peers.get(client.conn);
    if (peer === undefined || peer.refused) return;
    const reason = reasonOfError(error);
    if (reason !== null) cut(peer, reason, error.message);
  };
  aedes.on('clientError', onClientError);
  aedes.on('connectionError', onClientError);
  const emitter: EventEmitter = aedes;
  emitter.on('error', (error: unknown) => log.error('broker.internal', { message: errorMessage(error) }));
  // The queue behind aedes goes on with the next message inside of the call that ends the last one, where nobody listens: when a slow
  // subscriber leaves, thousands would end inside of each other and overflow the stack. Someone who answers a little later always listens.
  aedes.subscribe(
    '#',
    (_packet, done) => queueMicrotask(done),
    () => undefined,
  );

  const stopListening = options.denied?.onChange(cutDenied);

  const bound: BoundListener[] = [];
  const close = async (): Promise<void> => {
    stopListening?.();
    gate.close();
    const closing = bound.map((listener) => listener.close());
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    for (const socket of tally.openSockets()) socket.destroy();
    await Promise.all(closing);
  };
  try {
    for (const listener of options.listeners)
      bound.push(
        await listen(listener, {
          gate,
          handshakeTimeoutMs: limits.handshakeTimeoutMs,
          onAccept: tally.track,
          onConnection,
          onHandshakeFailure(raw, detail) {
            refuse({ address: raw.remoteAddress ?? '', identity: null }, 'handshake', detail);
            raw.destroy();
          },
        }),
      );
  } catch (error) {
    await close();
    throw error;
  }
  const listeners = bound.map(({ host, port, secure }) => ({ host, port, secure }));
  for (const { host, port, secure } of listeners)
    if (secure) log.info('broker.listening', { host, port, tls: true });
    else log.warn('broker.plain', { host, port, tls: false, note: 'client ids are believed; for a demo only' });

  return {
    listeners,
    deny(name, reason) {
      admission.deny(name, reason);
      cutDenied();
    },
    allow: admission.allow,
    stats: () => tally.stats(listeners, gate),
    onEvent: (listener: (event: BrokerEvent) => void) => tally.onEvent(listener),
    reloadTls: () => bound.forEach((listener) => listener.reloadTls()),
    close,
  };
}

/** Return code 5 of CONNACK: "not authorised". */
function notAuthorised(detail: string): AuthenticateError {
  return Object.assign(new DeviceError('broker.not-authorised', detail), { returnCode: 5 as const });
}

/** @returns null for a link that merely ended */
function reasonOfError(error: Error): RefusalReason | null {
  if (/connect did not arrive in time/.test(error.message)) return 'connect-timeout';
  if (/drain timeout/.test(error.message)) return 'frozen';
  if (/keep alive timeout|ECONNRESET|EPIPE|ETIMEDOUT|connection closed|aborted|premature/i.test(error.message))
    return null;
  return 'protocol';
}
