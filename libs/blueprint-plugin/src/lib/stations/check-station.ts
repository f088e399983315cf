import { unknownName } from '@edge-blueprints/blueprints';
import { ConfigError, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { StarterTarget } from '../apply-starter.js';
import { checkOptions, type StarterChoice } from '../check-options.js';
import { starterId } from '../starter-config.js';
import { readStarterManifest, type StarterManifest } from '../starter-manifest.js';
import type { StarterSource } from '../starter-source.js';
import type { StationPlace } from './station-config.js';

/** What `station` is asked for. */
export const stationOptionsSchema = z.strictObject({
  name: z.string(),
  /** Folder of the starter. */
  directory: z.string().min(1),
  /** Those of the starter when left out. */
  target: z.array(z.string()).optional(),
});
export type StationOptionsInput = z.input<typeof stationOptionsSchema>;

export interface StationChoice {
  readonly starter: StarterManifest;
  readonly choice: StarterChoice;
  readonly station: StationPlace;
}

/** Part of file names, device names and topics. */
const stationName = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Holds a further station against the starter that it shall join.
 * @throws ConfigError `starter.station` with every problem; `starter.options` where the starter's own options fit no longer
 */
export function checkStation(
  input: unknown,
  folder: StarterTarget,
  source: Pick<StarterSource, 'root' | 'catalog'>,
): StationChoice {
  const { name, directory, target } = parseConfig(stationOptionsSchema, input, 'the options of station');
  const problems: string[] = [];
  if (!stationName.test(name) || name.length > 32)
    problems.push(
      `name: "${name}" is no station name; use up to 32 lower-case letters, digits and dashes, as in "line-2"`,
    );
  const starter = readStarterManifest(folder, directory);
  const asked = target !== undefined && target.length > 0 ? [...new Set(target)] : undefined;
  if (starter === undefined)
    problems.push(`directory: ${directory} holds no starter; make one with client-starter, or name its folder`);
  else problems.push(...joinProblems(starter, name, asked, directory));
  if (starter?.options === undefined || problems.length > 0)
    throw new ConfigError(
      'starter.station',
      `${problems.length} problem(s):\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
      { context: { problems } },
    );
  const known = starter.stations?.[name];
  // A target that was left out keeps what the station has; one more joins them.
  const targets = [
    ...new Set([...(known?.target ?? []), ...(asked ?? (known === undefined ? starter.options.target : []))]),
  ];
  const numbers = Object.values(starter.stations ?? {}).map((each) => each.number);
  return {
    starter,
    station: { name, number: known?.number ?? Math.max(1, ...numbers) + 1 },
    choice: checkOptions(
      { ...starter.options, name: starter.name, blueprint: starter.blueprint, target: targets },
      source.catalog,
      source.root,
    ),
  };
}

function joinProblems(
  { name: starterName, options }: StarterManifest,
  name: string,
  target: readonly string[] | undefined,
  directory: string,
): readonly string[] {
  const problems: string[] = [];
  if (name === starterId(starterName))
    problems.push(`name: "${name}" is the first station of the starter; take another`);
  if (options === undefined)
    return [
      ...problems,
      `directory: ${directory} was made by a version that did not remember its options; run client-starter over it first`,
    ];
  for (const each of target ?? [])
    if (!options.target.includes(each))
      problems.push(
        `target: ${unknownName('target of this starter', each, options.target)}; client-starter over it adds one`,
      );
  return problems;
}
