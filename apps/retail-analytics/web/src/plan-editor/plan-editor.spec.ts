import { storePlanSchema } from '@edge-blueprints/contracts';
import type { FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaM2, contains, distanceToLineM } from '../plan/floor-area.js';
import { watching } from './authority-notes.js';
import { planChanges } from './plan-changes.js';
import { changed, openHistory, redone, undone } from './plan-history.js';
import {
  addedCorner,
  addedPart,
  boundsOf,
  isWithin,
  middlePoints,
  movedHandle,
  movedPart,
  onGrid,
  removedCorner,
} from './plan-moves.js';
import { areaOf, handlesOf, partAt, partKinds, withLine, withName, withoutPart } from './plan-parts.js';
import type { PartRef } from './plan-parts.js';
import { pick } from './plan-pick.js';
import { planProblems, standing } from './plan-problems.js';

const box = (x0: number, y0: number, x1: number, y1: number): readonly FloorPoint[] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const plan: StorePlan = {
  format: 'edge-store-plan/1',
  revision: 3,
  name: 'Market Street',
  widthM: 14,
  depthM: 10,
  fixtures: [],
  zones: [
    { id: 'bakery', name: 'Bakery', polygon: box(1, 6, 5, 9) },
    { id: 'bread', name: 'Bread', polygon: box(2, 7, 3, 8) },
  ],
  lines: [{ id: 'entrance', name: 'Entrance', from: [2, 1.5], to: [4, 1.5], inside: 'left' }],
  queues: [{ id: 'till', name: 'Till', servicePoint: [9, 2], directionDeg: 90, area: box(8, 1, 10, 6) }],
  staffAreas: [box(12, 1, 13, 3)],
  masks: [box(13.5, 5, 15, 7)],
};
const zone: PartRef = { kind: 'zone', index: 0 };
const line: PartRef = { kind: 'line', index: 0 };
const queue: PartRef = { kind: 'queue', index: 0 };
const anyPart = fc.constantFrom<PartRef>(zone, line, queue, { kind: 'staff', index: 0 }, { kind: 'mask', index: 0 });
const anyPoint = fc.tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }));

