import { systemClock } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { aFrame } from '../testing/fakes.js';
import { blobPicture, blobSize, openBlobModel } from '../testing/blob-store.js';
import { requireSuitable } from './open-perception.js';
import { createPersonFinder } from './person-finder.js';

const feet = [1, 2.4, 3.8, 5.2].map((x) => [x, 3] as const);
const soonMs = (): number => systemClock.monotonicMs() + 5_000;

describe('person finder', () => {
  it('finds people in pixels of the frame, whatever the size of the frame', async () => {
    const finder = createPersonFinder(await openBlobModel(), 10);
    const frame = aFrame({ ...blobSize, pixels: blobPicture(feet) });
    const prepared = finder.preprocess(frame);
    const people = finder.people(await finder.infer(prepared, soonMs()), prepared.mapping);
    expect(people.map(({ box }) => [box.xMin, box.yMax])).toEqual(feet.map(([x]) => [x * 10 - 3, 30]));
  });

  it('counts people beyond its bound instead of following them', async () => {
    const finder = createPersonFinder(await openBlobModel(), 3);
    const prepared = finder.preprocess(aFrame({ ...blobSize, pixels: blobPicture(feet) }));
    const result = await finder.infer(prepared, soonMs());
    expect(finder.people(result, prepared.mapping)).toHaveLength(3);
    expect(finder.beyondCapacity).toBe(1);
  });

  it('looks at people only when the model knows more', async () => {
    const model = await openBlobModel();
    const finder = createPersonFinder({ ...model, manifest: { ...model.manifest, labels: ['trolley'] } }, 10);
    const prepared = finder.preprocess(aFrame({ ...blobSize, pixels: blobPicture(feet) }));
    expect(finder.people(await finder.infer(prepared, soonMs()), prepared.mapping)).toEqual([]);
  });
});

describe('a bundle for a store', () => {
  it('is refused with every problem', () => {
    const bundle = {
      folder: 'models/osnet',
      manifest: {
        name: 'osnet',
        task: 'appearance-vector',
        labels: ['vector'],
        preprocess: { kind: 'test-and-template' },
      },
    } as const;
    for (const part of ['its task is "appearance-vector"', 'compares pictures with a template', 'none of its labels'])
      expect(() => requireSuitable(bundle, 'finder')).toThrow(part);
  });
});
