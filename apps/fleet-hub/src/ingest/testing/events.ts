import type {
  DriftAlarm,
  ExponentialHistogram,
  FleetEvent,
  FleetEventData,
  FleetEventType,
  GapRecord,
  LabelCandidate,
  MetricsReport,
  PartInspected,
  RetailRelease,
} from '@edge-blueprints/contracts';

export const testEpoch = '00000000000000e1';
export const testBoot = '00000000000000b1';
/** Hub time at which the test device's process began. */
export const testStartMs = Date.parse('2026-05-01T12:00:00.000Z');
export const testIdentity = { site: 'plant', device: 'press' };

export interface TestEventOptions {
  readonly site?: string;
  readonly device?: string;
  readonly epoch?: string;
  readonly boot?: string;
  /** Uptime of the device at the event, ms; the number times 100 where it is not given. */
  readonly uptimeMs?: number;
  readonly sentUptimeMs?: number;
  readonly skewMs?: number;
}

/** An event of `plant/press`, a right one where nothing else is asked for. */
export function testEvent<T extends FleetEventType>(
  type: T,
  sequence: number,
  data: FleetEventData<T>,
  options: TestEventOptions = {},
): FleetEvent {
  const { site = testIdentity.site, device = testIdentity.device, epoch = testEpoch, skewMs = 0 } = options;
  const { uptimeMs = sequence * 100, sentUptimeMs = 600_000 } = options;
  const iso = (ms: number): string => new Date(testStartMs + ms + skewMs).toISOString();
  return {
    specversion: '1.0',
    id: `${epoch}-${sequence}`,
    source: `/edge/${site}/${device}`,
    type,
    time: iso(uptimeMs),
    datacontenttype: 'application/json',
    epoch,
    sequence,
    boot: options.boot ?? testBoot,
    uptimems: uptimeMs,
    senttime: iso(sentUptimeMs),
    sentuptimems: sentUptimeMs,
    deliveryclass: type === 'edge-blueprints.metrics.v1' ? 'metric' : 'business',
    simulated: true,
    data,
  };
}

export const partEvent = (sequence: number, data: Partial<PartInspected> = {}, options: TestEventOptions = {}) =>
  testEvent(
    'edge-blueprints.part-inspected.v1',
    sequence,
    {
      resultId: `r-${sequence}`,
      partId: `p-${sequence}`,
      productId: 'board',
      verdict: 'pass',
      reason: '',
      reasonCode: 0,
      abstained: false,
      scores: {},
      captureToActMs: 20,
      modelRunMs: 10,
      bundleVersion: '1.0.0',
      variant: 'int8',
      provider: 'cpu',
      ...data,
    },
    options,
  );

/** Ten values of 0.02 s in one bucket. */
export const testHistogram: ExponentialHistogram = {
  scale: 3,
  zeroCount: 0,
  offset: -46,
  counts: [10],
  sum: 0.2,
  min: 0.02,
  max: 0.02,
};

export const metricsEvent = (sequence: number, data: Partial<MetricsReport> = {}, options: TestEventOptions = {}) =>
  testEvent(
    'edge-blueprints.metrics.v1',
    sequence,
    {
      intervalMs: 10_000,
      gauges: [
        { name: 'edge.outbox.pending', attributes: { class: 'business' }, value: sequence },
        { name: 'system.cpu.utilization', attributes: {}, value: 0.25 },
      ],
      counters: [{ name: 'edge.parts', attributes: { verdict: 'pass' }, increment: 3 }],
      histograms: [
        {
          name: 'edge.inference.duration',
          attributes: { model: 'board 1.0.0', variant: 'int8', provider: 'cpu' },
          unit: 's',
          ...testHistogram,
        },
      ],
      ...data,
    },
    options,
  );

export const gapEvent = (sequence: number, data: Partial<GapRecord>, options: TestEventOptions = {}) =>
  testEvent(
    'edge-blueprints.gap.v1',
    sequence,
    {
      epoch: options.epoch ?? testEpoch,
      ranges: [[1, 1]],
      cause: 'evicted-bytes',
      lost: { critical: 0, business: 1, metric: 0 },
      ...data,
    },
    options,
  );

export const alarmEvent = (sequence: number, data: Partial<DriftAlarm> = {}, options: TestEventOptions = {}) =>
  testEvent(
    'edge-blueprints.drift-alarm.v1',
    sequence,
    {
      alarm: 'a-1',
      state: 'raised',
      feature: 'brightness',
      explanation: 'Brightness fell by 12 %.',
      since: '2026-05-01T11:00:00.000Z',
      sinceResultId: null,
      pValue: 0.001,
      effectName: 'shift',
      effect: 0.5,
      examples: [],
      ...data,
    },
    options,
  );

export const labelEvent = (sequence: number, data: Partial<LabelCandidate> = {}, options: TestEventOptions = {}) =>
  testEvent(
    'edge-blueprints.label-candidate.v1',
    sequence,
    {
      resultId: `r-${sequence}`,
      partId: `p-${sequence}`,
      verdict: 'reject',
      score: 0.9,
      stratum: 'reject',
      inclusionProbability: 0.5,
      bundleVersion: '1.0.0',
      detections: [],
      pictures: [{ role: 'test', mime: 'image/webp', width: 2, height: 2, base64: 'AAEC' }],
      ...data,
    },
    options,
  );

export const releaseEvent = (sequence: number, data: Partial<RetailRelease> = {}, options: TestEventOptions = {}) =>
  testEvent(
    'edge-blueprints.retail-release.v1',
    sequence,
    {
      format: 'edge-retail-release/1',
      store: 'corner',
      metric: 'counts',
      windowFrom: '2026-05-01T10:00:00.000Z',
      windowTo: '2026-05-01T11:00:00.000Z',
      planRevision: 1,
      mechanism: 'discrete-laplace',
      epsilon: 0.35,
      sensitivity: 2,
      error95: 17,
      unit: 'people',
      minimum: 10,
      roundedTo: 5,
      coverage: 1,
      quality: 'good',
      qualityReasons: [],
      cells: [
        { key: 'entrance/in', value: 60 },
        { key: 'entrance/out', value: null },
      ],
      fragmentation: 1.8,
      ledger: { entry: sequence, hash: sequence.toString(16).padStart(64, '0') },
      simulated: true,
      ...data,
    },
    options,
  );
