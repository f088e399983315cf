// Verifies a trail, an entry of it, or exported evidence. Shares no code with the writer. Codes and use: README.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAnchors, type Anchor } from './verify/anchors.js';
import { checkEvidence, readEvidence, type EvidenceReport } from './verify/evidence.js';
import { openLogFolder } from './verify/log-folder.js';
import { parseVkey, type TrustedKey } from './verify/note.js';
import { proveFromFolder } from './verify/prove-entry.js';
import { reportText } from './verify/report-text.js';
import { exitCodes, verifyLog } from './verify/verify-log.js';

const help = `node tools/run.mjs libs/audit/src/audit-verify.ts --log DIR --vkey KEY [options]
node tools/run.mjs libs/audit/src/audit-verify.ts --log DIR --vkey KEY --prove SEQ
node tools/run.mjs libs/audit/src/audit-verify.ts --evidence DIR --vkey KEY

  --log DIR            the published folder (the one with the file "checkpoint")
  --vkey KEY           key of the log, or a file that holds it; from somewhere else than the gateway; again for each key
  --anchor FILE        checkpoints or SIEM lines that somebody else kept; again for each file
  --witness-vkey KEY   key of a witness that has to have signed; again for each witness
  --witness-quorum N   so many of them are enough
  --max-unanchored N   so many of the newest entries may be without an anchor (0)
  --prove SEQ          one entry alone
  --evidence DIR       a folder that audit-export made
  --json               the report as JSON

Exit code: 0 all of it holds and is anchored; 10 integrity, 11 consistency, 12 completeness, 13 time, 14 witness failed;
20 it agrees with itself, but nothing outside speaks for it; 2 wrong use.
`;

const { values } = parseArgs({
  options: {
    log: { type: 'string' },
    vkey: { type: 'string', multiple: true, default: [] },
    anchor: { type: 'string', multiple: true, default: [] },
    'witness-vkey': { type: 'string', multiple: true, default: [] },
    'witness-quorum': { type: 'string' },
    'max-unanchored': { type: 'string', default: '0' },
    prove: { type: 'string' },
    evidence: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const problems: string[] = [];
const keys = [...(await keysOf(values.vkey, 'log')), ...(await keysOf(values['witness-vkey'], 'witness'))];
const quorum = wholeNumber('witness-quorum', values['witness-quorum']);
const maxUnanchored = wholeNumber('max-unanchored', values['max-unanchored']) ?? 0;
const seq = wholeNumber('prove', values.prove);
const anchors = await anchorsOf(values.anchor);
if (!keys.some(({ kind }) => kind === 'log'))
  problems.push('--vkey is needed: a log proves nothing by a key of its own choice');
const folder = values.evidence ?? values.log;
if (folder === undefined) problems.push('--log DIR or --evidence DIR is needed');
else if (!existsSync(folder)) problems.push(`${folder} does not exist`);

if (values.help) process.stdout.write(help);
else if (problems.length > 0 || folder === undefined) {
  process.stderr.write(`${problems.map((problem) => `${problem}\n`).join('')}\n${help}`);
  process.exitCode = 2;
} else process.exitCode = await run(folder);

async function run(path: string): Promise<number> {
  if (values.evidence !== undefined) return tellEvidence(checkEvidence(await readEvidence(path), keys, quorum));
  const log = existsSync(join(path, 'checkpoint')) || !existsSync(join(path, 'log')) ? path : join(path, 'log');
  if (seq !== undefined) {
    const evidence = await proveFromFolder(log, seq);
    if (typeof evidence === 'string') {
      process.stderr.write(`${evidence}\n`);
      return exitCodes.integrity;
    }
    if (!values.json) process.stdout.write(`${evidence.entry.toString('utf8')}\n\n${evidence.proof}\n`);
    return tellEvidence(checkEvidence(evidence, keys, quorum));
  }
  const report = await verifyLog({
    folder: openLogFolder(log),
    keys,
    anchors,
    maxUnanchored,
    ...(quorum === undefined ? {} : { quorum }),
  });
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  return report.exitCode;
}

function tellEvidence(report: EvidenceReport): number {
  const lines = report.holds
    ? [
        `Entry ${report.seq} is in the log ${report.origin} of ${report.size} entries, as its key signed.`,
        ...report.witnesses.map(({ name, at }) => `Witness ${name} saw that log at ${at}.`),
      ]
    : report.problems;
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`);
  return report.holds ? 0 : exitCodes.integrity;
}

async function keysOf(texts: readonly string[], kind: TrustedKey['kind']): Promise<readonly TrustedKey[]> {
  const found: TrustedKey[] = [];
  for (const text of texts) {
    const key = parseVkey(existsSync(text) ? await readFile(text, 'utf8') : text);
    if (key?.kind === kind) found.push(key);
    else problems.push(`"${text}" is no key of a ${kind}`);
  }
  return found;
}

async function anchorsOf(files: readonly string[]): Promise<readonly Anchor[]> {
  const found: Anchor[] = [];
  for (const file of files) {
    if (!existsSync(file)) {
      problems.push(`${file} does not exist`);
      continue;
    }
    const { anchors: read, unread } = readAnchors(await readFile(file, 'utf8'), file);
    found.push(...read);
    if (read.length === 0) problems.push(`${file} holds no anchor`);
    else if (unread.length > 0)
      process.stderr.write(`${file}: ${unread.length} lines hold no anchor, the first is line ${unread[0]}\n`);
  }
  return found;
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) problems.push(`--${name} takes a whole number, not "${text}"`);
  return Number(text);
}
