import { fleetLimits, identitySource, type DeviceIdentity } from '@edge-blueprints/contracts';
import type { OutboxEntry } from '../outbox/outbox-port.js';

export interface BatchOrigin {
  readonly identity: DeviceIdentity;
  readonly epoch: string;
  /** Both clocks of the sender now, ms. */
  readonly sentEpochMs: number;
  readonly sentUptimeMs: number;
}

export interface WrittenBatch {
  readonly payload: Uint8Array;
  /** What is in it, in the order of the entries. */
  readonly numbers: readonly number[];
  /** Larger than any batch may be, alone: the hub can never have it. */
  readonly tooLarge: readonly number[];
}

/** Last instant that a time of four-digit years can hold; a clock that stands beyond is as wrong as one that stands there. */
const lastEpochMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function wallTime(epochMs: number): string {
  return new Date(Math.min(lastEpochMs, Math.max(0, epochMs || 0))).toISOString();
}

const wholeMs = (ms: number): number => Math.max(0, Math.round(ms));

/**
 * A JSON array of CloudEvents of as many entries as fit into `maxBytes`, at least one. `data` is put in as it was stored.
 * Entries that do not fit stay where they are.
 */
export function writeBatch(entries: readonly OutboxEntry[], origin: BatchOrigin, maxBytes: number): WrittenBatch {
  const source = JSON.stringify(identitySource(origin.identity));
  const sent = `"senttime":"${wallTime(origin.sentEpochMs)}","sentuptimems":${wholeMs(origin.sentUptimeMs)}`;
  const events: string[] = [];
  const numbers: number[] = [];
  const tooLarge: number[] = [];
  let bytes = 1;
  for (const entry of entries) {
    const event =
      `{"specversion":"1.0","id":"${origin.epoch}-${entry.sequence}","source":${source},"type":${JSON.stringify(entry.type)}` +
      `,"time":"${wallTime(entry.epochMs)}","datacontenttype":"application/json","epoch":"${origin.epoch}"` +
      `,"sequence":${entry.sequence},"boot":"${entry.boot}","uptimems":${wholeMs(entry.uptimeMs)},${sent}` +
      `,"deliveryclass":"${entry.deliveryClass}","simulated":${entry.simulated},"data":${entry.data}}`;
    const size = Buffer.byteLength(event) + 1;
    if (size + 1 > fleetLimits.batchBytes) {
      tooLarge.push(entry.sequence);
      continue;
    }
    if (events.length > 0 && (bytes + size > maxBytes || events.length >= fleetLimits.batchEvents)) break;
    events.push(event);
    numbers.push(entry.sequence);
    bytes += size;
  }
  return { payload: Buffer.from(`[${events.join(',')}]`), numbers, tooLarge };
}
