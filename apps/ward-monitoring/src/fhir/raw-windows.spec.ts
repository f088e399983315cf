import { expect, it } from 'vitest';
import type { WardEvent } from '../ingest/ward-event.js';
import { createRawWindows } from './raw-windows.js';

const stay = { site: 'north', ward: 'w3', bed: 'bed/07', stay: 's-0' } as const;
const minuteMs = 60_000;

function open(mostPieces = 100) {
  const windows = createRawWindows({ reachMs: 10 * minuteMs, graceMs: 10_000, mostPieces });
  let seq = 0;
  const sample = (atMs: number, value: string | undefined, more: Partial<WardEvent & { kind: 'vital' }> = {}): void =>
    windows.take(
      {
        ...{
          kind: 'vital',
          parameter: 'oxygenSaturation',
          device: 'w-1',
          bed: stay.bed,
          id: `w-1/b1/${seq}`,
          seq: seq++,
        },
        ...{ receivedMs: atMs, measuredMs: atMs, deviceMs: atMs, order: 'live', deviceClock: 'good' },
        ...{ quality: 90, status: [], ...(value === undefined ? {} : { value }), ...more },
      },
      stay,
    );
  return { windows, sample };
}

it('keeps every sample of the ten minutes before and after an alarm, each once, and nothing else', () => {
  const { windows, sample } = open();
  const found = [];
  for (let atMs = 0; atMs < 60 * minuteMs; atMs += 1_000) {
    sample(atMs, atMs % 7_000 === 0 ? undefined : '95');
    if (atMs === 30 * minuteMs || atMs === 32 * minuteMs) windows.alarm(stay.bed, atMs);
    if (atMs === 31 * minuteMs) windows.alarm('bed/99', atMs);
    found.push(...windows.due(atMs));
  }
  // 20 to 42 minutes in whole pieces of five.
  expect(found.map(({ startMs }) => startMs / minuteMs)).toEqual([20, 25, 30, 35, 40]);
  expect(found.every(({ values }) => values.length === 300)).toBe(true);
  expect(found[0]).toMatchObject({
    fromSeq: 1_200,
    toSeq: 1_499,
    signal: 'spo2',
    intervalMs: 1_000,
    endMs: 25 * minuteMs,
  });
  expect(found[0]?.values.slice(0, 8)).toEqual([95, 95, 95, 95, null, 95, 95, 95]);
  expect(windows.rest(60 * minuteMs)).toEqual([]);
});

it('gives what is open at the end as far as it is, and gives up the oldest beyond its bound', () => {
  const { windows, sample } = open(1);
  sample(1_000, '90');
  windows.alarm(stay.bed, 2_000);
  sample(2_000, '91', { status: ['test'] });
  expect(windows.dropped).toBe(1);
  const [only, ...more] = windows.rest(3_000);
  expect(more).toEqual([]);
  expect(only).toMatchObject({ values: [null, null, 91], statuses: ['test'], startMs: 0, endMs: 3_000 });
});
