import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startBroker } from './testing/broker-fixture.js';
import { packetTypes, publishPacket } from './testing/raw-mqtt-client.js';

it('outlives a slow subscriber that goes away while thousands of messages wait for it', async () => {
  const fixture = await startBroker();
  const hub = await fixture.joinHub();
  hub.socket.pause();
  const join = (names: readonly string[]) => Promise.all(names.map((name) => fixture.join(`north.${name}`)));
  const each = 64;
  const large = Array.from({ length: 24 }, (_, index) => `large-${index}`);
  const small = Array.from({ length: 40 }, (_, index) => `small-${index}`);
  // These fill the sockets between the broker and the hub; what comes after them waits inside of the broker.
  const fillers = await join(large);
  for (const [index, device] of fillers.entries())
    for (let id = 1; id <= each; id += 1)
      device.send(publishPacket(`edge/v1/north/large-${index}/tlm`, Buffer.alloc(16_384, 0x20), { id }));
  const taken = (): number => fillers.reduce((sum, device) => sum + device.pending(packetTypes.puback), 0);
  const isFull = async (): Promise<boolean> => {
    const before = taken();
    // Several turns of the loop: one alone may pass before it looked at the sockets.
    for (let turn = 0; turn < 8; turn += 1) await delay(25);
    return before > 0 && taken() === before && before < large.length * each;
  };
  await expect.poll(isFull, { timeout: 10_000 }).toBe(true);
  const before = fixture.broker.stats().published.messages;
  const devices = await join(small);
  for (const [index, device] of devices.entries())
    device.send(
      Buffer.concat(
        Array.from({ length: each }, (_, id) =>
          publishPacket(`edge/v1/north/small-${index}/tlm`, Buffer.from('[1]'), { id: id + 1 }),
        ),
      ),
    );
  await expect
    .poll(() => fixture.broker.stats().published.messages, { timeout: 5_000 })
    .toBeGreaterThanOrEqual(before + small.length * each);
  const waiting = devices.filter((device) => device.pending(packetTypes.puback) < each).length;
  expect(waiting).toBeGreaterThan(small.length / 2);
  hub.destroy();
  // Nobody is left to wait for: all of them are done, one after the other and not each inside of the one before.
  for (const device of devices)
    await expect.poll(() => device.pending(packetTypes.puback), { timeout: 5_000 }).toBe(each);
  await fixture.end();
}, 20_000);
