import { expect, it } from 'vitest';
import type { ConditionInput } from '../alarms/engine-input.js';
import type { BedRecordState } from '../scores/observations/bed-record.js';
import { createMemoryTrail } from '../testing/memory-trail.js';
import type { AdvisoryLane, AdvisoryOutcome } from './advisory-lane.js';
import { createWardAdvisories } from './ward-advisories.js';

type Heard = Omit<ConditionInput, 'kind' | 'atMs'>;

/** @param probabilities of one minute after the other; `off`: the lane was switched off; undefined: it does not know this window */
function ward(probabilities: readonly (number | 'off' | undefined)[]) {
  let nowMs = 0;
  let asked = 0;
  const heard: Heard[] = [];
  const trail = createMemoryTrail();
  const record: BedRecordState = {
    bed: 'bed/07',
    startedMs: 0,
    scale: 1,
    measured: [['temperature', { value: '39.1', atMs: 5, observation: 'm' }]],
  };
  const windows: number[] = [];
  const lane: AdvisoryLane = {
    modelDigest: 'a'.repeat(64),
    disabled: undefined,
    counts: { judged: 0, raised: 0, outOfRange: 0 },
    judge(subject, window) {
      windows.push(window.temperature[0] ?? 0, window.pulse[0] ?? 0);
      const probability = probabilities[asked];
      asked += 1;
      const input = { subject, condition: 'model-advisory' as const, priority: 'PL' as const, text: '', facts: {} };
      const outcome: AdvisoryOutcome =
        typeof probability !== 'number'
          ? {
              kind: 'silent',
              why: probability === 'off' ? 'disabled' : 'out-of-range',
              detail: 'two answers',
              input: { ...input, state: 'unknown' },
            }
          : {
              kind: 'advice',
              view: { probability, raised: probability > 0.5, model: 'm', base: 0.1, explanation: [] },
              occlusion: [],
              input: { ...input, state: probability > 0.5 ? 'true' : 'false' },
            };
      return Promise.resolve(outcome);
    },
  };
  const advisories = createWardAdvisories({
    ...{ lane, trail, records: () => [record], now: () => nowMs },
    alarms: { sense: (input) => void heard.push(input) },
  });
  const minute = async (): Promise<void> => {
    nowMs += 60_000;
    advisories.tick();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { advisories, heard, trail, windows, minute };
}

it('tells the alarm desk what the model raises and takes back, and of silence only while something is raised', async () => {
  const { advisories, heard, trail, minute } = ward([0.2, undefined, 0.9, undefined, 0.8, 0.1, 0.1]);
  const said: string[] = [];
  for (let i = 0; i < 7; i += 1) {
    await minute();
    said.push(heard.splice(0).map(({ state }) => state)[0] ?? '-');
  }
  expect(said).toEqual(['-', '-', 'true', 'unknown', 'true', 'false', '-']);
  expect(trail.drafts.map(({ type }) => type)).toEqual(['infer.alarm']);
  expect(advisories.view('bed/07')?.probability).toBe(0.1);
});

it('a model that is switched off is one entry of the trail, with its reason beside the log', async () => {
  const { trail, minute } = ward([0.2, 'off', 'off']);
  for (let i = 0; i < 3; i += 1) await minute();
  expect(trail.drafts).toMatchObject([
    {
      type: 'model.rejected',
      outcome: 'failure',
      model: { sha256: 'a'.repeat(64) },
      payload: { detail: 'two answers' },
    },
  ]);
});

it('is asked once a minute, with manual values once and with what the sensors said', async () => {
  const { advisories, windows, minute } = ward([0.1, 0.1]);
  advisories.tick();
  advisories.take('bed/07', 'pulse', 10, 80);
  advisories.tick();
  expect(windows).toEqual([]);
  await minute();
  expect(windows).toEqual([39.1, 80]);
  await advisories.close();
  await minute();
  expect(windows).toHaveLength(2);
});
