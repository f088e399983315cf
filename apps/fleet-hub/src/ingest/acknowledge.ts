import type { Acknowledgement, DeviceIdentity } from '@edge-blueprints/contracts';
import type { DecodedBatch, RefusedEvent } from './decode-batch.js';
import { groupedBy } from './grouped-by.js';
import { rangesOf } from './number-ranges.js';

export interface DeviceAck {
  readonly identity: DeviceIdentity;
  readonly ack: Acknowledgement;
}

/**
 * What a device is told after the commit: its numbers, one acknowledgement an epoch. New and duplicate events alike are
 * accepted; a refused event without a legible number cannot be told.
 */
export function acksOf({ identity, events, refused }: DecodedBatch): readonly DeviceAck[] {
  const accepted = groupedBy(events, ({ epoch }) => epoch);
  const refusals = groupedBy(
    refused.flatMap(({ number, code }) => (number === null ? [] : [{ ...number, code }])),
    ({ epoch }) => epoch,
  );
  return [...new Set([...accepted.keys(), ...refusals.keys()])].map((epoch) => {
    const taken = new Set((accepted.get(epoch) ?? []).map(({ sequence }) => sequence));
    // A number that was accepted in the same batch must stay accepted.
    const left = (refusals.get(epoch) ?? []).filter(({ sequence }) => !taken.has(sequence));
    return {
      identity,
      ack: {
        epoch,
        accepted: rangesOf(taken).map(([from, to]) => [from, to]),
        refused: left.map(({ sequence, code }) => ({ sequence, code })),
      },
    };
  });
}

/** The batch without one event, which is set aside instead. */
export function withRefused(batch: DecodedBatch, code: string, problem: string): DecodedBatch {
  const refused: readonly RefusedEvent[] = batch.events.map((event) => ({
    number: { epoch: event.epoch, sequence: event.sequence },
    code,
    problem,
    raw: JSON.stringify(event),
  }));
  return { ...batch, events: [], refused: [...batch.refused, ...refused] };
}

/** Two batches with half of the events each; the refused ones stay with the first. */
export function halves(batch: DecodedBatch): readonly [DecodedBatch, DecodedBatch] {
  const middle = Math.ceil(batch.events.length / 2);
  return [
    { ...batch, events: batch.events.slice(0, middle) },
    { ...batch, events: batch.events.slice(middle), refused: [] },
  ];
}