describe('moves', () => {
  it('never take a part off the floor, whatever is dragged where, and leave a plan that the node can read', () => {
    fc.assert(
      fc.property(anyPart, fc.nat(5), anyPoint, anyPoint, (part, handle, to, by) => {
        const moved = movedPart(movedHandle(plan, part, handle, to), part, by);
        expect(storePlanSchema.safeParse(moved).success).toBe(true);
        const points = handlesOf(moved, part).filter(({ name }) => name !== 'direction');
        for (const { at } of points) expect(isWithin(boundsOf(plan, part.kind), at)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('keep the shape of what is moved as a whole, also at the wall', () => {
    fc.assert(
      fc.property(anyPart, anyPoint, (part, by) => {
        const [before, after] = [handlesOf(plan, part), handlesOf(movedPart(plan, part, by), part)];
        const spans = (of: typeof before) => of.map(({ at }) => at.map((v, k) => v - (of[0]?.at[k] ?? 0)));
        spans(after).forEach((span, i) => span.forEach((v, k) => expect(v).toBeCloseTo(spans(before)[i]?.[k] ?? 0, 6)));
      }),
      { numRuns: 40 },
    );
    expect(areaOf(movedPart(plan, zone, [-9, 9]), zone)).toEqual(box(0, 7, 4, 10));
  });

  it('turn a queue by its handle and snap pointers to 5 cm', () => {
    const turned = movedHandle(plan, queue, 5, [9 - 3, 2 + 3]);
    expect(turned.queues[0]?.directionDeg).toBe(135);
    expect(movedHandle(plan, queue, 5, [9, 2])).toBe(plan);
    expect(onGrid([1.234, 5.678])).toEqual([1.25, 5.7]);
  });

  it('halve a side, the last one too, and keep three corners', () => {
    expect(areaOf(addedCorner(plan, zone, 3), zone)?.at(-1)).toEqual([1, 7.5]);
    const three = removedCorner(plan, zone, 0);
    expect(areaOf(three, zone)).toHaveLength(3);
    expect(removedCorner(three, zone, 0)).toBe(three);
  });

  it('begin parts whose ids were never used before this revision, up to what a plan holds', () => {
    const first = addedPart(plan, 'zone', middlePoints(plan, 'zone'), 'New');
    const again = addedPart(withoutPart(first, { kind: 'zone', index: 2 }), 'line', middlePoints(plan, 'line'), 'New');
    expect(first.zones[2]?.id).toBe('zone-r4-1');
    expect(again.lines[1]?.id).toBe('line-r4-1');
    for (const kind of partKinds) {
      let full = plan;
      for (let n = 0; n < 33; n++) full = addedPart(full, kind, middlePoints(plan, kind), 'New');
      expect(storePlanSchema.safeParse(full).error).toBeUndefined();
    }
  });
});

describe('pointers', () => {
  it('meet a handle of the chosen part, then a line, then the smallest area around them', () => {
    expect(pick(plan, zone, [1.1, 6.1], 0.3)).toEqual({ part: zone, handle: 0 });
    expect(pick(plan, null, [1.1, 6.1], 0.3)).toEqual({ part: zone });
    expect(pick(plan, zone, [2.5, 7.5], 0.3)).toEqual({ part: { kind: 'zone', index: 1 } });
    expect(pick(plan, null, [3, 1.6], 0.3)).toEqual({ part: line });
    expect(pick(plan, null, [7, 5], 0.3)).toBeNull();
  });

  it('know areas and distances', () => {
    const l = [[0, 0], [4, 0], [4, 1], [1, 1], [1, 3], [0, 3]] as const; // prettier-ignore
    expect([contains(l, [0.5, 2]), contains(l, [2, 2]), areaM2(l)]).toEqual([true, false, 6]);
    expect([distanceToLineM([0, 0], [2, 0], [1, 1]), distanceToLineM([0, 0], [2, 0], [5, 4])]).toEqual([1, 5]);
  });
});

describe('undo', () => {
  it('takes a drag back as one step, and leads to where it was', () => {
    const dragged = [1, 2, 3].reduce(
      (history, x) => changed(history, movedPart(plan, zone, [x * 0.1, 0]), 'drag 1'),
      openHistory(plan),
    );
    const renamed = changed(dragged, withName(dragged.draft, zone, 'Bread and cake'));
    expect(renamed.past).toHaveLength(2);
    expect(undone(undone(renamed)).draft).toBe(plan);
    expect(redone(redone(undone(undone(renamed)))).draft).toBe(renamed.draft);
    expect(undone(openHistory(plan)).draft).toBe(plan);
  });

  it('begins a step anew after an undo', () => {
    const first = changed(openHistory(plan), movedPart(plan, zone, [1, 0]), 'keys');
    const second = changed(undone(first), movedPart(plan, zone, [0, 1]), 'keys');
    expect(undone(second).draft).toBe(plan);
    expect(second.future).toEqual([]);
  });
});

describe('what a revision changes', () => {
  it('is told part by part', () => {
    const renamed = withName(plan, zone, 'Bread and cake');
    expect(planChanges(plan, plan)).toEqual([]);
    expect(planChanges(plan, renamed)).toEqual([{ part: 'zone', name: 'Bread and cake', what: 'renamed' }]);
    expect(planChanges(plan, movedPart(renamed, zone, [0.1, 0]))[0]?.what).toBe('reshaped');
    expect(planChanges(plan, withLine(plan, 0, { inside: 'right' }))[0]?.what).toBe('turned');
    expect(planChanges(plan, withoutPart(plan, queue))).toEqual([{ part: 'queue', name: 'Till', what: 'removed' }]);
    const without = withoutPart(plan, { kind: 'staff', index: 0 });
    expect(planChanges(plan, addedPart(without, 'staff', box(1, 1, 2, 2), ''))).toEqual([
      { part: 'staff', name: null, what: 'reshaped' },
    ]);
  });
});

describe('refusals', () => {
  const listed =
    'The plan plan.json cannot be measured by:\n  zones[1] bread: its border crosses or touches itself\n  lines: the id a is used twice';

  it('stand at the part that they are about', () => {
    expect(planProblems(listed)).toEqual([
      { part: { kind: 'zone', index: 1 }, text: 'its border crosses or touches itself' },
      { part: null, text: 'lines: the id a is used twice' },
    ]);
    expect(planProblems('✖ Too small\n  → at plan.queues[0].name\n✖ Too big\n  → at reason')).toEqual([
      { part: { kind: 'queue', index: 0 }, text: 'name: Too small' },
      { part: null, text: 'reason: Too big' },
    ]);
    expect(planProblems('There is no plan')).toEqual([{ part: null, text: 'There is no plan' }]);
    expect(partAt('staffAreas', 2)).toEqual({ kind: 'staff', index: 2 });
  });

  it('go with an edit of their part and stay with edits of others', () => {
    const problems = planProblems(listed);
    expect(standing(problems, plan, plan)).toHaveLength(2);
    expect(standing(problems, plan, movedPart(plan, zone, [1, 0]))).toEqual([problems[0]]);
    expect(standing(problems, plan, movedPart(plan, { kind: 'zone', index: 1 }, [1, 0]))).toEqual([]);
  });
});

describe('cameras', () => {
  const cameras = [
    { id: 'door', authority: box(0, 0, 14, 4) },
    { id: 'aisles', authority: box(0, 4, 14, 9) },
  ];

  it('are named for what lies in their floor, between them, and outside of all', () => {
    expect(watching(plan, line, cameras)).toEqual(['door']);
    expect(watching(plan, queue, cameras)).toEqual(['door', 'aisles']);
    expect(watching(plan, zone, cameras)).toEqual(['aisles']);
    expect(watching(movedPart(plan, zone, [0, 0.5]), zone, cameras)).toEqual(['aisles', null]);
    expect(watching(plan, { kind: 'staff', index: 0 }, [])).toEqual([]);
  });
});
