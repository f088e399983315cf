import { expect, it } from 'vitest';
import { camerasThatFit, tierOf } from './sizing.js';

it('tells tiers by the slowest camera', () => {
  const wanted = { fps: 10, floor: 8 };
  expect([9.5, 9.4, 8, 7.9].map((rate) => tierOf(rate, wanted))).toEqual([
    'stable',
    'degrading',
    'degrading',
    'failing',
  ]);
  expect(tierOf(4, { fps: 4, floor: 8 })).toBe('stable');
});

it('fits more cameras with more cores and fewer pictures, fewer with dearer ones, never a part of one', () => {
  const node = { cores: 2, cpuMsPerPicture: 17, framesPerS: 8 };
  expect(camerasThatFit(node)).toBe(10);
  expect(camerasThatFit({ ...node, cores: 4 })).toBe(20);
  expect(camerasThatFit({ ...node, framesPerS: 16 })).toBe(5);
  expect(camerasThatFit({ ...node, cpuMsPerPicture: 400 })).toBe(0);
});
