import { describe, expect, it } from 'vitest';
import { nearestName, unknownName } from './nearest-name.js';

const targets = ['jetson-orin-nx', 'jetson-agx-orin', 'coral-dev-board', 'cloud-ai-100', 'hailo-8l', 'ryzen-ai', 'cpu'];

describe('nearestName', () => {
  it.each([
    ['jetson-orin', 'jetson-orin-nx'],
    ['halio-8l', 'hailo-8l'],
    ['hailo8', 'hailo-8l'],
    ['coral', 'coral-dev-board'],
    ['ryzen_ai', 'ryzen-ai'],
    ['cup', 'cpu'],
  ])('takes %s for %s', (wanted, meant) => {
    expect(nearestName(wanted, targets)).toBe(meant);
  });

  it.each(['toaster', 'x', '', 'raspberry-pi-5'])('suggests nothing for %j', (wanted) => {
    expect(nearestName(wanted, targets)).toBeUndefined();
  });

  it('names the nearest and all that are known', () => {
    expect(unknownName('target', 'cup', ['hailo-8l', 'cpu'])).toBe(
      'there is no target "cup"; did you mean "cpu"? known are cpu, hailo-8l',
    );
    expect(unknownName('target', 'cup', [])).toBe('there is no target "cup"; known are none');
  });
});
