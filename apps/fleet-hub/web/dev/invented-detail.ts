import { createRandom } from '@edge-blueprints/contracts';
import type {
  AlertView,
  AuditEntryView,
  DeviceDetailView,
  DeviceRowView,
  DriftFeature,
  HubDriftView,
  LabelTaskView,
} from '@edge-blueprints/contracts';

const iso = (agoMs: number): string => new Date(Date.now() - agoMs).toISOString();
const minute = 60_000;
const hour = 60 * minute;

export function inventedDevice(row: DeviceRowView, alerts: readonly AlertView[]): DeviceDetailView {
  const random = createRandom(row.device.length * 7919 + row.device.charCodeAt(row.device.length - 1));
  const points = 120;
  const at = Array.from({ length: points }, (_, n) => Math.round(Date.now() / 1000) - (points - n) * 60);
  const walk = (start: number, step: number, low: number, high: number): number[] => {
    let value = start;
    return at.map(() => (value = Math.max(low, Math.min(high, value + random.normal() * step))));
  };
  const hot = row.health !== 'ok';
  const latency = (name: string, count: number, p50Ms: number) => ({
    name,
    model: 'pcb-defects int8-640',
    provider: row.target === 'cpu' ? 'cpu' : 'tensorrt',
    count,
    p50Ms,
    p95Ms: count < 59 ? null : p50Ms * 1.18,
    p99Ms: count < 662 ? null : p50Ms * 1.6,
    maxMs: p50Ms * 2.2,
  });
  return {
    row,
    firstSeenAt: iso(41 * 24 * hour),
    online: row.health !== 'offline' && row.health !== 'revoked',
    boot: '9c41d07be2aa5513',
    version: '0.4.0',
    bundle: 'pcb-defects',
    variant: 'int8-640',
    provider: row.target === 'cpu' ? 'cpu' : 'tensorrt',
    pageUrl: 'http://127.0.0.1:4210/',
    clockSkewMs: hot ? 7_412 : 34,
    latencies: [
      latency('capture-to-act', 48_211, 9.4),
      latency('model-run', 48_211, 7.1),
      latency('preprocess', 412, 0.4),
    ],
    verdicts: { pass: 45_020, reject: 3_106, review: 71, error: 14 },
    rejectShare: { count: 3_106, of: 48_211, share: 0.0644, low: 0.0623, high: 0.0667 },
    series: [
      { name: 'system.cpu.utilization', unit: '1', at, values: walk(0.46, 0.04, 0.1, 0.98) },
      { name: 'system.memory.utilization', unit: '1', at, values: walk(0.61, 0.01, 0.4, 0.9) },
      { name: 'system.filesystem.utilization', unit: '1', at, values: walk(hot ? 0.93 : 0.55, 0.001, 0.1, 0.99) },
      { name: 'hw.temperature', unit: 'Cel', at, values: walk(hot ? 83 : 61, 1, 40, 95) },
      { name: 'edge.outbox.backlog', unit: '{event}', at, values: walk(4, 6, 0, 9_000).map(Math.round) },
      {
        name: 'edge.parts.rate',
        unit: '{part}/min',
        at,
        values: at.map((_, n) => (n % 40 === 7 ? null : 58 + random.integer(0, 5))),
      },
    ],
    epochs: [
      { epoch: '3f9ad1107c5be241', highest: 912_044, delivered: 912_044, declared: 0, missing: 0, contiguous: true },
      { epoch: 'b27c00d1e95f3a68', highest: 48_310, delivered: 48_101, declared: 209, missing: 0, contiguous: true },
    ],
    gaps: [
      { at: iso(9 * hour), from: 31_002, to: 31_180, cause: 'evicted-age' },
      { at: iso(26 * hour), from: 12_011, to: 12_040, cause: 'evicted-bytes' },
    ],
    alerts: alerts.filter((alert) => alert.site === row.site && alert.device === row.device),
  };
}

