import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import { defaultBrokerLimits } from './broker-limits.js';
import type { BrokerEvent, EmbeddedBroker, EmbeddedBrokerOptions, RefusalReason } from './broker-port.js';
import { createBrokerTally } from './broker-tally.js';
import { createConnectionGate } from './connection-gate.js';
import { type BoundListener, listen } from './listener.js';
import { createPacketGuard, type PacketGuard } from './packet-guard.js';
import { believeClientId, type PeerIdentity, proveByCertificate, quote } from './peer-identity.js';
import { createTakeoverWatch } from './takeover-watch.js';
import { createTokenBucket, type TokenBucket } from './token-bucket.js';
import { maySubscribe, publishProblem } from './topic-rules.js';

/** What is known about one connection. `identity` is null until it has been proved. */
interface Peer {
  readonly socket: Socket;
  readonly raw: Socket;
  readonly address: string;
  readonly guard: PacketGuard;
  identity: PeerIdentity | null;
  refused: boolean;
  messages: TokenBucket | null;
  bytes: TokenBucket | null;
}

/**
 * An MQTT 3.1.1 broker in this process, for a demo or a small site. It remembers no sessions and no queues: what a
 * subscriber missed is sent again by the outbox of the device, which deletes only after the hub's acknowledgement.
 * @throws ConfigError `broker.plain-not-loopback`, `broker.tls` @throws DeviceError `broker.listen`
 */
