import { createRandom } from '@edge-blueprints/contracts';
import type { RandomBits } from '../privacy/release-ports.js';

/** Repeatable bits for tests. The file is outside of the package's build, so that nothing shipped can import it. */
export function createSeededBits(seed: number): RandomBits {
  const random = createRandom(seed);
  return {
    source: 'seeded',
    bytes: (count) => Uint8Array.from({ length: count }, () => random.integer(0, 255)),
  };
}
