import { DeviceError, silentLogger, type UplinkView } from '@edge-blueprints/contracts';
import { createMetrics, type TelemetryEvent } from '@edge-blueprints/telemetry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { partRecord } from '../record/part-record.js';
import { aFrame, aJudgement, aTrigger } from '../testing/fakes.js';
import { createStationTelemetry } from './station-telemetry.js';

const view: UplinkView = {
  url: 'mqtt://hub',
  state: 'waiting',
  pending: { critical: 1, business: 20, metric: 3 },
  bytes: 1_000,
  maxBytes: 10_000,
  oldestAgeMs: 5_000,
  delivered: 7,
  declaredLost: 0,
  resent: 2,
  criticalFull: false,
  lastError: null,
};

function make(append: (event: TelemetryEvent) => Promise<unknown> = async () => undefined) {
  const events: TelemetryEvent[] = [];
  const metrics = createMetrics({ resource: {}, monotonicMs: () => Date.now() });
  const telemetry = createStationTelemetry({
    metrics,
    health: { read: async () => [{ name: 'system.cpu.utilization', value: 0.5 }], close: () => undefined },
    uplink: {
      append: (event) => (events.push(event), append(event)),
      view: async () => view,
      close: async () => undefined,
    },
    reportEveryMs: 10_000,
    observe: () => ({ 'frame.superseded': 4 }),
    log: silentLogger,
  });
  return { telemetry, events };
}

const decision = { kind: 'pass' as const };
const part = {
  frame: aFrame(),
  judgement: aJudgement(decision),
  act: {
    trigger: aTrigger(),
    decision,
    verdict: 'pass' as const,
    reason: 'pass',
    reasonCode: 0,
    outcome: { kind: 'published' as const, atMs: 1 },
    actMs: 1,
    atMs: 1,
  },
};
const record = partRecord(part, 'r-1', { station: 's', simulated: true, clockSynchronised: true, epochMs: () => 0 });

describe('station telemetry', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends a part as a business event, an overrule with its audit entry, and a report with the state of the machine', async () => {
    const { telemetry, events } = make();
    telemetry.sawPart(record, part);
    telemetry.overruled({
      ...record,
      overrule: { verdict: 'reject', reason: 'scratch', by: 'operator', at: '2026-01-01T00:00:00Z' },
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events.map(({ type, deliveryClass }) => `${type} ${deliveryClass}`)).toEqual([
      'edge-blueprints.part-inspected.v1 business',
      'edge-blueprints.part-overruled.v1 business',
      'edge-blueprints.audit.v1 critical',
      'edge-blueprints.metrics.v1 metric',
    ]);
    const text = await telemetry.metrics.prometheus();
    for (const line of [
      'system_cpu_utilization 0.5',
      'edge_outbox_pending{class="business"} 20',
      'edge_drops_total{cause="frame.superseded"} 4',
    ])
      expect(text).toContain(line);
    expect(telemetry.uplink()).toEqual(view);
    await telemetry.close();
  });

  it('sends no event for a frame that is no part', async () => {
    const { telemetry, events } = make();
    telemetry.sawPart(record, { ...part, act: { ...part.act, trigger: undefined } });
    await telemetry.close();
    expect(events).toEqual([]);
  });

  it('counts what the outbox does not take and never throws into the line', async () => {
    const { telemetry } = make(async () => {
      throw new DeviceError('outbox.disk', 'full');
    });
    for (let i = 0; i < 3; i++) telemetry.sawPart(record, part);
    await vi.advanceTimersByTimeAsync(0);
    expect(telemetry.drops()).toEqual({ 'outbox.disk': 3 });
    await telemetry.close();
  });

  it('holds a bounded number of events for a disk that stands still', async () => {
    const held: (() => void)[] = [];
    const { telemetry } = make(() => new Promise<void>((resolve) => held.push(resolve)));
    for (let i = 0; i < 1_200; i++) telemetry.sawPart(record, part);
    expect(telemetry.drops()).toEqual({ 'telemetry.queue-full': 200 });
    held.forEach((release) => release());
    await telemetry.close();
  });
});
