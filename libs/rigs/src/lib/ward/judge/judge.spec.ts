import { describe, expect, it } from 'vitest';
import { countStarts, falseOnArtefacts } from './alarm-load.js';
import { judgeCrossings, judgeStories, type HeardAlarm } from './detection.js';
import { createTruthBook, type LimitCrossing } from './truth-book.js';

const bed = 'bed/07';
const minute = 60_000;

function crossing(condition: LimitCrossing['condition'], fromS: number, toS: number, delayS = 15): LimitCrossing {
  const held = toS - fromS >= delayS ? { heldMs: (fromS + delayS) * 1_000 } : {};
  return { bed, condition, story: 'bed/07/1', beganMs: fromS * 1_000, endedMs: toS * 1_000, ...held };
}

function alarm(condition: HeardAlarm['condition'], fromS: number, toS?: number): HeardAlarm {
  const end = toS === undefined ? {} : { endMs: toS * 1_000 };
  return { bed, condition, type: 'SP', priority: 'PM', startMs: fromS * 1_000, ...end };
}

const detected = (one: LimitCrossing, heard: HeardAlarm): boolean =>
  judgeCrossings([one], [heard]).some((judged) => judged.alarm !== undefined);

describe('whether an alarm told of a crossing', () => {
  const low = crossing('spo2-low', 100, 400);

  it('takes one of its condition or of a more urgent one of the same signal, in the same bed, in time', () => {
    expect(detected(low, alarm('spo2-low', 115, 410))).toBe(true);
    expect(detected(low, alarm('spo2-very-low', 200, 210))).toBe(true);
    expect(detected(low, { ...alarm('spo2-low', 115), bed: 'bed/08' })).toBe(false);
    expect(detected(low, alarm('pulse-high', 115))).toBe(false);
    expect(detected(low, alarm('spo2-low', 236))).toBe(false);
    expect(detected(low, alarm('spo2-low', 10, 99))).toBe(false);
    expect(detected(crossing('spo2-very-low', 100, 400), alarm('spo2-low', 115))).toBe(false);
  });

  it('counts one that was on before, without a delay, and an hour for what is measured by hand', () => {
    const [before] = judgeCrossings([low], [alarm('spo2-low', 50)]);
    expect(before).toMatchObject({ alarm: { startMs: 50_000 } });
    expect(before).not.toHaveProperty('delayMs');
    const score = crossing('news2-medium', 0, 7_200, 0);
    expect(judgeCrossings([score], [alarm('news2-high', 3_600)])[0]?.delayMs).toBe(60 * minute);
    expect(detected(score, alarm('news2-medium', 3_601))).toBe(false);
  });

  it('leaves out what was too short to be an alarm', () => {
    expect(judgeCrossings([crossing('spo2-low', 100, 110)], [])).toEqual([]);
  });
});

it('joins the truth of a story, which is detected when one of its expected crossings is', () => {
  const book = createTruthBook();
  const place = { bed, device: 'w-0007' };
  const c = { ...place, condition: 'spo2-low' as const, story: 'bed/07/1' };
  book.learn({ ...place, kind: 'story-began', id: 'bed/07/1', atMs: 0, story: 'hypoxia', expects: ['spo2-low'] });
  book.learn({ ...place, kind: 'story-began', id: 'bed/07/2', atMs: 0, story: 'hypoxia', expects: ['spo2-low'] });
  book.learn({ ...c, kind: 'crossing-began', id: 'c1', atMs: 10_000, limit: 90, value: 89 });
  book.learn({ ...c, kind: 'crossing-held', id: 'c1', atMs: 25_000, delayMs: 15_000 });
  book.learn({ ...c, kind: 'crossing-ended', id: 'c1', atMs: 60_000, lastedMs: 50_000, held: true });
  const judge = (alarms: readonly HeardAlarm[]) =>
    judgeStories(book.stories(), judgeCrossings(book.crossings(), alarms)).map(({ crossings, alarm, delayMs }) => [
      crossings.length,
      alarm?.startMs,
      delayMs,
    ]);
  expect(judge([alarm('spo2-low', 30)])).toEqual([
    [1, 30_000, 20_000],
    [0, undefined, undefined],
  ]);
  expect(judge([])[0]).toEqual([1, undefined, undefined]);
});

it('calls an alarm on artefacts false where the truth has no reason for it', () => {
  const segments = [
    { bed, fromMs: 0, toMs: 10_000 },
    { bed, fromMs: 200_000, toMs: 220_000 },
  ];
  const alarms = [alarm('spo2-low', 65), alarm('spo2-low', 230), alarm('fall', 5)];
  expect(falseOnArtefacts(segments, alarms, []).map((one) => one?.startMs)).toEqual([65_000, 230_000]);
  expect(falseOnArtefacts(segments, alarms, [crossing('spo2-low', 60, 70)]).map((one) => one?.startMs)).toEqual([
    undefined,
    230_000,
  ]);
  expect(countStarts(alarms)).toEqual([
    ['PM spo2-low', 2],
    ['PM fall', 1],
  ]);
});
