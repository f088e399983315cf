import { readdir } from 'node:fs/promises';
import { createTemplateStore } from '@edge-blueprints/cameras';
import type { Frame } from '@edge-blueprints/contracts';
import type { Picture } from '@edge-blueprints/vision';

export interface TemplatesConfig {
  readonly folder: string;
  /** File name with `{productId}` in it. */
  readonly pattern: string;
  readonly capacity: number;
  /** Product of frames that carry no trigger tag. */
  readonly defaultProduct: string;
}

export interface Templates {
  /** At once when it is at hand. @throws ConfigError `camera.template-missing` (or rejects with it) */
  of(frame: Frame): Picture | Promise<Picture>;
  /** Reads what the folder holds, up to the capacity. @returns the number of templates */
  preload(): Promise<number>;
}

/** Golden templates by the product that the camera read with the trigger. */
export function openTemplates(config: TemplatesConfig): Templates {
  const store = createTemplateStore({ folder: config.folder, pattern: config.pattern, capacity: config.capacity });
  // The store answers by promise; what it holds is also kept here to answer without one. A Map keeps its order of insertion.
  const atHand = new Map<string, Picture>();
  const keep = (productId: string, picture: Picture): Picture => {
    atHand.delete(productId);
    atHand.set(productId, picture);
    const oldest = atHand.keys().next();
    if (atHand.size > config.capacity && oldest.done !== true) atHand.delete(oldest.value);
    return picture;
  };
  const read = async (productId: string): Promise<Picture> => keep(productId, await store.get(productId));

  return {
    of: (frame) => {
      const productId = frame.trigger?.productId ?? config.defaultProduct;
      return atHand.get(productId) ?? read(productId);
    },
    preload: async () => {
      const [before = '', after = ''] = config.pattern.split('{productId}');
      const names = await readdir(config.folder).catch(() => []);
      const products = names
        .filter((name) => name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length)
        .map((name) => name.slice(before.length, name.length - after.length))
        .sort()
        .slice(0, config.capacity);
      for (const productId of products) await read(productId);
      return products.length;
    },
  };
}
