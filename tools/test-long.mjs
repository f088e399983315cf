// The tests that start whole hubs and brokers and kill them (`*.long.spec.ts`): `npm run test:long -- [vitest options]`.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, EDGE_LONG_TESTS: 'true' },
});
child.on('exit', (code) => process.exit(code ?? 1));
