import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';

const plainName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'a file name without folders');

const goldenSetSchema = z.strictObject({
  format: z.literal('edge-golden/1'),
  /** What the set is and where it comes from. */
  note: z.string().default(''),
  parts: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(60),
        /** Picture of the part, a file beside golden.json. */
        image: plainName,
        /** Golden template of its product, a file beside golden.json; left out where the model looks at the part alone. */
        template: plainName.optional(),
        expected: z.enum(['pass', 'reject']),
        /** Classes that must be found in a known-bad part. */
        labels: z.array(z.string()).default([]),
      }),
    )
    .min(2)
    .max(64),
});

export interface GrayPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export interface GoldenPart {
  readonly name: string;
  readonly expected: 'pass' | 'reject';
  readonly labels: readonly string[];
  readonly image: GrayPicture;
  readonly template: GrayPicture | undefined;
}

/**
 * Reads `golden.json` and its pictures. A set needs a known-good and a known-bad part, else it proves only one half.
 * @throws ConfigError `golden.invalid` that names every problem of the set
 */
export async function readGoldenSet(
  folder: string,
  decodeGray: (file: string) => Promise<GrayPicture>,
): Promise<readonly GoldenPart[]> {
  const file = join(folder, 'golden.json');
  const set = parseConfig(goldenSetSchema, await readJson(file), file);
  const problems: string[] = [];
  for (const kind of ['pass', 'reject'] as const) {
    if (!set.parts.some(({ expected }) => expected === kind)) problems.push(`no part is expected to ${kind}`);
  }
  const read = async (name: string, partName: string): Promise<GrayPicture> => {
    try {
      return await decodeGray(join(folder, name));
    } catch (error) {
      problems.push(`part ${partName}: ${errorMessage(error)}`);
      return { width: 0, height: 0, pixels: new Uint8Array() };
    }
  };
  const parts: GoldenPart[] = [];
  for (const { name, expected, labels, image, template } of set.parts) {
    parts.push({
      name,
      expected,
      labels,
      image: await read(image, name),
      template: template === undefined ? undefined : await read(template, name),
    });
  }
  if (problems.length > 0)
    throw new ConfigError('golden.invalid', `The golden set in ${file} cannot be used:\n  ${problems.join('\n  ')}`);
  return parts;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(
      'golden.invalid',
      `The golden set ${file} cannot be read: ${errorMessage(error)}. Set golden.folder to a folder with golden.json`,
      {
        cause: error,
      },
    );
  }
}
