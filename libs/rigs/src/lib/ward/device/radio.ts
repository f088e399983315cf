import { UsageError, type Clock } from '@edge-blueprints/contracts';
import { createLinkProxy, type LinkProxy } from '../../link/link-proxy.js';

/** The air between one wearable and the broker. */
export interface Radio {
  /** Where this device connects to. */
  readonly url: string;
  /** `cut`: the connection is reset at once. `silent`: it stays, and nothing passes. */
  set(state: 'up' | 'cut' | 'silent'): Promise<void>;
  close(): Promise<void>;
}

/**
 * A relay of its own for each wearable, so that one of them may walk out of range.
 * @throws DeviceError `rig.listen`
 */
export async function openRadio(broker: string, clock: Clock): Promise<Radio> {
  const { protocol, hostname, port } = new URL(broker);
  const proxy: LinkProxy = await createLinkProxy({
    host: '127.0.0.1',
    port: 0,
    to: { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) },
    now: clock.monotonicMs,
    emit: () => undefined,
  });
  let state: 'up' | 'cut' | 'silent' = 'up';
  return {
    url: `${protocol}//127.0.0.1:${proxy.port}`,
    async set(next) {
      if (next === state) return;
      state = next;
      await proxy.set({ state: next === 'silent' ? 'blackhole' : next });
    },
    close: () => proxy.close(),
  };
}

/** Straight to the broker: nothing can be cut. */
export const directRadio = (broker: string): Radio => ({
  url: broker,
  async set(state) {
    if (state === 'up') return;
    throw new UsageError(
      'rig.no-radio',
      'the ward runs without relays, so no link can be cut; start it with --radio on',
    );
  },
  close: async () => undefined,
});
