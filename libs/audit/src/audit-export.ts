// One entry with its proof and checkpoint as a folder that stands alone: `audit-export.ts --log DIR --seq N --out DIR`.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { proveFromFolder } from './verify/prove-entry.js';

const help = `node tools/run.mjs libs/audit/src/audit-export.ts --log DIR --seq N --out DIR

  --log DIR   the published folder (the one with the file "checkpoint")
  --seq N     number of the entry
  --out DIR   a folder that does not exist yet
`;

const { values } = parseArgs({
  options: {
    log: { type: 'string' },
    seq: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const { log, seq, out } = values;

if (values.help) process.stdout.write(help);
else if (log === undefined || out === undefined || seq === undefined || !/^\d{1,15}$/.test(seq) || existsSync(out)) {
  process.stderr.write(`--log, --seq and an --out that does not exist are needed.\n${help}`);
  process.exitCode = 2;
} else process.exitCode = await exportEntry(log, Number(seq), out);

async function exportEntry(folder: string, number: number, target: string): Promise<number> {
  const evidence = await proveFromFolder(folder, number);
  if (typeof evidence === 'string') {
    process.stderr.write(`${evidence}\n`);
    return 1;
  }
  const temporary = `${target}.part`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  await writeFile(join(temporary, 'entry.json'), evidence.entry);
  await writeFile(join(temporary, 'entry.tlog-proof'), evidence.proof);
  await writeFile(join(temporary, 'README.txt'), readme(number));
  await rename(temporary, target);
  process.stdout.write(`${target}: entry ${number} with its proof\n`);
  return 0;
}

function readme(number: number): string {
  return `Entry ${number} of an audit trail, with its proof.

entry.json         the entry, byte for byte as it was hashed
entry.tlog-proof   its place in the log and the signed checkpoint (c2sp.org/tlog-proof)

The proof holds for whoever has the log's key from somewhere else than this folder:

  node tools/run.mjs libs/audit/src/audit-verify.ts --evidence FOLDER --vkey KEY

Any other program that reads this form and RFC 6962 will say the same: the hash of a zero byte and entry.json is the leaf.
`;
}
