import { createHash } from 'node:crypto';
import { cropPicture } from '@edge-blueprints/cameras';
import type { PartRecord } from '@edge-blueprints/contracts';
import type { Picture } from '@edge-blueprints/vision';
import type { PartImage } from './part-store-port.js';

/** Lossless, because evidence must show what the model saw. Runs outside of the event loop's thread. */
export type EncodePng = (picture: Picture) => Promise<{ readonly bytes: Uint8Array; readonly mime: string }>;

/** Defects of one part that get a crop of their own; the whole picture shows the rest. */
const maxCrops = 12;
const cropMarginPx = 16;

export interface Evidence {
  testImage(picture: Picture): Promise<PartImage>;
  /** The same template gives the same image, encoded once. */
  templateImage(template: Picture): Promise<PartImage>;
  crops(picture: Picture, detections: PartRecord['detections']): Promise<readonly PartImage[]>;
}

/** Pictures of a part as content-addressed PNG. */
export function createEvidence(encodePng: EncodePng): Evidence {
  const templates = new WeakMap<Uint8Array, Promise<PartImage>>();
  const encode = async (role: PartImage['role'], picture: Picture): Promise<PartImage> => {
    const { bytes, mime } = await encodePng(picture);
    const { width, height } = picture;
    return { role, bytes, mime, width, height, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  return {
    testImage: (picture) => encode('test', picture),
    templateImage: (template) => {
      const known = templates.get(template.pixels);
      if (known !== undefined) return known;
      const encoded = encode('template', template);
      templates.set(template.pixels, encoded);
      encoded.catch(() => templates.delete(template.pixels));
      return encoded;
    },
    crops: async (picture, detections) => {
      const images: PartImage[] = [];
      for (const [detection, { box, counted }] of detections.entries()) {
        if (!counted || images.length >= maxCrops) continue;
        images.push({ ...(await encode('crop', cropPicture(picture, box, cropMarginPx))), detection });
      }
      return images;
    },
  };
}
