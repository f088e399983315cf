import type { DriftFeature, HubDriftView } from '@edge-blueprints/contracts';

export type DriftDevice = HubDriftView['devices'][number];

/** Alarms that stand: the last word on each is not `cleared`. */
export function standingAlarms(device: Pick<DriftDevice, 'alarms'>): DriftDevice['alarms'] {
  const over = new Set(device.alarms.filter(({ state }) => state === 'cleared').map(({ alarm }) => alarm));
  return device.alarms.filter(({ state, alarm }) => state === 'raised' && !over.has(alarm));
}

/** Devices with alarms first, the most alarms first; the rest by name. */
export function orderDevices(devices: readonly DriftDevice[]): readonly DriftDevice[] {
  return [...devices].sort(
    (a, b) =>
      standingAlarms(b).length - standingAlarms(a).length ||
      drifting(b) - drifting(a) ||
      (`${a.site}/${a.device}` < `${b.site}/${b.device}` ? -1 : 1),
  );
}

const states = ['drifting', 'stable', 'warming-up'] as const;

/** What drifts first, then what comes nearest to its threshold. */
export function orderFeatures(features: readonly DriftFeature[]): readonly DriftFeature[] {
  return [...features].sort(
    (a, b) => states.indexOf(a.state) - states.indexOf(b.state) || effectShare(b) - effectShare(a),
  );
}

/** Size of the effect against its threshold; 1 is the threshold. */
export function effectShare({ effect, effectThreshold }: DriftFeature): number {
  return effectThreshold > 0 ? Math.abs(effect) / effectThreshold : 0;
}

function drifting(device: DriftDevice): number {
  return device.report.features.filter(({ state }) => state === 'drifting').length;
}
