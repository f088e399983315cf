/** What one client may take of the server: without these, a few slow ones would keep all others out. */
export interface HttpLimits {
  /** From the connection, or from the last answer's end, until the headers are there. */
  readonly headersTimeoutMs: number;
  /** Until the request is there whole, body included; not less than `headersTimeoutMs`. */
  readonly requestTimeoutMs: number;
  /** How often the two above are looked at: what they say may take this much longer. */
  readonly checkEveryMs: number;
  /** Silence in both directions, also of a client that does not read its answer. More than the live channel's ping. */
  readonly idleTimeoutMs: number;
  readonly maxHeaderBytes: number;
  /** One connection more is closed unread. */
  readonly maxConnections: number;
}

export const defaultHttpLimits: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  checkEveryMs: 1_000,
  idleTimeoutMs: 120_000,
  maxHeaderBytes: 16_384,
  maxConnections: 256,
};
