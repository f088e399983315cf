import { describe, expect, it } from 'vitest';
import { aFrame } from '../testing/fakes.js';
import { createFrameCheck } from './frame-check.js';
import { createLightAlarm } from './light-alarm.js';

const check = (changes: Partial<Parameters<typeof createFrameCheck>[0]> = {}) =>
  createFrameCheck({ width: 64, height: 64, light: undefined, frozenFrames: 2, ...changes });
const other = (seed: number) => aFrame({ pixels: Uint8Array.from({ length: 4096 }, (_, i) => (i * seed) % 256) });

describe('frame check', () => {
  it('finds nothing wrong with pictures that differ', () => {
    const look = check();
    expect([look(other(3)), look(other(5)), look(other(7))]).toEqual([undefined, undefined, undefined]);
  });

  it('refuses another size, a black picture and a picture that comes twice', () => {
    expect(check({ width: 128 })(aFrame())).toMatchObject({ code: 'frame.wrong-size' });
    expect(check()(aFrame({ pixels: new Uint8Array(4096) }))).toMatchObject({ code: 'frame.black' });
    const look = check();
    expect([look(other(3)), look(other(3))]).toMatchObject([undefined, { kind: 'abstain', code: 'frame.frozen' }]);
  });

  it('lets a source without noise repeat itself when configured so', () => {
    const look = check({ frozenFrames: 0 });
    expect([look(other(3)), look(other(3)), look(other(3))]).toEqual([undefined, undefined, undefined]);
  });

  it('refuses light outside of the limits of the recipe and says by how much', () => {
    expect(check({ light: { meanMin: 200, meanMax: 250, contrastMin: 0 } })(aFrame())).toMatchObject({
      code: 'light.fault',
      message: expect.stringContaining('mean'),
    });
  });
});

describe('light alarm', () => {
  it('stays on for the hold time after the last bad picture', () => {
    let nowMs = 0;
    const alarm = createLightAlarm({ holdMs: 100, nowMs: () => nowMs });
    expect(alarm.isOn()).toBe(false);
    alarm.see('light.fault');
    nowMs = 99;
    alarm.see(undefined);
    alarm.see('infer.deadline');
    expect(alarm.isOn()).toBe(true);
    nowMs = 100;
    expect(alarm.isOn()).toBe(false);
  });
});