export async function createEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { clock, log } = options;
  const limits = { ...defaultBrokerLimits, ...options.limits };
  const peers = new WeakMap<object, Peer>();
  const live = new Map<string, { readonly client: Client; readonly peer: Peer }>();
  const locallyDenied = new Map<string, string>();
  const tally = createBrokerTally(log, clock);
  const takeovers = createTakeoverWatch({
    takeovers: limits.cloneTakeovers,
    windowMs: limits.cloneWindowMs,
    holdMs: limits.cloneHoldMs,
  });

  const refuse = (peer: Pick<Peer, 'address' | 'identity'>, reason: RefusalReason, detail: string): void =>
    tally.event({ kind: 'refused', reason, name: peer.identity?.name ?? null, address: peer.address, detail });
  /** Once for a connection: the errors that follow from our own cutting are no second refusal. */
  const cut = (peer: Peer, reason: RefusalReason, detail: string): void => {
    if (!peer.refused) refuse(peer, reason, detail);
    peer.refused = true;
    peer.socket.destroy();
  };
  const isDenied = ({ name, serialNumber }: PeerIdentity): boolean =>
    locallyDenied.has(name) || options.denied?.isDenied(name, serialNumber) === true;

  const prove = (client: Client, peer: Peer): { readonly reason: RefusalReason; readonly detail: string } | null => {
    const proof =
      peer.socket instanceof TLSSocket ? proveByCertificate(peer.socket, client.id, clock) : believeClientId(client.id);
    if (!proof.ok) return proof;
    peer.identity = proof.identity;
    const { name, role } = proof.identity;
    if (isDenied(proof.identity)) return { reason: 'denied', detail: locallyDenied.get(name) ?? 'on the deny list' };
    const nowMs = clock.monotonicMs();
    if (takeovers.held(name, nowMs) && live.has(name))
      return { reason: 'clone', detail: `${name} is connected already and was taken over too often` };
    const previous = live.get(name);
    if (previous !== undefined) {
      const cloned = takeovers.takeover(name, nowMs);
      const seen = { name, address: peer.address, previousAddress: previous.peer.address };
      tally.event({ kind: 'takeover', ...seen });
      if (cloned) tally.event({ kind: 'cloned', ...seen });
      if (cloned) return { reason: 'clone', detail: `${name} was taken over ${limits.cloneTakeovers} times` };
    }
    peer.guard.allow(limits.packetBytes);
    if (role === 'device') {
      peer.messages = createTokenBucket(limits.publishesPerSecond, limits.publishesBurst);
      peer.bytes = createTokenBucket(limits.publishBytesPerSecond, limits.publishBytesBurst);
    }
    return null;
  };

  const willProblems = new WeakMap<object, string>();
  const aedes = await Aedes.createBroker({
    drainTimeout: limits.drainTimeoutMs,
    connectTimeout: limits.connectTimeoutMs,
    maxTopicLevels: 8,
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
        if (!peer.refused) refuse(peer, 'protocol', `MQTT protocol level ${packet.protocolVersion ?? '?'}; 4 is served`);
        peer.refused = true;
      }
      // No session outlives its connection, so that nobody can fill the memory by staying away.
      packet.clean = true;
      const will = packet.will;
      if (will !== undefined) {
        const role = believeClientId(packet.clientId);
        const problem = role.ok
          ? publishProblem(
              packet.clientId,
              role.identity.role,
              { topic: will.topic, qos: will.qos ?? 0, retain: will.retain ?? false, bytes: will.payload.length },
              limits.statusBytes,
            )
          : null;
        if (problem !== null) willProblems.set(client, `Last Will to ${quote(will.topic)}: ${problem}`);
      }
      done(null, true);
    },
    authenticate(client, _user, _password, done) {
      const peer = peers.get(client.conn);
      if (peer === undefined) return done(null, false);
      const will = willProblems.get(client);
      const problem = prove(client, peer) ?? (will === undefined ? null : { reason: 'will' as const, detail: will });
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
      const problem = publishProblem(identity.name, identity.role, { ...packet, bytes }, limits.statusBytes);
      if (problem !== null) {
        cut(peer, 'publish', `publish to ${quote(packet.topic)}: ${problem}`);
        return done(notAuthorised(problem));
      }
      tally.published(bytes);
      const nowMs = clock.monotonicMs();
      const delayMs = Math.max(peer.messages?.take(1, nowMs) ?? 0, peer.bytes?.take(bytes, nowMs) ?? 0);
      if (delayMs === 0) return done(null);
      tally.throttled();
      // The parser reads on only after the callback: the device's own socket fills, nobody else's does.
      setTimeout(() => (client?.closed === true ? undefined : done(null)), delayMs).unref();
    },
    authorizeSubscribe(client, subscription, done) {
      const peer = peers.get(client.conn);
      const identity = peer?.identity;
      if (peer === undefined || identity == null) return done(null, null);
      if (maySubscribe(identity.name, identity.role, subscription.topic)) return done(null, subscription);
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
    const peer: Peer = { socket, raw, address, guard, identity: null, refused: false, messages: null, bytes: null };
    peers.set(socket, peer);
    guardReads(socket, guard, (problem) => cut(peer, 'packet-too-large', problem));
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
    if (isDenied(peer.identity)) cut(peer, 'denied', 'on the deny list');
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

  const cutDenied = (): void => {
    for (const { peer } of live.values())
      if (peer.identity !== null && isDenied(peer.identity))
        cut(peer, 'denied', locallyDenied.get(peer.identity.name) ?? 'on the deny list');
  };
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
      locallyDenied.set(name, reason);
      cutDenied();
    },
    allow: (name) => void locallyDenied.delete(name),
    stats: () => tally.stats(listeners, gate),
    onEvent: (listener: (event: BrokerEvent) => void) => tally.onEvent(listener),
    reloadTls: () => bound.forEach((listener) => listener.reloadTls()),
    close,
  };
}

/** aedes reads with `read(null)`; each chunk passes the guard before the parser may keep it. */
function guardReads(socket: Socket, guard: PacketGuard, onProblem: (problem: string) => void): void {
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    const problem = chunk instanceof Uint8Array ? guard.check(chunk) : null;
    if (problem === null) return chunk;
    onProblem(problem);
    return null;
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
  if (/keep alive timeout|ECONNRESET|EPIPE|ETIMEDOUT|connection closed|aborted|premature/i.test(error.message)) return null;
  return 'protocol';
}
