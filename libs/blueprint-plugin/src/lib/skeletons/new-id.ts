import { nearestName, unknownName } from '@edge-blueprints/blueprints';
import { ConfigError } from '@edge-blueprints/contracts';

const idForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Why a client's workspace cannot have a folder of its own. */
export const newData =
  'It adds a folder of data there, from which the starters of all clients are made: run it in the clone, then npm run preset-pack packs the plugin with it.';

export interface NewFolder {
  readonly kind: 'blueprint' | 'target';
  readonly id: string;
  /** Folders that are there. */
  readonly known: readonly string[];
  /** What the skeleton is made from; one of `known`. */
  readonly like: string;
}

/**
 * Whether a folder of data may be made under this name.
 * @param more problems of other options, told together
 * @returns a warning where a known name is close; undefined where none is
 * @throws ConfigError `data.new` with every problem
 */
export function checkNewId({ kind, id, known, like }: NewFolder, more: readonly string[] = []): string | undefined {
  const problems = [...more];
  if (!idForm.test(id) || id.length > 64)
    problems.push(
      `id: "${id}" is no id; use lower-case letters, digits and single hyphens, as in "${known[0] ?? 'a-b'}"`,
    );
  if (known.includes(id) || id === 'targets')
    problems.push(`id: there is a ${kind} "${id}" already; edit its folder, or take another id`);
  if (!known.includes(like)) problems.push(`like: ${unknownName(kind, like, known)}`);
  if (problems.length > 0)
    throw new ConfigError(
      'data.new',
      `${problems.length} problem(s):\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
      { context: { problems } },
    );
  const near = nearestName(id, known);
  return near === undefined
    ? undefined
    : `"${id}" is close to the ${kind} "${near}": if it is the same, remove it again`;
}
