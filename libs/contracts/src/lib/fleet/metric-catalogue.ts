/** `counter`: only grows. `gauge`: the last value. `histogram`: a distribution, merged without error, never averaged. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

export interface MetricDefinition {
  readonly kind: MetricKind;
  /** UCUM, as OpenTelemetry asks: `s`, `By`, `1` (a share from 0 to 1), `Cel`, `{part}`. */
  readonly unit: string;
  readonly description: string;
  /** Every attribute that may stand on it, with its values in words. */
  readonly attributes: Readonly<Record<string, string>>;
}

const model = { model: 'bundle and version', variant: 'variant of the bundle', provider: 'provider that really ran' };

/**
 * Every metric that a device or the hub tells. Names follow the OpenTelemetry semantic conventions where they have one
 * (`system.*`, `process.*`, `hw.*`, `nodejs.*`); the others start with `edge.` or `hub.`.
 */
export const metricCatalogue = {
  'edge.inference.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'The run of the model alone',
    attributes: model,
  },
  'edge.capture_to_act.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the capture to the act: the verdict at the PLC, or the count of a frame',
    attributes: model,
  },
  'edge.stage.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'One stage of the data path',
    attributes: { stage: 'transport, preprocess, infer, postprocess, decide, act' },
  },
  'edge.parts': {
    kind: 'counter',
    unit: '{part}',
    description: 'Parts with a verdict',
    attributes: { verdict: 'pass, reject, review, error' },
  },
  'edge.parts.abstained': {
    kind: 'counter',
    unit: '{part}',
    description: 'Parts that could not be judged',
    attributes: { code: 'why' },
  },
  'edge.defects': {
    kind: 'counter',
    unit: '{defect}',
    description: 'Defects that counted towards a reject',
    attributes: { label: 'class of the defect' },
  },
  'edge.overrules': {
    kind: 'counter',
    unit: '{part}',
    description: 'Verdicts that a person overruled; `pass` over a reject is a false reject',
    attributes: { verdict: 'pass, reject' },
  },
  'edge.drops': {
    kind: 'counter',
    unit: '{item}',
    description: 'What a bounded buffer let go',
    attributes: { cause: 'buffer and reason' },
  },
  'edge.input.brightness': {
    kind: 'histogram',
    unit: '1',
    description: 'Mean luma of the picture, 0 to 1',
    attributes: {},
  },
  'edge.input.contrast': {
    kind: 'histogram',
    unit: '1',
    description: 'Standard deviation of the luma, 0 to 1',
    attributes: {},
  },
  'edge.input.sharpness': {
    kind: 'histogram',
    unit: '1',
    description: 'Variance of the Laplacian of the luma',
    attributes: {},
  },
  'edge.drift.effect': {
    kind: 'gauge',
    unit: '1',
    description: 'Size of the drift against the bundle reference, in its threshold',
    attributes: { feature: 'watched feature' },
  },
  'edge.drift.alarms': { kind: 'gauge', unit: '{alarm}', description: 'Features that drift now', attributes: {} },
  'edge.line.state': {
    kind: 'gauge',
    unit: '1',
    description: '1 for the PackML state that holds',
    attributes: { state: 'PackML word' },
  },
  'edge.camera.state': {
    kind: 'gauge',
    unit: '1',
    description: '1 for the state of the camera that holds',
    attributes: { camera: 'name of the camera', state: 'seeing, slow, lost, moved, uncalibrated' },
  },
  'edge.camera.rate': {
    kind: 'gauge',
    unit: '{frame}/s',
    description: 'Frames of the camera that were looked at, a second',
    attributes: { camera: 'name of the camera' },
  },
  'edge.privacy.spent': {
    kind: 'gauge',
    unit: '1',
    description: 'Epsilon of the day that releases have spent',
    attributes: { metric: 'counts, visits, dwell, heat, queue, transitions' },
  },
  'edge.privacy.releases': {
    kind: 'counter',
    unit: '{release}',
    description: 'Releases made; what they count is in them, with its noise, and nowhere else',
    attributes: { metric: 'counts, visits, dwell, heat, queue, transitions' },
  },
  'edge.privacy.refusals': {
    kind: 'counter',
    unit: '{release}',
    description: 'Releases that the budget ledger refused',
    attributes: { code: 'why' },
  },
  'edge.plc.connected': { kind: 'gauge', unit: '1', description: '1 while the PLC is connected', attributes: {} },
  'edge.outbox.pending': {
    kind: 'gauge',
    unit: '{event}',
    description: 'Events that wait for the hub',
    attributes: { class: 'critical, business, metric' },
  },
  'edge.outbox.bytes': { kind: 'gauge', unit: 'By', description: 'Size of the outbox', attributes: {} },
  'edge.outbox.oldest.age': {
    kind: 'gauge',
    unit: 's',
    description: 'Age of the oldest waiting event',
    attributes: {},
  },
  'edge.outbox.declared_lost': {
    kind: 'gauge',
    unit: '{event}',
    description: 'Events declared as lost, since the outbox was made',
    attributes: { cause: 'of the gap record' },
  },
  'edge.uplink.connected': { kind: 'gauge', unit: '1', description: '1 while the broker is connected', attributes: {} },
  'edge.uplink.resent': {
    kind: 'gauge',
    unit: '{event}',
    description: 'Events sent again because no acknowledgement came, since the start',
    attributes: {},
  },
  'system.cpu.utilization': { kind: 'gauge', unit: '1', description: 'Share of all cores in use', attributes: {} },
  'system.memory.utilization': { kind: 'gauge', unit: '1', description: 'Share of the memory in use', attributes: {} },
  'system.filesystem.utilization': {
    kind: 'gauge',
    unit: '1',
    description: 'Share of the data disk in use',
    attributes: {},
  },
  'hw.temperature': {
    kind: 'gauge',
    unit: 'Cel',
    description: 'Where the kernel shows one',
    attributes: { sensor: 'name of the thermal zone or hwmon label' },
  },
  'hw.cpu.throttles': {
    kind: 'gauge',
    unit: '{event}',
    description: 'Thermal throttling of the cores since boot, where the kernel counts it',
    attributes: {},
  },
  'hw.accelerator.utilization': {
    kind: 'gauge',
    unit: '1',
    description: 'Where a driver shows one',
    attributes: { device: 'name of the device' },
  },
  'process.cpu.utilization': { kind: 'gauge', unit: '1', description: 'Cores in use by this process', attributes: {} },
  'process.memory.usage': { kind: 'gauge', unit: 'By', description: 'Resident memory of this process', attributes: {} },
  'nodejs.eventloop.delay.p99': { kind: 'gauge', unit: 's', description: 'Of the last interval', attributes: {} },
  'hub.ingest.events': { kind: 'counter', unit: '{event}', description: 'Events that were committed', attributes: {} },
  'hub.ingest.duplicates': {
    kind: 'counter',
    unit: '{event}',
    description: 'Events that came again and were ignored',
    attributes: {},
  },
  'hub.ingest.quarantined': {
    kind: 'counter',
    unit: '{event}',
    description: 'Events that were set aside',
    attributes: { code: 'why' },
  },
  'hub.ingest.batches.refused': {
    kind: 'counter',
    unit: '{batch}',
    description: 'Payloads that were no batch',
    attributes: { code: 'why' },
  },
  'hub.ingest.commit.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'One commit of the store',
    attributes: {},
  },
  'hub.devices': {
    kind: 'gauge',
    unit: '{device}',
    description: 'Devices by health',
    attributes: { health: 'ok, degraded, alarm, stale, offline, revoked' },
  },
  'hub.devices.incomplete': {
    kind: 'gauge',
    unit: '{device}',
    description: 'Devices with an undeclared hole; must be 0',
    attributes: {},
  },
  'hub.alerts.open': {
    kind: 'gauge',
    unit: '{alert}',
    description: 'Alerts nobody has cleared',
    attributes: { severity: 'warning, alarm' },
  },
  'hub.labels.open': { kind: 'gauge', unit: '{part}', description: 'Parts that wait for a person', attributes: {} },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof metricCatalogue;
type OfKind<K extends MetricKind> = {
  [N in MetricName]: (typeof metricCatalogue)[N]['kind'] extends K ? N : never;
}[MetricName];
export type CounterName = OfKind<'counter'>;
export type GaugeName = OfKind<'gauge'>;
export type HistogramName = OfKind<'histogram'>;
