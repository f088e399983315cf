// A TCP way that delays, stalls as lost packets make it stall, or holds everything without telling anybody. Bytes stay in order.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Random } from '@edge-blueprints/contracts';

export interface RoughLink {
  readonly port: number;
  /** `rough`: up to 500 ms more for each piece, and 30 % of them wait for a second or third sending. `held`: nothing passes. */
  set(mode: 'clear' | 'rough' | 'held'): void;
  close(): Promise<void>;
}

const retransmitMs = 200;

export async function openRoughLink(toPort: number, random: Random): Promise<RoughLink> {
  let mode: Parameters<RoughLink['set']>[0] = 'clear';
  let wake: (() => void)[] = [];
  const sockets = new Set<Socket>();
  const delayMs = (): number => {
    if (mode !== 'rough') return 0;
    let ms = random.next() * 500;
    for (let again = retransmitMs; random.next() < 0.3 && again < 2_000; again *= 2) ms += again;
    return ms;
  };
  const carry = (from: Socket, to: Socket): void => {
    let last = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      const arriveMs = performance.now() + delayMs();
      last = last.then(async () => {
        const early = arriveMs - performance.now();
        if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
        while (mode === 'held' && !to.destroyed) await new Promise<void>((resolve) => wake.push(resolve));
        if (!to.destroyed) to.write(chunk);
      });
    });
    from.on('close', () => void last.then(() => to.destroy()));
    from.on('error', () => undefined);
  };
  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.setNoDelay(true));
    near.on('close', () => sockets.delete(near));
    far.on('close', () => sockets.delete(far));
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const release = (): void => {
    const waiting = wake;
    wake = [];
    for (const go of waiting) go();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    set(next) {
      mode = next;
      release();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      release();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
