import { execFile } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { repositoryRoot as root } from '../compose/start-parts.js';

const verdictNames = ['integrity', 'consistency', 'completeness', 'time', 'witness'] as const;
const reportSchema = z.looseObject({
  size: z.int(),
  unanchored: z.int(),
  boots: z.int(),
  declaredGaps: z.int(),
  exitCode: z.int(),
  verdicts: z.partialRecord(z.enum(verdictNames), z.looseObject({ status: z.string() })),
});

export interface TrailVerdict {
  readonly entries: number;
  /** 0: all of it holds, and what the demo kept beside it agrees; see the verifier's help for the others. */
  readonly exitCode: number | null;
  readonly verdicts: Readonly<Record<string, string>>;
  readonly unanchored: number;
  readonly boots: number;
  readonly declaredGaps: number;
  /** Copies of signed checkpoints that the demo kept while the ward ran. */
  readonly anchors: number;
  readonly problem?: string;
}

/** Somebody outside of the gateway who keeps copies of its checkpoints. */
export interface CheckpointKeeper {
  /** Keeps the checkpoint of this moment where it is another one. */
  keep(): Promise<void>;
  readonly file: string;
  readonly count: () => number;
}

export function createCheckpointKeeper(trailFolder: string, file: string): CheckpointKeeper {
  let last = '';
  let count = 0;
  return {
    file,
    count: () => count,
    async keep() {
      const note = await readFile(join(trailFolder, 'checkpoint'), 'utf8').catch(() => '');
      if (note === '' || note === last) return;
      last = note;
      count += 1;
      await appendFile(file, `${JSON.stringify({ checkpoint: note })}\n`);
    },
  };
}

/** Has the verifier, a program that shares no code with the writer, judge the trail of a ward that has stopped. */
export async function verifyTrail(
  trail: { readonly folder: string; readonly vkeyFile: string },
  keeper: CheckpointKeeper,
): Promise<TrailVerdict> {
  const { code, out, fault } = await new Promise<{ code: number | null; out: string; fault: string }>((resolve) => {
    execFile(
      process.execPath,
      [
        ...[join(root, 'tools/run.mjs'), join(root, 'libs/audit/src/audit-verify.ts'), '--json'],
        ...['--log', trail.folder, '--vkey', trail.vkeyFile, '--anchor', keeper.file],
      ],
      { timeout: 120_000, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ code, out: stdout, fault: stderr.trim() });
      },
    );
  });
  try {
    const report = reportSchema.parse(JSON.parse(out));
    const { size, unanchored, boots, declaredGaps, verdicts } = report;
    return {
      ...{ entries: size, exitCode: code, unanchored, boots, declaredGaps, anchors: keeper.count() },
      verdicts: Object.fromEntries(Object.entries(verdicts).map(([name, verdict]) => [name, verdict?.status ?? '-'])),
    };
  } catch (error) {
    return {
      ...{ entries: 0, exitCode: code, verdicts: {}, unanchored: 0, boots: 0, declaredGaps: 0 },
      anchors: keeper.count(),
      problem: fault === '' ? errorMessage(error) : fault.slice(0, 2_000),
    };
  }
}