export function inventedAlerts(rows: readonly DeviceRowView[]): AlertView[] {
  const kinds = { alarm: 'drift', offline: 'offline', degraded: 'temperature', stale: 'stale' } as const;
  const open = rows
    .filter((row) => row.health !== 'ok' && row.health !== 'revoked')
    .slice(0, 60)
    .map((row, n): AlertView => {
      const kind = row.health === 'ok' || row.health === 'revoked' ? 'gap' : kinds[row.health];
      const taken = n % 4 === 3;
      return {
        id: n + 1,
        site: row.site,
        device: row.device,
        kind,
        severity: row.health === 'alarm' || row.health === 'offline' ? 'alarm' : 'warning',
        text: row.reason,
        raisedAt: iso((n + 1) * 7 * minute),
        clearedAt: null,
        acknowledgedBy: taken ? 'mira' : null,
        acknowledgedAt: taken ? iso(n * 5 * minute) : null,
        note: taken ? 'Switch of hall 3 is being replaced.' : null,
        outputs: [
          { output: 'webhook', state: 'sent', detail: '204 after 31 ms' },
          {
            output: 'e-mail',
            state: n % 5 === 1 ? 'failed' : 'sent',
            detail: n % 5 === 1 ? '421 try later' : '250 ok',
          },
          { output: 'syslog', state: n === 0 ? 'waiting' : 'sent', detail: '' },
        ],
      };
    });
  const first = rows[0];
  if (first === undefined) return open;
  const over = (id: number, kind: AlertView['kind'], text: string): AlertView => ({
    id,
    site: first.site,
    device: first.device,
    kind,
    severity: 'warning',
    text,
    raisedAt: iso(id * minute),
    clearedAt: iso((id - 300) * minute),
    acknowledgedBy: 'jonas',
    acknowledgedAt: iso((id - 100) * minute),
    note: 'Known, the disk was exchanged.',
    outputs: [{ output: 'webhook', state: 'sent', detail: '204' }],
  });
  return [...open, over(900, 'disk', 'disk 91% full'), over(1_400, 'gap', '30 events given up: store full')];
}

export function inventedDrift(rows: readonly DeviceRowView[]): HubDriftView {
  const random = createRandom(11);
  const bell = (centre: number, width: number, bins: number, total: number): number[] =>
    Array.from({ length: bins }, (_, n) => Math.round(total * Math.exp(-(((n - centre) / width) ** 2) / 2)));
  const features = (drifted: boolean): DriftFeature[] =>
    ['brightness', 'contrast', 'sharpness', 'embedding-distance', 'top-score', 'defects-per-part'].map((name, n) => {
      const off = drifted && n === 0;
      const warming = n === 5;
      return {
        feature: name,
        unit: n === 0 ? '{grey}' : '1',
        samples: warming ? 88 : 1_200,
        test: n === 5 ? 'chi-square' : 'ks',
        statistic: off ? 0.41 : 0.03,
        pValue: off ? 3.1e-18 : warming ? 0.44 : 0.05 + random.next() * 0.9,
        effectName: n === 5 ? 'cramers-v' : 'wasserstein',
        effect: off ? 0.31 : 0.012 + random.next() * 0.05,
        effectThreshold: 0.1,
        referenceMean: n === 0 ? 96.2 : 0.62,
        currentMean: off ? 118.4 : n === 0 ? 96.9 : 0.625,
        state: off ? 'drifting' : warming ? 'warming-up' : 'stable',
        distribution:
          n === 3
            ? null
            : {
                edges: Array.from({ length: 19 }, (_, i) => (n === 0 ? 60 + i * 4 : (i + 1) / 20)),
                reference: bell(9, 3, 20, 4_000),
                current: bell(off ? 14 : 9.2, off ? 2.4 : 3, 20, warming ? 9 : 120).map((v) =>
                  Math.max(0, v + random.integer(-6, 6)),
                ),
              },
      };
    });
  const devices = rows.slice(0, 24);
  return {
    devices: devices.map((row, n) => ({
      site: row.site,
      device: row.device,
      at: iso(2 * minute),
      report: {
        bundle: 'pcb-defects',
        bundleVersion: row.bundleVersion,
        windowFrom: iso(62 * minute),
        windowTo: iso(2 * minute),
        parts: 1_200,
        falseAlarmsPerMonth: 1,
        features: features(n === 2 || n === 17),
        estimatedAccuracy: { value: 0.962, low: 0.948, high: 0.974, samples: 1_200 },
      },
      alarms:
        n === 2 || n === 17
          ? [
              {
                alarm: `a${n}`,
                state: 'raised',
                feature: 'brightness',
                explanation:
                  'Brightness has moved up by 22.2 grey levels since 14:20: 96.2 in the reference, 118.4 now (KS, p = 3e-18; effect 0.31, threshold 0.10).',
                since: iso(74 * minute),
                sinceResultId: 'r-44120',
                pValue: 3.1e-18,
                effectName: 'wasserstein',
                effect: 0.31,
                examples: ['B00044120', 'B00044131', 'B00044139', 'B00044152'],
              },
            ]
          : [],
    })),
  };
}

