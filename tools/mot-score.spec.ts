import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSequence, scoreSequence } from './mot/sequence.js';

const data = process.env['EDGE_DATA'] ?? join(import.meta.dirname, '../../shared/data');
const [tud, mot17] = [join(data, 'mot15-tud'), join(data, 'mot17')];

/** The long sequences are the command's: `npm run mot-score`. */
describe.skipIf(!existsSync(tud) || !existsSync(mot17))(
  `trackers and scorer on ${data} (skipped where it is not)`,
  () => {
    it.each([
      { folder: tud, name: 'TUD-Campus', figures: 32 },
      { folder: tud, name: 'TUD-Stadtmitte', figures: 27 },
      { folder: mot17, name: 'MOT17-09', figures: 17 },
    ])(
      '$name: every required figure matches its source to the last printed digit',
      async ({ folder, name, figures }) => {
        const sequence = await readSequence(folder, name);
        if (sequence === undefined) throw new Error(`${name} is not in ${folder}`);
        const required = scoreSequence(sequence)
          .flatMap(({ checks }) => checks)
          .filter((check) => check.required);
        expect(required.filter(({ matches }) => !matches)).toEqual([]);
        expect(required).toHaveLength(figures);
      },
    );
  },
);
