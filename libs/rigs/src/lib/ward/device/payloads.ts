import type { AccelerationBatch, VitalSample, WearableState } from '@edge-blueprints/contracts';
import { accelerationScale } from '../sensor/acceleration.js';
import type { Reading } from '../sensor/vital-sensor.js';

interface Key {
  readonly boot: string;
  readonly seq: number;
  readonly tDevMs: number;
}

export function vitalPayload(key: Key, { v, q, status }: Reading): string {
  const { boot, seq, tDevMs } = key;
  const sample: VitalSample = { boot, seq, tDevMs, v, q, status };
  return JSON.stringify(sample);
}

/** @param xyz int16 triplets; written little-endian whatever the machine is */
export function accelerationPayload(key: Key, hz: number, xyz: Int16Array): string {
  const bytes = Buffer.alloc(xyz.length * 2);
  for (let i = 0; i < xyz.length; i++) bytes.writeInt16LE(xyz[i] ?? 0, 2 * i);
  const batch: AccelerationBatch = { ...key, hz, scale: accelerationScale, xyz: bytes.toString('base64') };
  return JSON.stringify(batch);
}

export const statePayload = (state: WearableState): string => JSON.stringify(state);
