// Wearables by hand: what each says next is the test's choice.
import {
  createRandom,
  silentLogger,
  systemClock,
  wearableTopic,
  type WearableChannel,
} from '@edge-blueprints/contracts';
import { connectMqtt } from '@edge-blueprints/telemetry';
import { deviceOf, site, ward } from './faulty-ward.js';

export interface HandDevices {
  /** Each beat sends these values for each device. */
  readonly values: { spo2: number; pulse: number }[];
  connected(): boolean;
  raw(topic: string, payload: string | Uint8Array, retain?: boolean): Promise<void>;
  close(): Promise<void>;
}

/** One connection for all of them: fit for a broker that does not ask who speaks. */
export function openHandDevices(port: number, count: number, everyMs: number): HandDevices {
  const values = Array.from({ length: count }, () => ({ spo2: 97, pulse: 75 }));
  const seqs = values.map(() => 0);
  const link = connectMqtt(
    {
      ...{ url: `mqtt://127.0.0.1:${port}`, tls: null, clientId: 'by-hand', will: null },
      ...{ cleanSession: true, keepaliveSeconds: 10 },
    },
    { onConnect: () => undefined, onDisconnect: () => undefined, onMessage: () => undefined },
    {
      clock: systemClock,
      random: createRandom(3),
      log: silentLogger,
      limits: { reconnectBaseMs: 100, reconnectCapMs: 500 },
    },
  );
  const say = (index: number, channel: WearableChannel, v: number): void => {
    const sample = { boot: 'hand', seq: seqs[index] ?? 0, tDevMs: Date.now(), v, q: 95, status: [] };
    seqs[index] = sample.seq + 1;
    const topic = wearableTopic({ site, ward, device: deviceOf(index + 1) }, channel);
    link.publish(topic, Buffer.from(JSON.stringify(sample)), { retain: false }).catch(() => undefined);
  };
  const timer = setInterval(() => {
    for (const [index, { spo2, pulse }] of values.entries()) {
      say(index, 'spo2', spo2);
      say(index, 'hr', pulse);
    }
  }, everyMs);
  return {
    values,
    connected: link.connected,
    raw: (topic, payload, retain = false) => link.publish(topic, Buffer.from(payload), { retain }),
    async close() {
      clearInterval(timer);
      await link.close();
    },
  };
}
