import { z } from 'zod';
import type { BundleProblem } from './bundle-problems.js';
import type { BundleManifest } from './manifest.js';

/** Name of the file within the workshop's output and within the bundle. */
export const validationScoresFile = 'validation-scores.json';

const score = z.number().min(0).max(1);

/**
 * What the model said about labelled pictures that it was not trained on: enough to tell what any threshold would cost,
 * without the pictures. Scores are rounded down to thousandths, so that a comparison with a threshold of three decimals
 * comes out as it did for the score itself.
 */
export const validationScoresSchema = z
  .strictObject({
    format: z.literal('edge-validation-scores/1'),
    model: z
      .strictObject({ file: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
      .meta({ description: 'ONNX file that gave the scores, as it is listed in the bundle.' }),
    source: z.string().min(1).max(500).meta({ description: 'The pictures and the rule of a hit, for people.' }),
    pictures: z.int().min(1).meta({ description: 'Labelled pictures that were judged.' }),
    classes: z
      .array(
        z.strictObject({
          label: z.string().min(1),
          defects: z.int().min(0).meta({ description: 'True defects of this class.' }),
          detections: z
            .array(z.tuple([score, z.union([z.literal(0), z.literal(1)])]))
            .max(200_000)
            .meta({ description: 'Score and 1 for a hit, 0 for none; best first. Each defect is hit once at most.' }),
        }),
      )
      .min(1),
    goodBoards: z
      .array(z.array(score))
      .max(20_000)
      .meta({ description: 'Per good board the highest score of each class, in the order of `classes`; 0 for none.' }),
  })
  .meta({ title: 'Validation scores', description: 'validation-scores.json of a model bundle.' });

export type ValidationScores = z.infer<typeof validationScoresSchema>;

/** The scores, or everything that is wrong with the file. */
export function readValidationScores(
  bytes: Uint8Array,
  file: string,
  manifest: Pick<BundleManifest, 'labels' | 'files'>,
): { readonly scores: ValidationScores } | { readonly problems: readonly BundleProblem[] } {
  const invalid = (message: string): BundleProblem => ({
    code: 'bundle.validation-scores',
    message: `${file}: ${message}`,
  });
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    return { problems: [invalid(`not JSON: ${error instanceof Error ? error.message : 'unreadable'}`)] };
  }
  const parsed = validationScoresSchema.safeParse(json);
  if (!parsed.success)
    return { problems: parsed.error.issues.map(({ path, message }) => invalid(`at ${path.join('.')}: ${message}`)) };
  const scores = parsed.data;
  const problems = unfit(scores, manifest).map(invalid);
  return problems.length > 0 ? { problems } : { scores };
}

function unfit(scores: ValidationScores, { labels, files }: Pick<BundleManifest, 'labels' | 'files'>): string[] {
  const problems: string[] = [];
  const { model, classes, goodBoards } = scores;
  if (files[model.file]?.sha256 !== model.sha256)
    problems.push(
      `made with another ${model.file} (${model.sha256.slice(0, 16)}...); evaluate this one and pack again`,
    );
  const named = classes.map(({ label }) => label);
  if (named.join('\n') !== labels.join('\n'))
    problems.push(`classes ${named.join(', ')}; the bundle has ${labels.join(', ')}`);
  for (const { label, defects, detections } of classes) {
    const hits = detections.filter(([, hit]) => hit === 1).length;
    if (hits > defects) problems.push(`${label}: ${hits} hits of ${defects} defects`);
    if (detections.some(([value], i) => value > (detections[i - 1]?.[0] ?? 1)))
      problems.push(`${label}: detections are not in falling order of their scores`);
  }
  const odd = goodBoards.findIndex((row) => row.length !== classes.length);
  if (odd >= 0) problems.push(`goodBoards.${odd} has ${goodBoards[odd]?.length} scores for ${classes.length} classes`);
  return problems;
}
