import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPartJoin, encoderDistance } from './part-join.js';
import { manualSchedule } from '../testing/manual-schedule.js';
import { aFrame, aTrigger } from '../testing/fakes.js';

const frameAt = (encoder: number) =>
  aFrame({ trigger: { triggerCount: 0, encoder, productId: 'board', partId: 'P1' } });

function openJoin() {
  const time = manualSchedule();
  const orphans: number[] = [];
  const join = createPartJoin({
    toleranceCounts: 3,
    triggerWaitMs: 50,
    frameWaitMs: 80,
    schedule: time.schedule,
    onTriggerWithoutFrame: (trigger) => orphans.push(trigger.partSeq),
  });
  return { join, time, orphans };
}

describe('part join', () => {
  it('pairs a frame with the trigger of the same encoder value, whichever came first', async () => {
    const { join } = openJoin();
    join.announce(aTrigger({ partSeq: 1, encoder: 1000 }));
    const later = join.triggerOf(frameAt(2001));
    join.announce(aTrigger({ partSeq: 2, encoder: 2000 }));
    expect((await join.triggerOf(frameAt(1002)))?.partSeq).toBe(1);
    expect((await later)?.partSeq).toBe(2);
    expect(join.stats()).toEqual({ matched: 2, framesWithoutTrigger: 0, triggersWithoutFrame: 0 });
  });

  it('does not pair parts that are further apart than the tolerance', async () => {
    const { join, time, orphans } = openJoin();
    join.announce(aTrigger({ partSeq: 1, encoder: 1000 }));
    const trigger = join.triggerOf(frameAt(1004));
    time.advance(80);
    expect(await trigger).toBeUndefined();
    expect(orphans).toEqual([1]);
    expect(join.stats()).toEqual({ matched: 0, framesWithoutTrigger: 1, triggersWithoutFrame: 1 });
  });

  it('pairs across the wrap of the u32 encoder', async () => {
    const { join } = openJoin();
    join.announce(aTrigger({ partSeq: 9, encoder: 0xffff_ffff }));
    expect((await join.triggerOf(frameAt(1)))?.partSeq).toBe(9);
    expect(encoderDistance(0xffff_fffe, 1)).toBe(3);
  });

  it('uses a trigger once: a second frame of the same place stays untracked', async () => {
    const { join, time } = openJoin();
    join.announce(aTrigger({ partSeq: 1, encoder: 10 }));
    expect((await join.triggerOf(frameAt(10)))?.partSeq).toBe(1);
    const second = join.triggerOf(frameAt(10));
    time.advance(50);
    expect(await second).toBeUndefined();
  });

  it('reports a trigger that arrives after its frame gave up', async () => {
    const { join, time, orphans } = openJoin();
    const frame = join.triggerOf(frameAt(10));
    time.advance(50);
    expect(await frame).toBeUndefined();
    join.announce(aTrigger({ partSeq: 4, encoder: 10 }));
    time.advance(79);
    expect(orphans).toEqual([]);
    time.advance(1);
    expect(orphans).toEqual([4]);
  });

  it('finds no part for a frame without a trigger tag', async () => {
    const { join } = openJoin();
    const { trigger: _tag, ...untagged } = aFrame();
    expect(await join.triggerOf(untagged)).toBeUndefined();
    expect(join.stats().framesWithoutTrigger).toBe(1);
  });

  it('accounts for every frame and every trigger, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 40 })), {
          maxLength: 300,
        }),
        async (steps) => {
          const { join, time, orphans } = openJoin();
          const frames: Promise<unknown>[] = [];
          let triggers = 0;
          for (const [isFrame, encoder, waitMs] of steps) {
            if (isFrame) frames.push(join.triggerOf(frameAt(encoder)));
            else join.announce(aTrigger({ partSeq: (triggers += 1), encoder }));
            time.advance(waitMs);
          }
          time.advance(1000);
          const answers = await Promise.all(frames);
          const { matched, framesWithoutTrigger, triggersWithoutFrame } = join.stats();
          expect(matched + framesWithoutTrigger).toBe(frames.length);
          expect(matched + triggersWithoutFrame).toBe(triggers);
          expect(orphans.length).toBe(triggersWithoutFrame);
          expect(answers.filter((answer) => answer !== undefined).length).toBe(matched);
          expect(new Set(orphans).size).toBe(orphans.length);
        },
      ),
      { numRuns: 100 },
    );
  });
});
