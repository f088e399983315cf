import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock } from '@edge-blueprints/contracts';
import type { BrokerLimits } from './broker-limits.js';
import type { BrokerEvent, DeniedIdentities, PublishRequest, RefusalReason, TopicRules } from './broker-port.js';
import type { PacketGuard } from './packet-guard.js';
import { believeClientId, type PeerIdentity, proveByCertificate, quote } from './peer-identity.js';
import type { ReadGate } from './read-gate.js';
import { createTakeoverWatch } from './takeover-watch.js';
import { createTokenBucket, type TokenBucket } from './token-bucket.js';

/** What is known about one connection. `identity` is null until it has been proved. */
export interface Peer {
  readonly socket: Socket;
  /** The accepted socket below TLS; the same one without. */
  readonly raw: Socket;
  readonly address: string;
  readonly guard: PacketGuard;
  readonly reads: ReadGate;
  identity: PeerIdentity | null;
  /** Set once it was counted as refused: what follows from our own cutting is no second refusal. */
  refused: boolean;
  /** Quotas of a device; null for a worker. */
  messages: TokenBucket | null;
  bytes: TokenBucket | null;
}

export interface Refusal {
  readonly reason: RefusalReason;
  readonly detail: string;
}

export interface ConnectRequest {
  readonly clientId: string;
  readonly will: PublishRequest | null;
}

/** Decides on a CONNECT, and gives the peer its name, its quotas and the full packet size. */
export interface Admission {
  decide(peer: Peer, request: ConnectRequest): Refusal | null;
  /** Why this name may not be connected, or null. */
  denial(identity: PeerIdentity): string | null;
  deny(name: string, reason: string): void;
  allow(name: string): void;
}

export function createAdmission(options: {
  readonly limits: BrokerLimits;
  readonly clock: Clock;
  readonly denied: DeniedIdentities | undefined;
  readonly rules: TopicRules;
  /** The connection of this name that is up, if any. */
  readonly live: (name: string) => Peer | undefined;
  readonly onEvent: (event: BrokerEvent) => void;
}): Admission {
  const { limits, clock } = options;
  const local = new Map<string, string>();
  const takeovers = createTakeoverWatch({
    takeovers: limits.cloneTakeovers,
    windowMs: limits.cloneWindowMs,
    holdMs: limits.cloneHoldMs,
  });

  const denial = ({ name, serialNumber }: PeerIdentity): string | null =>
    local.get(name) ?? (options.denied?.isDenied(name, serialNumber) === true ? `${name} is on the deny list` : null);

  const takeoverProblem = (name: string, peer: Peer): Refusal | null => {
    const previous = options.live(name);
    if (previous === undefined) return null;
    const nowMs = clock.monotonicMs();
    if (takeovers.held(name, nowMs))
      return { reason: 'clone', detail: `${name} is connected already and was taken over too often` };
    const cloned = takeovers.takeover(name, nowMs);
    const seen = { name, address: peer.address, previousAddress: previous.address };
    options.onEvent({ kind: 'takeover', ...seen });
    if (!cloned) return null;
    options.onEvent({ kind: 'cloned', ...seen });
    return {
      reason: 'clone',
      detail: `${name} was to be taken over ${limits.cloneTakeovers} times; two hold this identity`,
    };
  };

  return {
    denial,
    deny: (name, reason) => void local.set(name, reason),
    allow: (name) => void local.delete(name),
    decide(peer, { clientId, will }) {
      const proof =
        peer.socket instanceof TLSSocket ? proveByCertificate(peer.socket, clientId, clock) : believeClientId(clientId);
      if (!proof.ok) return proof;
      const { name, role } = proof.identity;
      peer.identity = proof.identity;
      const denied = denial(proof.identity);
      if (denied !== null) return { reason: 'denied', detail: denied };
      const problem = will === null ? null : options.rules.publishProblem(name, role, will, limits.statusBytes);
      if (will !== null && problem !== null)
        return { reason: 'will', detail: `Last Will to ${quote(will.topic)}: ${problem}` };
      const taken = takeoverProblem(name, peer);
      if (taken !== null) return taken;
      peer.guard.allow(limits.packetBytes);
      if (role === 'device') {
        peer.messages = createTokenBucket(limits.publishesPerSecond, limits.publishesBurst);
        peer.bytes = createTokenBucket(limits.publishBytesPerSecond, limits.publishBytesBurst);
      }
      return null;
    },
  };
}
