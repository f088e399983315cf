import { expect, it } from 'vitest';
import { signIn, testDevice, testFolder } from './testing/hub-fixture.js';
import { startHubProcess } from './testing/hub-process.js';

it('is killed in the middle of its work, comes back, and has every event once', async () => {
  const place = testFolder();
  let hub = await startHubProcess(place, 0);
  const { mqtt } = hub.ports;
  const device = await testDevice(`mqtt://127.0.0.1:${mqtt}`, { site: 'plant', device: 'press' }, place);
  try {
    let made = 0;
    const work = async (rounds: number): Promise<void> => {
      for (let i = 0; i < rounds; i++, made += 20) await device.parts(20);
    };
    for (let kill = 0; kill < 2; kill++) {
      await work(3);
      const goingOn = work(5);
      await new Promise((resolve) => setTimeout(resolve, 40 * kill));
      await hub.kill();
      await goingOn;
      hub = await startHubProcess(place, mqtt);
    }
    expect(await device.drained(60_000)).toBe(true);
    const api = await signIn(hub.ports.page);
    expect(await api.get('/api/devices/plant/press')).toMatchObject({
      verdicts: { pass: made * 0.9, reject: made * 0.1 },
      epochs: [{ highest: made, delivered: made, declared: 0, missing: 0, contiguous: true }],
    });
    expect(await hub.stop()).toBe(0);
  } finally {
    await device.uplink.close();
    await hub.kill();
    place.remove();
  }
}, 180_000);
