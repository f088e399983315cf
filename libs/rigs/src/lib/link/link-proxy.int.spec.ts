import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { systemClock } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLinkProxy } from './link-proxy.js';
import { linkStateSchema } from './link-state.js';

const closing: (() => Promise<unknown> | unknown)[] = [];
/** Long, for a machine that has other work; it returns as soon as it can. */
const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An echo behind the link, and a station's connection through it. */
async function setUp() {
  const ends: string[] = [];
  const echo = createServer((socket) => {
    socket.on('error', () => undefined).on('close', () => ends.push('closed'));
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const { port } = echo.address() as AddressInfo;
  const events: unknown[] = [];
  const link = await createLinkProxy({
    host: '127.0.0.1',
    port: 0,
    to: { host: '127.0.0.1', port },
    now: systemClock.monotonicMs,
    emit: (event) => events.push(event),
  });
  closing.push(
    () => echo.close(),
    () => link.close(),
  );
  const dial = async () => {
    const socket = connect(link.port, '127.0.0.1');
    const got = { text: '', state: 'open' };
    socket.on('data', (chunk: Buffer) => (got.text += chunk.toString()));
    socket.on('error', (error) => (got.state = error.message)).on('end', () => (got.state = 'ended'));
    closing.push(() => socket.destroy());
    await once(socket, 'connect');
    return { socket, got };
  };
  return { link, dial, ends, events };
}

const roundTrip = async ({ socket, got }: { socket: Socket; got: { text: string } }, text: string): Promise<void> => {
  socket.write(text);
  await eventually(() => expect(got.text).toContain(text));
};

describe('the link between station and hub', () => {
  it('carries both ways, passes the end on, and counts', async () => {
    const { link, dial, ends } = await setUp();
    const station = await dial();
    await roundTrip(station, 'hello');
    station.socket.end();
    await eventually(() => expect(station.got.state).toBe('ended'));
    await eventually(() => expect(ends).toEqual(['closed']));
    await eventually(() =>
      expect(link.counts()).toMatchObject({ connections: 1, open: 0, bytesToHub: 5, bytesToStation: 5 }),
    );
  });

  it('resets and refuses when cut, and takes the same port again', async () => {
    const { link, dial, ends } = await setUp();
    const station = await dial();
    await roundTrip(station, 'hello');
    await link.set({ state: 'cut' });
    await eventually(() => expect(station.got.state).toMatch(/ECONNRESET/));
    await eventually(() => expect(ends).toEqual(['closed']));
    await expect(dial()).rejects.toThrow(/ECONNREFUSED/);
    await link.set({ state: 'up' });
    await roundTrip(await dial(), 'again');
  });

  it('goes silent as a black hole: no data, no end, until it is up again', async () => {
    const { link, dial, ends } = await setUp();
    const staying = await dial();
    const leaving = await dial();
    await roundTrip(staying, 'a');
    await roundTrip(leaving, 'b');
    await link.set({ state: 'blackhole' });
    staying.socket.write('held');
    leaving.socket.resetAndDestroy();
    // A new connection is taken and gets no answer either.
    const late = await dial();
    late.socket.write('late');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ends).toEqual([]);
    expect([staying.got, late.got]).toEqual([
      { text: 'a', state: 'open' },
      { text: '', state: 'open' },
    ]);
    await link.set({ state: 'up' });
    await eventually(() => expect(staying.got.text).toBe('aheld'));
    await eventually(() => expect(late.got.text).toBe('late'));
    await eventually(() => expect(ends).toEqual(['closed']));
  });

  it('is as slow as told', async () => {
    const { link, dial } = await setUp();
    await link.set({ state: 'slow', bytesPerSecond: 20_000 });
    const started = systemClock.monotonicMs();
    await roundTrip(await dial(), 'x'.repeat(10_000));
    // Half a second there; the way back overlaps.
    expect(systemClock.monotonicMs() - started).toBeGreaterThan(480);
    await link.set({ state: 'up' });
    await roundTrip(await dial(), 'y'.repeat(100_000));
  });

  it('flaps', async () => {
    const { link, events } = await setUp();
    await link.set({ state: 'flap', upMs: 20, downMs: 20 });
    await eventually(() => expect(events.length).toBeGreaterThan(4));
    expect(events.slice(0, 4)).toEqual(['up', 'cut', 'up', 'cut'].map((state) => ({ event: 'link', state })));
    await link.set({ state: 'up' });
  });

  it('names what is wrong with a command', () => {
    expect(linkStateSchema.safeParse({ state: 'slow' }).success).toBe(false);
    expect(linkStateSchema.safeParse({ state: 'sideways' }).success).toBe(false);
    expect(linkStateSchema.safeParse({ state: 'cut', bytesPerSecond: 1 }).success).toBe(false);
  });
});
