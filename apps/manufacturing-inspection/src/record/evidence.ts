import { createHash } from 'node:crypto';
import type { Box, PartRecord } from '@edge-blueprints/contracts';
import type { Picture } from '@edge-blueprints/vision';
import type { PartImage } from './part-store-port.js';

/** Lossless, because evidence must show what the model saw. Runs outside of the event loop's thread. */
export type EncodePng = (picture: Picture) => Promise<Uint8Array>;

/** Defects of one part that get a crop of their own; the whole picture shows the rest. */
const maxCrops = 12;
const cropMargin = 16;

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
    const bytes = await encodePng(picture);
    const { width, height } = picture;
    return { role, bytes, mime: 'image/png', width, height, sha256: createHash('sha256').update(bytes).digest('hex') };
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
        const cut = cutOut(picture, box);
        if (cut !== undefined) images.push({ ...(await encode('crop', cut)), detection });
      }
      return images;
    },
  };
}

/** The pixels around a box; undefined when nothing of it lies in the picture. */
export function cutOut(picture: Picture, box: Box): Picture | undefined {
  const left = Math.max(0, Math.floor(box.xMin) - cropMargin);
  const top = Math.max(0, Math.floor(box.yMin) - cropMargin);
  const width = Math.min(picture.width, Math.ceil(box.xMax) + cropMargin) - left;
  const height = Math.min(picture.height, Math.ceil(box.yMax) + cropMargin) - top;
  if (width <= 0 || height <= 0) return undefined;
  const channels = picture.format === 'rgb24' ? 3 : 1;
  const pixels = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y += 1) {
    const from = ((top + y) * picture.width + left) * channels;
    pixels.set(picture.pixels.subarray(from, from + width * channels), y * width * channels);
  }
  return { width, height, format: picture.format, pixels };
}
