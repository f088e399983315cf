import { ConfigError, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { bundleManifestSchema } from '../manifest.js';
import { lineageInputSchema } from '../licence-record.js';
import { listOf } from './label-sets.js';
import { modelFamilies } from './model-family.js';

const { shape } = bundleManifestSchema;
const list = z.union([z.string().min(1).transform(listOf), z.array(z.string().min(1)).min(1)]);
const share = z.number().gt(0).lt(1);

/** What a person may have to say about a foreign model; everything that its file and its family tell may be left out. */
export const wrapSettingsSchema = z.strictObject({
  name: shape.name.optional(),
  version: z
    .string()
    .regex(/^\d+\.\d+$/, 'must be major.minor')
    .optional(),
  family: z.enum(modelFamilies).optional(),
  labels: list.optional(),
  person: z.string().min(1).optional(),
  keypoints: list.optional(),
  width: z.int().min(32).max(4096).optional(),
  height: z.int().min(32).max(4096).optional(),
  channels: z.enum(['gray', 'rgb', 'bgr']).optional(),
  scale: z.number().positive().optional(),
  mean: z.array(z.number()).max(3).optional(),
  std: z.array(z.number().positive()).max(3).optional(),
  padValue: z.int().min(0).max(255).optional(),
  align: z.enum(['centre', 'top-left']).optional(),
  fit: z.enum(['contain', 'stretch']).optional(),
  margin: z.number().min(1).max(3).optional(),
  threshold: share.optional(),
  scoreFloor: share.optional(),
  nmsIou: share.optional(),
  licence: lineageInputSchema.shape.licence.optional(),
  licenceNote: z.string().min(1).optional(),
  redistribution: lineageInputSchema.shape.redistribution.optional(),
  origin: z.string().min(1).optional(),
  trainedOn: z.string().min(1).optional(),
  citation: z.string().min(1).optional(),
  seed: z.int().min(0).optional(),
});
export type WrapSettings = z.infer<typeof wrapSettingsSchema>;
export type WrapField = keyof WrapSettings;

/** What is asked, in the words of the question; also the help of the flags. */
export const wrapQuestions: Readonly<Record<WrapField, string>> = {
  name: 'Name of the bundle: lower-case letters, digits and dashes',
  version: 'Version, major.minor',
  family: `Kind of model: ${modelFamilies.join(', ')}`,
  labels: 'Classes in the order of the score channels, between commas, or coco-80',
  person: 'Which of the classes is a person; the bundle calls it "person"',
  keypoints: 'Names of the keypoints in order, between commas, or coco-17',
  width: 'Width of the input, pixels',
  height: 'Height of the input, pixels',
  channels: 'Order of the colours: rgb, bgr or gray',
  scale: 'Factor on the levels 0 to 255, for example 0.00392157 for 0 to 1',
  mean: 'Subtracted per channel after the scale, between commas',
  std: 'Divided by per channel after the mean, between commas',
  padValue: 'Grey level of the padding, 0 to 255',
  align: 'Where the picture lies between its padding: centre or top-left',
  fit: 'contain keeps the sides of the picture, stretch fills the input',
  margin: 'Side of the crop over side of the box of a person',
  threshold: 'A person counts from this score on, 0 to 1; the author of the model may name one, 0.4 is usual',
  scoreFloor: 'Candidates below this score are never looked at',
  nmsIou: 'A box that overlaps a better one by more is dropped',
  licence: 'Licence of the weights: an SPDX identifier, or LicenseRef-...',
  licenceNote: 'Limits of use that the licence does not say',
  redistribution: 'Whether the weights may be passed on: allowed, research-only, forbidden or unknown',
  origin: 'Where the file comes from: address and version',
  trainedOn: 'Data it was trained on, as its author says',
  citation: 'What its author asks to be cited',
  seed: 'Seed of the drawn pictures of the golden vectors',
};

/** `padValue` to `--pad-value`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const numeric: ReadonlySet<string> = new Set<WrapField>([
  ...(['width', 'height', 'scale', 'padValue', 'margin', 'threshold', 'scoreFloor', 'nmsIou', 'seed'] as const),
]);

/**
 * Answers as they were typed, in a flag or at a question, to settings.
 * @throws ConfigError `config.invalid` with every answer that does not fit
 */
export function parseAnswers(answers: Readonly<Record<string, string>>, where: string): WrapSettings {
  const values = Object.entries(answers).map(([name, text]) => {
    if (name === 'mean' || name === 'std')
      return [name, text.trim() === '' ? [] : text.split(',').map(Number)] as const;
    return [name, numeric.has(name) ? Number(text) : text] as const;
  });
  return parseConfig(wrapSettingsSchema, Object.fromEntries(values), where);
}

/** Something that only a person can say. */
export interface OpenQuestion {
  readonly field: WrapField;
  /** More than the general question: what the file said, what to choose from. */
  readonly hint: string;
}

/** @returns never; the error lists every question with its flag */
export function openQuestionsError(file: string, questions: readonly OpenQuestion[], more: boolean): ConfigError {
  const lines = questions.map(({ field, hint }) => {
    const detail = hint === '' ? '' : ` (${hint})`;
    return `  ${flagOf(field).padEnd(16)} ${wrapQuestions[field]}${detail}`;
  });
  const rest = more ? ['More may be open once the size of the input is known.'] : [];
  return new ConfigError(
    'bundle.wrap-open',
    [
      `${file} does not say all that a bundle must say. Give these, as flags or in --from-settings FILE, or run on a terminal to be asked:`,
      ...lines,
      ...rest,
    ].join('\n'),
    { context: { open: questions.map(({ field }) => field) } },
  );
}
