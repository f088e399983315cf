import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import { createLinkGate, type LinkGate, type LinkState } from './link-state.js';

export interface LinkCounts {
  /** Since the start. */
  readonly connections: number;
  readonly open: number;
  readonly refusedUpstream: number;
  readonly bytesToHub: number;
  readonly bytesToStation: number;
}

export interface LinkProxy {
  readonly port: number;
  set(state: LinkState): Promise<void>;
  counts(): LinkCounts;
  close(): Promise<void>;
}

export interface LinkProxyOptions {
  /** 0 takes a free port, which is kept through every cut. */
  readonly port: number;
  readonly host: string;
  readonly to: { readonly host: string; readonly port: number };
  readonly now: () => number;
  readonly emit: (event: Readonly<Record<string, unknown>>) => void;
}

/**
 * The network between a station and its hub: a TCP proxy that can be cut, silenced, slowed and made to flap.
 * @throws DeviceError `rig.port-in-use`, `rig.listen`
 */
export async function createLinkProxy(options: LinkProxyOptions): Promise<LinkProxy> {
  const { host, to, now, emit } = options;
  const pairs = new Set<AbortController>();
  const outbound = createLinkGate(now);
  const inbound = createLinkGate(now);
  const counts = { connections: 0, refusedUpstream: 0, bytesToHub: 0, bytesToStation: 0 };
  let port = options.port;
  let flapping: NodeJS.Timeout | undefined;

  const join = (near: Socket): void => {
    counts.connections += 1;
    const far = connect({ ...to, allowHalfOpen: true });
    const pair = new AbortController();
    pairs.add(pair);
    let reached = false;
    far.once('connect', () => (reached = true));
    const reset = (): void => {
      near.resetAndDestroy();
      far.resetAndDestroy();
      pairs.delete(pair);
      if (!reached) counts.refusedUpstream += 1;
    };
    for (const socket of [near, far]) socket.setNoDelay(true).on('error', () => undefined);
    pair.signal.addEventListener('abort', reset, { once: true });
    const both = [
      carry(near, far, outbound, pair.signal, (bytes) => (counts.bytesToHub += bytes)),
      carry(far, near, inbound, pair.signal, (bytes) => (counts.bytesToStation += bytes)),
    ];
    Promise.all(both).then(
      () => pairs.delete(pair),
      () => pair.abort(),
    );
  };
  const server: Server = createServer({ allowHalfOpen: true }, join);
  const listen = async (): Promise<void> => {
    server.listen(port, host);
    await once(server, 'listening').catch((error: unknown) => {
      const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      throw new DeviceError(
        inUse ? 'rig.port-in-use' : 'rig.listen',
        `Cannot listen on ${host}:${port}: ${errorMessage(error)}`,
        { cause: error },
      );
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) port = address.port;
  };
  const cut = async (): Promise<void> => {
    for (const pair of [...pairs]) pair.abort();
    if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const gates = (mode: Parameters<LinkGate['set']>[0]): void => {
    outbound.set(mode);
    inbound.set(mode);
  };
  const apply = async (state: Exclude<LinkState['state'], 'flap' | 'slow'>): Promise<void> => {
    gates(state === 'blackhole' ? 'held' : 'open');
    if (state === 'cut') await cut();
    else if (!server.listening) await listen();
    emit({ event: 'link', state });
  };
  const flap = (upMs: number, downMs: number, up: boolean): void => {
    flapping = setTimeout(
      () => void apply(up ? 'cut' : 'up').then(() => flapping && flap(upMs, downMs, !up)),
      up ? upMs : downMs,
    );
  };
  await listen();
  return {
    port,
    async set(state) {
      clearTimeout(flapping);
      flapping = undefined;
      if (state.state === 'flap') {
        await apply('up');
        flap(state.upMs, state.downMs, true);
      } else if (state.state === 'slow') {
        if (!server.listening) await listen();
        gates({ bytesPerSecond: state.bytesPerSecond });
        emit({ event: 'link', ...state });
      } else await apply(state.state);
    },
    counts: () => ({ ...counts, open: pairs.size }),
    async close() {
      clearTimeout(flapping);
      flapping = undefined;
      await cut();
    },
  };
}

/** One direction. An end is passed on as an end, a reset as a reset; both wait at a held gate like any byte. */
async function carry(
  from: Socket,
  to: Socket,
  gate: LinkGate,
  signal: AbortSignal,
  count: (bytes: number) => void,
): Promise<void> {
  try {
    for await (const chunk of from) {
      if (!Buffer.isBuffer(chunk)) continue;
      for (let at = 0; at < chunk.length;) {
        const piece = chunk.subarray(at, at + gate.piece());
        await gate.pass(piece.length, signal);
        at += piece.length;
        count(piece.length);
        if (!to.write(piece)) await once(to, 'drain', { signal });
      }
    }
    await gate.pass(0, signal);
    to.end();
  } catch (error) {
    await gate.pass(0, signal);
    throw error;
  }
}
