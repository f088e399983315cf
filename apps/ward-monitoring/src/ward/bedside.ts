import type { ReadingView, WearableState } from '@edge-blueprints/contracts';
import type { WardEvent } from '../ingest/ward-event.js';
import { implausible } from '../scores/news2/plausibility.js';
import type { ContinuousParameter } from '../scores/observations/signal-window.js';

/** The last thing that a sensor said of one signal. */
interface LastSample {
  readonly value: number;
  readonly measuredMs: number;
  readonly quality: number;
  readonly isPlausible: boolean;
  readonly leadOff: boolean;
}

/** What wearables said last, as the stations show it. Bounded by beds and devices of the ward. */
export interface Bedside {
  take(event: WardEvent): void;
  reading(bed: string, parameter: ContinuousParameter, nowMs: number, lost: boolean): ReadingView | undefined;
  device(device: string): WearableState | undefined;
  /** Another patient. */
  clear(bed: string): void;
}

const units: Readonly<Record<ContinuousParameter, string>> = {
  pulse: '/min',
  oxygenSaturation: '%',
  respiration: '/min',
};

export function createBedside(options: { readonly staleMs: number; readonly mostDevices: number }): Bedside {
  const samples = new Map<string, LastSample>();
  const devices = new Map<string, WearableState>();
  return {
    take(event) {
      if (event.kind === 'state') {
        if (devices.has(event.device) || devices.size < options.mostDevices)
          devices.set(event.device, { ...devices.get(event.device), ...event.state });
        return;
      }
      if (event.kind === 'acceleration' || event.bed === undefined || event.order === 'replayed') return;
      const { bed, parameter, value, measuredMs, quality, status } = event;
      if (status.some((one) => one === 'test' || one === 'demo' || one === 'calibrating')) return;
      const key = `${bed} ${parameter}`;
      const last = samples.get(key);
      if (last !== undefined && last.measuredMs > measuredMs) return;
      const leadOff = status.includes('lead-off');
      if (value !== undefined && !leadOff)
        samples.set(key, {
          value: Number(value),
          measuredMs,
          quality,
          isPlausible: implausible(parameter, value) === undefined,
          leadOff,
        });
      else if (last !== undefined) samples.set(key, { ...last, leadOff });
    },
    reading(bed, parameter, nowMs, lost) {
      const last = samples.get(`${bed} ${parameter}`);
      if (last === undefined) return undefined;
      const ageMs = Math.max(0, nowMs - last.measuredMs);
      const state =
        lost || last.leadOff ? 'lost' : ageMs >= options.staleMs ? 'stale' : last.isPlausible ? 'fresh' : 'implausible';
      return {
        state,
        value: last.value,
        word: null,
        unit: units[parameter],
        ageS: Math.floor(ageMs / 1_000),
        quality: last.quality,
      };
    },
    device: (device) => devices.get(device),
    clear(bed) {
      for (const key of [...samples.keys()]) if (key.startsWith(`${bed} `)) samples.delete(key);
    },
  };
}
