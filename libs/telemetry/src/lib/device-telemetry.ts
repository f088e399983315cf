import type { DeliveryClass, FleetEventData, FleetEventType, Logger, UplinkView } from '@edge-blueprints/contracts';
import { DeviceError, errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { DeviceHealth } from './metrics/device-health.js';
import { createDropCounter } from './metrics/drop-counter.js';
import type { Metrics } from './metrics/metrics-port.js';
import type { TelemetryEvent } from './uplink/open-telemetry-uplink.js';

/** The way to the hub as a device's own telemetry needs it. */
export interface DeviceUplink {
  /** @throws DeviceError when the event could not be stored */
  append<T extends FleetEventType>(event: TelemetryEvent<T>): Promise<unknown>;
  view(): Promise<UplinkView>;
  close(): Promise<void>;
}

/** What every kind of device tells about itself, besides the events that are its own. */
export interface DeviceTelemetry {
  /** Sends an event; returns at once and never throws. Without a hub it does nothing. */
  emit<T extends FleetEventType>(type: T, deliveryClass: DeliveryClass, data: FleetEventData<T>): void;
  /**
   * Sends an event for somebody who must know: resolves when it is stored as its class promises.
   * @throws DeviceError `outbox.*`, `telemetry.queue-full`: it is not, and was counted among the drops
   */
  store<T extends FleetEventType>(type: T, deliveryClass: DeliveryClass, data: FleetEventData<T>): Promise<void>;
  readonly metrics: Metrics;
  /** Null without a hub. As it was at most a second ago. */
  uplink(): UplinkView | null;
  /** Events that the outbox did not take, by the code of the fault. */
  drops(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface DeviceTelemetryOptions {
  readonly metrics: Metrics;
  readonly health: DeviceHealth;
  readonly uplink: DeviceUplink | undefined;
  /** How often the machine is looked at and a report is made, ms. */
  readonly reportEveryMs: number;
  /** Gauges of the device, set at each report. @returns its totals of what was dropped, by cause */
  readonly observe: (metrics: Metrics) => Readonly<Record<string, number>>;
  readonly log: Logger;
}

const viewEveryMs = 1_000;
/** Events on their way into the outbox: a disk that stands still must not fill the memory. */
const maxOpen = 1_000;

/** Metrics for whoever scrapes, events and reports for the hub. */
export function createDeviceTelemetry(options: DeviceTelemetryOptions): DeviceTelemetry {
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
  const append: DeviceTelemetry['store'] = async (type, deliveryClass, data) => {
    try {
      if (open.size >= maxOpen) throw new DeviceError('telemetry.queue-full', 'the disk does not keep up');
      await uplink?.append({ type, deliveryClass, data });
    } catch (error) {
      count(errorCode(error), type, errorMessage(error));
      throw error;
    }
  };
  const store: DeviceTelemetry['store'] = (type, deliveryClass, data) => {
    const stored = append(type, deliveryClass, data);
    settle(stored.catch(() => undefined));
    return stored;
  };
  const emit: DeviceTelemetry['emit'] = (type, deliveryClass, data) => {
    if (uplink !== undefined) store(type, deliveryClass, data).catch(() => undefined);
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
    emit,
    store,
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
