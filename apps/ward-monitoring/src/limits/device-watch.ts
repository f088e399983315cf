import type { AlarmCondition, WearableState } from '@edge-blueprints/contracts';
import type { WardEvent } from '../ingest/ward-event.js';
import type { ContinuousParameter } from '../scores/observations/signal-window.js';
import type { Judgement } from '../signals/judge-quality.js';
import { signalNames, type WatchSettings } from './limit-settings.js';
import type { WatchWord } from './threshold-watch.js';

type Said = readonly (readonly [AlarmCondition, string, WatchWord])[];

/** Technical conditions of one device at a bed: probe, signal, battery, link, clock. The board says them once. */
export interface DeviceWatch {
  take(event: Extract<WardEvent, { kind: 'vital' }>, judgement: Judgement): Said;
  state(state: WearableState, receivedMs: number): Said;
  tick(nowMs: number, brokerLost: boolean): Said;
}

export interface DeviceWatchOptions {
  readonly device: string;
  readonly fromMs: number;
  readonly settings: WatchSettings;
}

/** A standstill that is seen in one sample only is not one. */
const standstillMs = 2_000;

interface Seen {
  heardMs: number;
  unusableMs: number | undefined;
  standstillMs: number | undefined;
}

export function createDeviceWatch({ device, fromMs, settings }: DeviceWatchOptions): DeviceWatch {
  const signals = new Map<ContinuousParameter, Seen>();
  let online = true;

  const source = (parameter: ContinuousParameter): string => `${device}/${parameter}`;
  const told = new Set<string>();
  /** What is false and was not said to be true is nothing to say; most samples say nothing. */
  const when = (condition: AlarmCondition, from: string, yes: boolean, text: () => string, onsetMs?: number): Said => {
    if (!yes && told.size === 0) return [];
    const key = `${condition} ${from}`;
    if (!yes && !told.delete(key)) return [];
    if (yes) told.add(key);
    const word: WatchWord = yes
      ? { state: 'true', ...(onsetMs === undefined ? {} : { onsetMs }), text: text() }
      : { state: 'false', text: `over: ${text()}` };
    return [[condition, from, word]];
  };

  return {
    take({ parameter, measuredMs, value, deviceClock }, { grade, reason }) {
      const seen = signals.get(parameter) ?? { heardMs: measuredMs, unusableMs: undefined, standstillMs: undefined };
      signals.set(parameter, seen);
      seen.heardMs = Math.max(seen.heardMs, measuredMs);
      const useless = reason === 'quality' || reason === 'no-value';
      seen.unusableMs = useless ? (seen.unusableMs ?? measuredMs) : undefined;
      seen.standstillMs = reason === 'standstill' ? (seen.standstillMs ?? measuredMs) : undefined;
      const { name, unit } = signalNames[parameter];
      const from = source(parameter);
      const still = seen.standstillMs !== undefined && measuredMs - seen.standstillMs >= standstillMs;
      const unusable = seen.unusableMs !== undefined && measuredMs - seen.unusableMs >= settings.unusableMs;
      // What cannot be used does not tell that a heart beats again.
      const known = grade !== 'unusable' || reason === 'standstill';
      return [
        ...when('lead-off', from, reason === 'lead-off', () => `${name}: sensor of ${device} is off`, measuredMs),
        ...when(
          'sensor-fault',
          from,
          reason === 'range',
          () => `${name} of ${device}: ${value ?? ''} ${unit} is not plausible`,
          measuredMs,
        ),
        ...when(
          'signal-unusable',
          from,
          unusable,
          () => `${name} of ${device}: signal cannot be used`,
          seen.unusableMs,
        ),
        ...(known
          ? when(
              'no-pulse-or-apnoea',
              from,
              still,
              () => `${name} 0 ${unit} with a good signal: no pulse, no breath, or a sensor fault`,
              seen.standstillMs,
            )
          : []),
        ...when(
          'clock-unsynchronised',
          device,
          deviceClock === 'ignored',
          () => `clock of ${device} is wrong; times of receipt are used`,
        ),
      ];
    },

    state(state, receivedMs) {
      online = state.online;
      const battery = state.batteryPercent;
      const critical = battery !== undefined && battery <= settings.batteryCriticalPercent;
      const low = battery !== undefined && battery <= settings.batteryLowPercent && !critical;
      return [
        ...when('device-link-lost', device, !online, () => `link to ${device} is lost`, receivedMs),
        ...(battery === undefined
          ? []
          : [
              ...when('battery-critical', device, critical, () => `battery of ${device} is almost empty`),
              ...when('battery-low', device, low, () => `battery of ${device} is low`),
            ]),
        ...(state.lead === undefined
          ? []
          : when('lead-off', device, state.lead === 'off', () => `sensor of ${device} is off`, receivedMs)),
      ];
    },

    tick(nowMs, brokerLost) {
      const never = signals.size === 0 && nowMs - fromMs >= settings.staleMs;
      const silent: string[] = [];
      for (const [parameter, { heardMs }] of signals)
        if (nowMs - heardMs >= settings.staleMs) silent.push(signalNames[parameter].name);
      // A lost link or broker is its own alarm; one cause sounds once.
      const isTold = !online || brokerLost;
      const isSilent = (never || silent.length > 0) && !isTold;
      return when(
        'data-stale',
        device,
        isSilent,
        () =>
          never ? `no data from ${device} since it came to the bed` : `no ${silent.sort().join(', ')} from ${device}`,
        nowMs - settings.staleMs,
      );
    },
  };
}
