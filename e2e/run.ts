// Every suite, one after the other. Names on the command line choose: `npm run e2e -- rtsp patterns`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const ending = '.e2e.ts';
const all = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(ending))
  .map((name) => name.slice(0, -ending.length))
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No suite ${unknown.join(', ')}; there are ${all.join(', ')}.`);
  process.exit(2);
}
const failed = (wanted.length > 0 ? wanted : all).filter((name) => {
  const runner = join(import.meta.dirname, '../tools/run.mjs');
  return (
    spawnSync(process.execPath, [runner, join(import.meta.dirname, name + ending)], { stdio: 'inherit' }).status !== 0
  );
});
console.log(failed.length === 0 ? 'All suites passed.' : `Failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
