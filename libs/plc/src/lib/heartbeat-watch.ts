export interface HeartbeatWatch {
  seen(value: number, atMs: number): void;
  /** True once, at the moment when the peer is found silent. */
  tick(atMs: number): boolean;
  /** The connection is known to be gone. */
  lost(): void;
  alive(): boolean;
  /** The next value of the own heartbeat, u16. */
  beat(): void;
  own(): number;
}

/** The peer lives while its heartbeat changes. The first value proves nothing: it may stand there since yesterday. */
export function createHeartbeatWatch(watchdogMs: number): HeartbeatWatch {
  let last: number | null = null;
  let changedAtMs: number | null = null;
  let own = 0;
  return {
    seen: (value, atMs) => {
      if (last !== null && value !== last) changedAtMs = atMs;
      last = value;
    },
    tick: (atMs) => {
      if (changedAtMs === null || atMs - changedAtMs <= watchdogMs) return false;
      changedAtMs = null;
      return true;
    },
    lost: () => {
      changedAtMs = null;
      last = null;
    },
    alive: () => changedAtMs !== null,
    beat: () => {
      own = (own + 1) & 0xffff;
    },
    own: () => own,
  };
}
