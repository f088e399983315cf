import { join } from 'node:path';
import { loadBundle, readTrustedKeys } from '@edge-blueprints/inference';
import type { BundleManifest } from '@edge-blueprints/inference';
import { describe, expect, it } from 'vitest';
import { suitableManifest } from './suitable-bundle.js';

const models = join(import.meta.dirname, '../../../../models/bundles');
const folder = join(models, 'pcb-defects');
const trustedKeys = await readTrustedKeys(join(models, 'trusted-keys.json'));
const { manifest: boards } = await loadBundle(folder, { trustedKeys });
const tiles = {
  ...boards,
  task: 'anomaly-detection',
  preprocess: {
    kind: 'letterbox',
    input: 'image',
    layout: 'nchw',
    channels: 'gray',
    padValue: 0,
    scale: 1,
    mean: [],
    std: [],
  },
} satisfies BundleManifest;
const templates = { folder: '.', pattern: '{productId}.png', capacity: 4, defaultProduct: 'default' };
const fixed = { width: 640, height: 640 };
const anySize = { width: null, height: null };

describe('bundle for a station', () => {
  it('is taken with templates and a size, or without both where the model looks at the part alone', () => {
    expect(suitableManifest({ manifest: boards, folder }, { templates, frame: fixed })).toBe(boards);
    expect(suitableManifest({ manifest: tiles, folder }, { templates: null, frame: anySize })).toBe(tiles);
  });

  it('is refused for another task and for what the station lacks, all at once', () => {
    const chat = { ...boards, task: 'text-generation' };
    expect(() => suitableManifest({ manifest: chat, folder }, { templates: null, frame: anySize })).toThrowError(
      expect.objectContaining({
        code: 'station.bundle-unsuitable',
        message: expect.stringMatching(/text-generation[^]*templates is null[^]*frame.width/),
      }),
    );
  });
});
