import { describe, expect, it } from 'vitest';
import { aFrame, aTrigger } from '../testing/fakes.js';
import { manualSchedule } from '../testing/manual-schedule.js';
import { createTimeJoin } from './time-join.js';

function openJoin() {
  const time = manualSchedule();
  const orphans: number[] = [];
  const join = createTimeJoin({
    frameWaitMs: 80,
    schedule: time.schedule,
    onTriggerWithoutFrame: ({ partSeq }) => orphans.push(partSeq),
  });
  return { join, time, orphans };
}

describe('time join', () => {
  it('wants the first picture after a trigger and no other', async () => {
    const { join } = openJoin();
    expect(join.wants(aFrame({ capturedAtMs: 10 }))).toBe(false);
    join.announce(aTrigger({ partSeq: 1, triggeredAtMs: 20 }));
    expect(join.wants(aFrame({ capturedAtMs: 19 }))).toBe(false);
    expect(join.wants(aFrame({ capturedAtMs: 33 }))).toBe(true);
    expect((await join.triggerOf(aFrame({ capturedAtMs: 33 })))?.partSeq).toBe(1);
    expect(join.wants(aFrame({ capturedAtMs: 66 }))).toBe(false);
    expect(join.stats()).toEqual({ matched: 1, framesWithoutTrigger: 3, triggersWithoutFrame: 0 });
  });

  it('gives a picture to the part that came last, and none to those that left the view before it', async () => {
    const { join, orphans } = openJoin();
    join.announce(aTrigger({ partSeq: 1, triggeredAtMs: 20 }));
    join.announce(aTrigger({ partSeq: 2, triggeredAtMs: 30 }));
    const frame = aFrame({ capturedAtMs: 40 });
    expect((await join.triggerOf(frame))?.partSeq).toBe(2);
    expect(orphans).toEqual([1]);
    expect(await join.triggerOf(frame)).toBeUndefined();
  });

  it('gives no picture to a part that the PLC may have held back', async () => {
    const { join, orphans } = openJoin();
    join.announce(aTrigger({ partSeq: 1, triggeredAtMs: 20, heldAtMostMs: Infinity }));
    join.announce(aTrigger({ partSeq: 2, triggeredAtMs: 30, heldAtMostMs: 300 }));
    expect(orphans).toEqual([1, 2]);
    join.announce(aTrigger({ partSeq: 3, triggeredAtMs: 40, heldAtMostMs: 12 }));
    expect((await join.triggerOf(aFrame({ capturedAtMs: 50 })))?.partSeq).toBe(3);
  });

  it('reports a trigger for which no picture comes, and the oldest when too many wait', () => {
    const { join, time, orphans } = openJoin();
    join.announce(aTrigger({ partSeq: 1 }));
    time.advance(80);
    expect(orphans).toEqual([1]);
    for (let partSeq = 2; partSeq <= 10; partSeq += 1) join.announce(aTrigger({ partSeq }));
    expect(orphans).toEqual([1, 2]);
    time.advance(80);
    expect(join.stats().triggersWithoutFrame).toBe(10);
  });
});
