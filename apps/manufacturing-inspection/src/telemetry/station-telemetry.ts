import type {
  DeliveryClass,
  FleetEventData,
  FleetEventType,
  Logger,
  PartRecord,
  UplinkView,
} from '@edge-blueprints/contracts';
import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { DeviceHealth, Metrics, TelemetryEvent } from '@edge-blueprints/telemetry';
import type { InspectedPart } from '../judgement.js';
import { createDropCounter } from './drop-counter.js';
import { partInspected, partOverruled } from './part-events.js';
import { measurePart } from './part-metrics.js';

/** The way to the hub as the station needs it. */
export interface StationUplink {
  /** @throws DeviceError when the event could not be stored */
  append<T extends FleetEventType>(event: TelemetryEvent<T>): Promise<unknown>;
  view(): Promise<UplinkView>;
  close(): Promise<void>;
}

export interface StationTelemetry {
  /** Counts and sends a part; returns at once and never throws. */
  sawPart(record: PartRecord, part: InspectedPart): void;
  overruled(record: PartRecord): void;
  emit<T extends FleetEventType>(type: T, deliveryClass: DeliveryClass, data: FleetEventData<T>): void;
  readonly metrics: Metrics;
  /** Null without a hub. As it was at most a second ago. */
  uplink(): UplinkView | null;
  /** Events that the outbox did not take, by the code of the fault. */
  drops(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

const viewEveryMs = 1_000;
/** Events on their way into the outbox: a disk that stands still must not fill the memory. */
const maxOpen = 1_000;

/** Everything that the station tells about itself: metrics for whoever scrapes, events and reports for the hub. */
export function createStationTelemetry(options: {
  readonly metrics: Metrics;
  readonly health: DeviceHealth;
  readonly uplink: StationUplink | undefined;
  /** How often the machine is looked at and a report is made, ms. */
  readonly reportEveryMs: number;
  /** Gauges and totals of the station, taken with each report. */
  readonly observe: (metrics: Metrics) => Readonly<Record<string, number>>;
  readonly log: Logger;
}): StationTelemetry {
  const { metrics, uplink, log } = options;
  const drops: Record<string, number> = {};
  const countDrops = createDropCounter(metrics);
  let view: UplinkView | null = null;
  const open = new Set<Promise<unknown>>();
  const settle = (work: Promise<unknown>): void => {
    open.add(work);
    void work.finally(() => open.delete(work));
  };

  const count = (code: string, type: string, message: string): void => {
    if (drops[code] === undefined) log.error('telemetry.not-stored', { type, code, message });
    drops[code] = (drops[code] ?? 0) + 1;
  };
  const emit: StationTelemetry['emit'] = (type, deliveryClass, data) => {
    if (uplink === undefined) return;
    if (open.size >= maxOpen) return count('telemetry.queue-full', type, 'the disk does not keep up');
    settle(
      uplink
        .append({ type, deliveryClass, data })
        .catch((error: unknown) => count(errorCode(error), type, errorMessage(error))),
    );
  };
  const refresh = async (): Promise<void> => {
    if (uplink !== undefined) view = await uplink.view();
  };
  const report = async (): Promise<void> => {
    for (const { name, value, attributes } of await options.health.read()) metrics.set(name, value, attributes);
    countDrops({ ...options.observe(metrics), ...drops });
    if (view !== null) measureUplink(metrics, view);
    emit('edge-blueprints.metrics.v1', 'metric', await metrics.report());
  };
  const every = (ms: number, work: () => Promise<void>) => {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      settle(
        work()
          .catch((error: unknown) => log.warn('telemetry.report-failed', { message: errorMessage(error) }))
          .finally(() => (busy = false)),
      );
    }, ms);
    return () => clearInterval(timer);
  };
  const timers = [every(viewEveryMs, refresh), every(options.reportEveryMs, report)];

  return {
    sawPart: (record, part) => {
      const { decision } = part.act;
      measurePart(metrics, record, decision.kind === 'abstain' ? decision.code : undefined);
      if (part.act.trigger !== undefined)
        emit('edge-blueprints.part-inspected.v1', 'business', partInspected(record, decision.kind === 'abstain'));
    },
    overruled: (record) => {
      const data = partOverruled(record);
      if (data === undefined) return;
      metrics.add('edge.overrules', 1, { verdict: data.verdict });
      emit('edge-blueprints.part-overruled.v1', 'business', data);
      emit('edge-blueprints.audit.v1', 'critical', {
        who: data.by,
        action: `overrule to ${data.verdict}`,
        target: record.resultId,
        reason: data.reason,
      });
    },
    emit,
    metrics,
    uplink: () => view,
    drops: () => ({ ...drops }),
    close: async () => {
      timers.forEach((stop) => stop());
      await Promise.allSettled([...open]);
      options.health.close();
      await uplink?.close();
      await metrics.close();
    },
  };
}

function measureUplink(metrics: Metrics, view: UplinkView): void {
  for (const [name, value] of Object.entries(view.pending)) metrics.set('edge.outbox.pending', value, { class: name });
  metrics.set('edge.outbox.bytes', view.bytes);
  metrics.set('edge.outbox.oldest.age', (view.oldestAgeMs ?? 0) / 1_000);
  metrics.set('edge.outbox.declared_lost', view.declaredLost, { cause: 'all' });
  metrics.set('edge.uplink.connected', view.state === 'connected' ? 1 : 0);
  metrics.set('edge.uplink.resent', view.resent);
}