export function inventedTasks(rows: readonly DeviceRowView[]): LabelTaskView[] {
  const random = createRandom(5);
  return Array.from({ length: 40 }, (_, n) => {
    const row = rows[(n * 13) % rows.length];
    const reject = n % 3 === 0;
    return {
      id: n + 1,
      site: row?.site ?? 'aachen',
      device: row?.device ?? 'line-01',
      at: iso((n + 1) * 4 * minute),
      candidate: {
        resultId: `r-${n}`,
        partId: `B000${44_120 + n * 7}`,
        verdict: reject ? 'reject' : 'pass',
        score: reject ? 0.81 : 0.07 + random.next() * 0.2,
        stratum: reject ? 'reject' : 'pass, sure',
        inclusionProbability: reject ? 0.25 : 0.004,
        bundleVersion: '1.4.0',
        detections: reject
          ? [
              {
                label: 'mousebite',
                classIndex: 2,
                score: 0.81,
                box: { xMin: 300, yMin: 268, xMax: 340, yMax: 300 },
                threshold: 0.5,
                provenance: 'bundle pcb-defects 1.4.0',
                counted: true,
              },
            ]
          : [],
      },
      pictures:
        n % 7 === 6
          ? []
          : [
              { role: 'test', width: 640, height: 640 },
              { role: 'template', width: 640, height: 640 },
            ],
      label: null,
    };
  });
}

/** Something like a board, as SVG: grows from the number of its task. */
export function inventedPicture(id: number, defect: boolean): string {
  const random = createRandom(id);
  const traces = Array.from({ length: 22 }, (_, n) => {
    const y = 36 + n * 26;
    const from = 20 + random.integer(0, 120);
    const to = 420 + random.integer(0, 200);
    return `<path d="M${from} ${y}H${to}"/><circle cx="${from}" cy="${y}" r="9"/><circle cx="${to}" cy="${y}" r="9"/>`;
  }).join('');
  const bite = defect ? '<circle cx="320" cy="278" r="8" fill="#24282c" stroke="none"/>' : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="640"><rect width="640" height="640" fill="#24282c"/><g stroke="#d8d8d8" stroke-width="8" fill="#d8d8d8">${traces}</g>${bite}</svg>`;
}

export function inventedAudit(): AuditEntryView[] {
  const acts = [
    ['mira', 'alert.acknowledge', 'alert 4', 'Switch of hall 3 is being replaced.'],
    ['jonas', 'label.set', 'label 118', 'good; corrects the station'],
    ['admin', 'device.revoke', 'graz/line-00412', 'Stolen from the workshop on Friday.'],
    ['aachen/line-00007', 'threshold.set', 'class 2', '0.50 to 0.45: two mousebites were found at the final test'],
    ['admin', 'user.add', 'jonas', 'operator'],
    ['mira', 'session.sign-in', 'mira', ''],
  ] as const;
  return Array.from({ length: 260 }, (_, n) => {
    const [who, action, target, detail] = acts[n % acts.length] ?? acts[0];
    return { id: 1_000 - n, at: iso((n + 1) * 11 * minute), who, action, target, detail };
  });
}
