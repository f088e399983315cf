import type { DriftFeature, FleetEventData } from '@edge-blueprints/contracts';
import { createExponentialHistogram } from '@edge-blueprints/pipeline';
import type { OutboxInput } from '@edge-blueprints/telemetry';
import type { DeviceCharacter } from './device-character.js';

export type SimulatedEvent = Pick<OutboxInput, 'type' | 'deliveryClass' | 'data'>;

const bundle = 'pcb-defects';
const labels = ['open', 'short', 'mousebite', 'spur', 'copper', 'pin-hole'] as const;

/** Latencies are right-skewed: log-normal around their median. */
const around = (of: DeviceCharacter, median: number): number => median * Math.exp(0.18 * of.random.normal());
const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

export function deviceInfo(of: DeviceCharacter): SimulatedEvent {
  const data: FleetEventData<'edge-blueprints.device-info.v1'> = {
    app: 'manufacturing-inspection',
    version: '0.1.0',
    target: of.target,
    bundle,
    bundleVersion: of.bundleVersion,
    variant: 'int8',
    provider: of.provider,
    pageUrl: null,
  };
  return { type: 'edge-blueprints.device-info.v1', deliveryClass: 'business', data };
}

export function partInspected(of: DeviceCharacter, part: number): SimulatedEvent {
  const { random } = of;
  const rejected = random.next() < of.rejectShare;
  const label = random.pick(labels);
  const runMs = around(of, of.runMs);
  const data: FleetEventData<'edge-blueprints.part-inspected.v1'> = {
    resultId: `${of.identity.device}-${part}`,
    partId: `PCB-${String(part).padStart(6, '0')}`,
    productId: `PRODUCT-${1 + (of.index % 5)}`,
    verdict: rejected ? 'reject' : 'pass',
    reason: rejected ? `${label} above its threshold` : 'no defect above its threshold',
    reasonCode: rejected ? 100 : 0,
    abstained: false,
    scores: rejected ? { [label]: round(0.6 + 0.4 * random.next()) } : {},
    captureToActMs: round(runMs + around(of, 22)),
    modelRunMs: round(runMs),
    bundleVersion: of.bundleVersion,
    variant: 'int8',
    provider: of.provider,
  };
  return { type: 'edge-blueprints.part-inspected.v1', deliveryClass: 'business', data };
}

/** A report of the interval; latencies are drawn from as many samples as there could have been parts. */
export function metricsReport(of: DeviceCharacter, intervalMs: number): SimulatedEvent {
  const { random } = of;
  const samples = Math.min(120, Math.max(1, Math.round(intervalMs / 1_000)));
  const run = createExponentialHistogram();
  const act = createExponentialHistogram();
  for (let i = 0; i < samples; i++) {
    const ms = around(of, of.runMs);
    run.record(ms / 1_000);
    act.record((ms + around(of, 22)) / 1_000);
  }
  const model = { model: `${bundle} ${of.bundleVersion}`, variant: 'int8', provider: of.provider };
  const rejects = Math.round(samples * of.rejectShare);
  const gauge = (name: string, value: number, attributes: Record<string, string> = {}) => ({
    name,
    attributes,
    value: round(value, 4),
  });
  const data: FleetEventData<'edge-blueprints.metrics.v1'> = {
    intervalMs,
    gauges: [
      gauge('system.cpu.utilization', 0.2 + 0.3 * random.next()),
      gauge('system.memory.utilization', 0.4 + 0.2 * random.next()),
      gauge('system.filesystem.utilization', 0.35 + (of.index % 50) / 200),
      gauge('hw.temperature', of.temperatureC + random.normal(), { sensor: 'cpu' }),
      gauge('edge.outbox.pending', 0, { class: 'business' }),
      gauge('edge.uplink.connected', 1),
      gauge('edge.plc.connected', 1),
    ],
    counters: [
      { name: 'edge.parts', attributes: { verdict: 'pass' }, increment: samples - rejects },
      { name: 'edge.parts', attributes: { verdict: 'reject' }, increment: rejects },
    ],
    histograms: [
      { name: 'edge.inference.duration', attributes: model, unit: 's', ...run.snapshot() },
      { name: 'edge.capture_to_act.duration', attributes: model, unit: 's', ...act.snapshot() },
    ],
  };
  return { type: 'edge-blueprints.metrics.v1', deliveryClass: 'metric', data };
}

/** Brightness of a picture, 0 to 1: where it fades, the window has moved by several reference deviations. */
export function driftReport(of: DeviceCharacter, fromMs: number, toMs: number): SimulatedEvent {
  const { random } = of;
  const watch = (feature: string, unit: string, mean: number, moved: number): DriftFeature => ({
    feature,
    unit,
    samples: 600,
    test: 'kolmogorov-smirnov',
    statistic: round(Math.min(0.9, 0.02 + 0.02 * random.next() + moved)),
    pValue: moved > 0 ? 1e-12 : round(0.05 + 0.95 * random.next()),
    effectName: 'psi',
    effect: round(moved > 0 ? 0.4 + random.next() : 0.02 * random.next()),
    effectThreshold: 0.25,
    referenceMean: mean,
    currentMean: round(mean * (1 - moved / 2) + 0.002 * random.normal(), 4),
    state: moved > 0 ? 'drifting' : 'stable',
    distribution: null,
  });
  const data: FleetEventData<'edge-blueprints.drift-report.v1'> = {
    bundle,
    bundleVersion: of.bundleVersion,
    windowFrom: new Date(fromMs).toISOString(),
    windowTo: new Date(toMs).toISOString(),
    parts: 600,
    falseAlarmsPerMonth: 1,
    features: [
      watch('brightness', '1', 0.42, of.drifts ? 0.5 : 0),
      watch('contrast', '1', 0.21, 0),
      watch('sharpness', '1', 0.08, 0),
      watch('score', '1', 0.12, of.drifts ? 0.2 : 0),
    ],
    estimatedAccuracy: null,
  };
  return { type: 'edge-blueprints.drift-report.v1', deliveryClass: 'business', data };
}

export function driftAlarm(of: DeviceCharacter, sinceMs: number): SimulatedEvent {
  const data: FleetEventData<'edge-blueprints.drift-alarm.v1'> = {
    alarm: `${of.identity.device}-brightness`,
    state: 'raised',
    feature: 'brightness',
    explanation: 'Brightness fell from 0.42 to 0.32; the pictures are darker than those of the bundle reference.',
    since: new Date(sinceMs).toISOString(),
    sinceResultId: null,
    pValue: 1e-12,
    effectName: 'psi',
    effect: 0.9,
    examples: [],
  };
  return { type: 'edge-blueprints.drift-alarm.v1', deliveryClass: 'critical', data };
}
