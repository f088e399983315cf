import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import type { Picture } from '@edge-blueprints/vision';
import { decodeGray } from './image-codec.js';

const placeholder = '{productId}';

/** Golden templates by product, decoded once, the most recently used ones kept. */
export interface TemplateStore {
  /**
   * Grey pixels of the product's golden template; they belong to the store and must not be written to.
   * @throws ConfigError `camera.template-missing`; DeviceError `camera.image-unreadable`
   */
  get(productId: string): Promise<Picture>;
  /** Decodes ahead, so that the first part of a product does not wait. Reports all missing products at once. */
  preload(productIds: readonly string[]): Promise<void>;
  stats(): { readonly held: number; readonly hits: number; readonly misses: number; readonly evicted: number };
}

/**
 * @param options.pattern file name within the folder with `{productId}` in it, by default `{productId}_temp.png`
 * @param options.capacity templates held in memory; the least recently used one goes first
 */
export function createTemplateStore(options: {
  readonly folder: string;
  readonly pattern?: string;
  readonly capacity?: number;
}): TemplateStore {
  const { folder, pattern = `${placeholder}_temp.png`, capacity = 64 } = options;
  if (!pattern.includes(placeholder)) {
    throw new ConfigError('camera.template-pattern', `The template pattern "${pattern}" must contain ${placeholder}.`);
  }
  // A Map keeps its order of insertion: the first key is the one unused for longest.
  const held = new Map<string, Promise<Picture>>();
  let hits = 0;
  let misses = 0;
  let evicted = 0;

  const load = async (productId: string): Promise<Picture> => {
    if (!/^[\w.-]+$/.test(productId) || productId.includes('..')) {
      throw missing(productId, 'the product id may hold letters, digits, "_", "-" and "." only');
    }
    const file = join(folder, pattern.replaceAll(placeholder, productId));
    try {
      await access(file);
    } catch {
      throw missing(productId, `there is no ${file}. Put the golden template of the product there`);
    }
    return decodeGray(file);
  };

  const get = (productId: string): Promise<Picture> => {
    const known = held.get(productId);
    if (known) {
      hits += 1;
      held.delete(productId);
      held.set(productId, known);
      return known;
    }
    misses += 1;
    const loading = load(productId);
    held.set(productId, loading);
    // A failure is not kept: the file may be put there while the station runs.
    loading.catch(() => held.get(productId) === loading && held.delete(productId));
    const oldest = held.keys().next().value;
    if (held.size > capacity && oldest !== undefined) {
      held.delete(oldest);
      evicted += 1;
    }
    return loading;
  };

  return {
    get,
    async preload(productIds) {
      const failures = (await Promise.allSettled(productIds.map(get))).filter((r) => r.status === 'rejected');
      if (failures.length === 0) return;
      const [first] = failures;
      if (failures.length === 1 && first) throw first.reason;
      const list = failures.map((f) => (f.reason instanceof Error ? f.reason.message : String(f.reason))).join('\n  ');
      throw new ConfigError(
        'camera.template-missing',
        `${failures.length} golden templates cannot be used:\n  ${list}`,
      );
    },
    stats: () => ({ held: held.size, hits, misses, evicted }),
  };
}

function missing(productId: string, what: string): ConfigError {
  return new ConfigError('camera.template-missing', `Product "${productId}" has no golden template: ${what}.`, {
    context: { productId },
  });
}
