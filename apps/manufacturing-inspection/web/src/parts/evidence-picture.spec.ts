import { describe, expect, it } from 'vitest';
import type { PartRecord, StoredImage } from '@edge-blueprints/contracts';
import { evidenceImage, imageOf } from './evidence-picture.js';

const image = (role: StoredImage['role'], sha256: string, detection?: number): StoredImage => ({
  role,
  sha256,
  mime: 'image/webp',
  width: 1,
  height: 1,
  bytes: 1,
  ...(detection === undefined ? {} : { detection }),
});
const detection = (score: number, counted: boolean): PartRecord['detections'][number] => ({
  label: 'open',
  classIndex: 0,
  score,
  box: { xMin: 0, yMin: 0, xMax: 1, yMax: 1 },
  threshold: 0.5,
  provenance: 'bundle',
  counted,
});

describe('evidenceImage', () => {
  const images = [image('test', 't'), image('crop', 'c0', 0), image('crop', 'c1', 1), image('crop', 'c2', 2)];

  it('is the crop of the surest detection that counted', () => {
    const detections = [detection(0.6, true), detection(0.9, true), detection(0.95, false)];
    expect(evidenceImage({ images, detections })?.sha256).toBe('c1');
  });

  it('falls back to the whole part, then to nothing', () => {
    expect(evidenceImage({ images: [image('template', 'g'), image('test', 't')], detections: [] })?.sha256).toBe('t');
    expect(evidenceImage({ images: [], detections: [] })).toBeNull();
    expect(imageOf({ images }, 'template')).toBeNull();
  });
});
