import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { isMissing } from '../workspace.js';

/** What the page tells of `blueprints/targets/ID/reports/MODEL.ROUTE.json`; models/workshop writes them. */
const reportSchema = z.object({
  format: z.literal('edge-compile-report/1'),
  route: z.string(),
  model: z.string(),
  modelVersion: z.string(),
  state: z.enum(['compiled', 'prepared', 'failed']),
  artefacts: z.array(z.object({ file: z.string(), bytes: z.number() })).min(1),
  facts: z.object({ ranOn: z.array(z.string()).default([]) }).default({ ranOn: [] }),
  parity: z.object({
    outputs: z.record(
      z.string(),
      z.object({ maxAbsolute: z.number(), outlierShare: z.number(), absolute: z.number(), relative: z.number() }),
    ),
    verdicts: z.object({ same: z.number(), compared: z.number(), excused: z.number() }).nullable(),
  }),
});
export type CompileReport = z.infer<typeof reportSchema>;

/** Reports of a target's folder, in the order of models; none where nothing was compiled. */
export function readCompileReports(folder: string): readonly CompileReport[] {
  return namesOf(join(folder, 'reports')).map((name) => {
    const file = join(folder, 'reports', name);
    const parsed = reportSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data;
    throw new ConfigError(
      'blueprints.report',
      `${file} is no compile report:\n${z.prettifyError(parsed.error)}\nRun models:compile again.`,
    );
  });
}

function namesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
