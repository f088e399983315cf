import { fleetLimits } from '@edge-blueprints/contracts';

/** What one peer may cost before it is slowed down or cut off. Sizes in bytes, times in ms. */
export interface BrokerLimits {
  /** Whole packet of a peer that has proved its name. Checked on the length field, before anything is buffered. */
  readonly packetBytes: number;
  /** Whole packet before that: only a CONNECT is due, with a small Last Will. */
  readonly firstPacketBytes: number;
  /** Retained state of a device. */
  readonly statusBytes: number;
  /** Sessions and unfinished connections together. */
  readonly connections: number;
  /** Connections between TCP accept and CONNECT that are worked on at a time, in total and from one address. */
  readonly pending: number;
  readonly pendingPerAddress: number;
  /** Accepted sockets that wait for their turn; more are closed. */
  readonly waiting: number;
  /** New connections that are begun per second, and how many at once after a quiet time. */
  readonly connectsPerSecond: number;
  readonly connectsBurst: number;
  readonly handshakeTimeoutMs: number;
  /** From the end of the handshake to a complete CONNECT. */
  readonly connectTimeoutMs: number;
  /** A subscriber whose socket takes nothing for so long is disconnected, since others wait behind it. */
  readonly drainTimeoutMs: number;
  /** Largest keepalive that a client may ask for, and 0 ("never") is refused: a dead peer must be noticed. */
  readonly keepaliveSeconds: number;
  /** Quota of one device. Above it the broker reads the device's socket slower; nothing is lost. */
  readonly publishesPerSecond: number;
  readonly publishesBurst: number;
  readonly publishBytesPerSecond: number;
  readonly publishBytesBurst: number;
  /** Publishes of one connection that may wait for slow subscribers before its socket is read no further. */
  readonly inFlight: number;
  readonly inFlightBytes: number;
  /** So many takeovers of one name within the window mean two holders of one identity. */
  readonly cloneTakeovers: number;
  readonly cloneWindowMs: number;
  /** The connection that is up stays; new ones of that name are refused for so long. */
  readonly cloneHoldMs: number;
}

export const defaultBrokerLimits: BrokerLimits = {
  packetBytes: fleetLimits.batchBytes + 1_024,
  firstPacketBytes: 8_192,
  statusBytes: 4_096,
  connections: 12_000,
  pending: 256,
  pendingPerAddress: 128,
  waiting: 12_000,
  connectsPerSecond: 500,
  connectsBurst: 500,
  handshakeTimeoutMs: 10_000,
  connectTimeoutMs: 10_000,
  drainTimeoutMs: 30_000,
  keepaliveSeconds: 600,
  publishesPerSecond: 50,
  publishesBurst: 200,
  publishBytesPerSecond: 2_097_152,
  publishBytesBurst: 8_388_608,
  inFlight: 64,
  inFlightBytes: 1_048_576,
  cloneTakeovers: 3,
  cloneWindowMs: 60_000,
  cloneHoldMs: 30_000,
};
