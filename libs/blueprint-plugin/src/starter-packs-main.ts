import { errorMessage } from '@edge-blueprints/contracts';
import { makePacks } from './lib/packs/make-packs.js';
import { repositoryRoot } from './lib/starter-source.js';

// Builds and packs our packages anew for the starters: after a change of any of them.
try {
  makePacks(repositoryRoot, 'always', (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}
