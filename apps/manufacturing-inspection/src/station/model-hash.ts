import { createHash } from 'node:crypto';
import type { Judgement } from '../judgement.js';

/** MODEL_HASH16 of the PLC's map: changes with the model and with any threshold. */
export function createModelHash16(): (judgement: Pick<Judgement, 'model' | 'thresholdsDigest'>) => number {
  let key = '';
  let hash = 0;
  return ({ model, thresholdsDigest }) => {
    const next = `${model.digest}:${thresholdsDigest}`;
    if (next !== key) {
      key = next;
      hash = createHash('sha256').update(key).digest().readUInt16BE(0);
    }
    return hash;
  };
}
