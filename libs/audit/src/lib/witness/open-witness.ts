import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { isConsistent } from '../../verify/hashing.js';
import { openNote, strictBase64, type TrustedKey } from '../../verify/note.js';
import { signatureLine } from '../log/checkpoint-note.js';
import { writeDurably } from '../log/durable-files.js';
import { openSigner } from '../log/log-signer.js';

/** What it signed last, of each log. It only ever grows. */
const memorySchema = z.record(z.string(), z.strictObject({ size: z.int().nonnegative(), root: z.string() }));

export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly body: string;
  readonly contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
}

/** Says that it saw a log grow, and never that it saw one change. @see C2SP tlog-witness */
export interface Witness {
  readonly vkey: string;
  /** One request of `add-checkpoint`: old size, proof, checkpoint. Requests are judged one after the other. */
  addCheckpoint(body: string): Promise<WitnessAnswer>;
}

/**
 * @throws ConfigError `audit.witness-memory` where the key is there and the memory is not: a witness that forgot what it
 * signed would sign a second history
 */
export async function openWitness(options: {
  readonly folder: string;
  readonly name: string;
  /** Keys of the logs that it knows. */
  readonly logKeys: readonly TrustedKey[];
  readonly epochMs: () => number;
}): Promise<Witness> {
  const { folder } = options;
  const path = join(folder, 'memory.json');
  await mkdir(folder, { recursive: true });
  if (existsSync(join(folder, 'witness.key')) && !existsSync(path))
    throw new ConfigError(
      'audit.witness-memory',
      `${folder} has a key and no memory.json: restore it, or make a new witness in an empty folder`,
    );
  if (!existsSync(path)) await writeDurably(path, Buffer.from('{}\n'), 0o600);
  const signer = await openSigner({ folder, file: 'witness.key', name: options.name, kind: 'witness' });
  const memory = new Map(Object.entries(await readMemory(path)));
  let turn: Promise<unknown> = Promise.resolve();

  async function judge(body: string): Promise<WitnessAnswer> {
    const request = readRequest(body);
    if (request === undefined) return answer(400, 'The body is not a request of add-checkpoint\n');
    const opened = openNote(request.note, options.logKeys);
    if (opened === undefined) return answer(400, 'The checkpoint has no form\n');
    const { head, signedBy, broken } = opened;
    if (!options.logKeys.some(({ name }) => name === head.origin)) return answer(404, 'This log is not known\n');
    if (broken.length > 0 || !signedBy.some(({ key }) => key.kind === 'log' && key.name === head.origin))
      return answer(403, 'The checkpoint is not signed by a known key of its log\n');
    if (request.old > head.size) return answer(400, 'The old size is larger than the checkpoint\n');
    const last = memory.get(head.origin);
    if (request.old !== (last?.size ?? 0)) return conflict(last?.size ?? 0);
    const root = head.root.toString('base64');
    if (last !== undefined && last.size === head.size && last.root !== root) return conflict(last.size);
    const older = { size: request.old, root: Buffer.from(last?.root ?? '', 'base64') };
    const isGrown = request.old === 0 ? request.proof.length === 0 : isConsistent(older, head, request.proof);
    if (!isGrown) return answer(422, 'The proof does not show that the log only grew\n');
    // Remembered before it is said: a crash in between costs a signature, never the promise.
    const next = { ...Object.fromEntries(memory), [head.origin]: { size: head.size, root } };
    await writeDurably(path, Buffer.from(`${JSON.stringify(next, null, 2)}\n`), 0o600);
    memory.set(head.origin, { size: head.size, root });
    return answer(200, await cosignature(request.note));
  }

  async function cosignature(note: string): Promise<string> {
    const atS = Math.floor(options.epochMs() / 1_000);
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(atS));
    const signature = await signer.sign(Buffer.from(`cosignature/v1\ntime ${atS}\n${text}`));
    return signatureLine(signer.name, Buffer.concat([signer.keyId, time, signature]));
  }

  return {
    vkey: signer.vkey,
    addCheckpoint: (body) => {
      const result = turn.then(() => judge(body));
      turn = result.catch(() => undefined);
      return result;
    },
  };
}

async function readMemory(path: string): Promise<z.infer<typeof memorySchema>> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new ConfigError('audit.witness-memory', `${path} cannot be read: restore it, or make a new witness`, {
      cause,
    });
  }
}

function readRequest(body: string) {
  const end = body.indexOf('\n\n');
  const [first = '', ...lines] = body.slice(0, Math.max(0, end)).split('\n');
  const [, old] = /^old (0|[1-9]\d{0,14})$/.exec(first) ?? [];
  const proof = lines.map((line) => strictBase64(line)).flatMap((hash) => (hash?.length === 32 ? [hash] : []));
  if (old === undefined || proof.length !== lines.length || proof.length > 63) return undefined;
  return { old: Number(old), proof, note: body.slice(end + 2) };
}

function answer(status: WitnessAnswer['status'], body: string): WitnessAnswer {
  return { status, body, contentType: 'text/plain; charset=utf-8' };
}

function conflict(size: number): WitnessAnswer {
  return { status: 409, body: `${size}\n`, contentType: 'text/x.tlog.size' };
}
