import { join } from 'node:path';
import { silentLogger, type Clock, type Logger, type Random, type WearableIdentity } from '@edge-blueprints/contracts';
import { connectMqtt } from '@edge-blueprints/telemetry';
import type { Radio } from './device/radio.js';
import { createWearable, type Wearable } from './device/wearable.js';
import type { WardPatient, WardSecond } from './patient/ward-patient.js';
import { createAcceleration } from './sensor/acceleration.js';
import type { WardOptions } from './ward-options.js';

/** A patient, the wearable on the chest, and the air between it and the broker. */
export interface WardBed {
  readonly patient: WardPatient;
  readonly wearable: Wearable;
  /** The second that ends at this moment; made, sent, and told as it truly was. */
  live(atMs: number): WardSecond;
  replay(elapsedMs: number): void;
  setLink(state: 'up' | 'cut' | 'silent'): Promise<void>;
  close(): Promise<void>;
}

export interface WardBedDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly newBoot: () => string;
  readonly log: Logger;
  readonly onConnected: (connected: boolean) => void;
}

export function createWardBed(options: WardOptions, patient: WardPatient, radio: Radio, deps: WardBedDeps): WardBed {
  const { character } = patient;
  const { clock, random, log } = deps;
  const identity: WearableIdentity = { site: options.site, ward: options.ward, device: character.device };
  const certificate = `${options.site}.${character.device}`;
  const tls =
    options.tls === undefined
      ? null
      : {
          caFile: join(options.tls, 'ca.crt'),
          certFile: join(options.tls, `${certificate}.crt`),
          keyFile: join(options.tls, `${certificate}.key`),
        };
  const wearable = createWearable(
    { identity, character, respirationEveryS: options.respirationSeconds, replayPerSecond: options.replayPerSecond },
    {
      clock,
      random: random.fork('late'),
      newBoot: deps.newBoot,
      onConnected: deps.onConnected,
      connect: ({ clientId, will }, handlers) =>
        connectMqtt(
          // The broker calls a silent link lost after one and a half of these.
          { url: radio.url, clientId, will, tls, cleanSession: true, keepaliveSeconds: 10 },
          { ...handlers, onMessage: () => undefined },
          {
            clock,
            random: random.fork('link'),
            log: silentLogger,
            limits: { reconnectBaseMs: 250, reconnectCapMs: 5_000, connectTimeoutMs: 10_000, publishTimeoutMs: 10_000 },
          },
        ),
    },
  );
  const acceleration =
    options.hz > 0 ? createAcceleration(character, random.fork('acceleration'), options.hz) : undefined;
  let byFault: 'up' | 'cut' | 'silent' = 'up';
  let off = false;
  let wanted = 'up';
  let batchedS = -1;
  const tune = (second: Pick<WardSecond, 'inRange'>): void => {
    const next = off || byFault === 'cut' ? 'cut' : byFault === 'silent' || !second.inRange ? 'silent' : 'up';
    if (next === wanted) return;
    wanted = next;
    radio
      .set(next)
      .catch((error: unknown) => log.warn('rig.ward-link', { device: character.device, reason: String(error) }));
  };
  return {
    patient,
    wearable,
    live(atMs) {
      const second = patient.step(atMs);
      // A batch is one second of acceleration, however many vital signs are sent in it.
      const atS = Math.floor(atMs / 1_000);
      const xyz = atS > batchedS ? acceleration?.(second.activity, second.vitals.respiration) : undefined;
      batchedS = atS;
      if (second.batteryPercent === 0) off = true;
      else if (off) {
        off = false;
        void wearable.reboot();
      }
      tune(second);
      if (!off) wearable.take(second, options.hz, xyz);
      return second;
    },
    replay: (elapsedMs) => wearable.replay(elapsedMs),
    async setLink(state) {
      byFault = state;
      tune({ inRange: true });
    },
    async close() {
      await wearable.close();
      await radio.close();
    },
  };
}
