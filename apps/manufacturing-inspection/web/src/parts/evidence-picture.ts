import type { PartRecord, StoredImage } from '@edge-blueprints/contracts';

/** The crop of the surest counted detection; without crops the whole part; null where nothing is stored. */
export function evidenceImage(record: Pick<PartRecord, 'images' | 'detections'>): StoredImage | null {
  const scoreOf = (image: StoredImage): number => {
    const detection = image.detection === undefined ? undefined : record.detections[image.detection];
    return detection?.counted === true ? detection.score : -1;
  };
  const crops = record.images.filter((image) => image.role === 'crop').sort((a, b) => scoreOf(b) - scoreOf(a));
  return crops[0] ?? record.images.find((image) => image.role === 'test') ?? null;
}

export function imageOf(record: Pick<PartRecord, 'images'>, role: 'test' | 'template'): StoredImage | null {
  return record.images.find((image) => image.role === role) ?? null;
}
