import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import { tileParts } from './labelled-tiles.js';
import type { TilePart } from './labelled-tiles.js';

export const tileHelp = `Scores a one-class bundle on labelled tiles through the station's own preprocess, infer, postprocess and decide.

  npm run evaluate -- --tiles DIR [options]

  --tiles DIR         index.csv (image,class,tile_group,...; class "free" is good) and images/
  --part NAME         train, validation or test (default: test)
  --split FILE        which group belongs to which part (default: models/surface-anomaly/split.json)
  --bundle DIR        model bundle (default: models/bundles/surface-anomaly)
  --trusted-keys FILE keys whose bundles are accepted (default: models/bundles/trusted-keys.json)
  --allow-unsigned    accept a bundle without a signature (work on a model)
  --variant ID        variant of the bundle (default: its first)
  --threads N         threads of one run (default: 1)
  --json FILE         write all figures and scores as JSON
  --help`;

export interface TileOptions {
  readonly tiles: string;
  readonly part: TilePart;
  readonly split: string;
  readonly bundle: string;
  readonly trustedKeys: string;
  readonly allowUnsigned: boolean;
  readonly variant: string | undefined;
  readonly threads: number;
  readonly json: string | undefined;
}

/**
 * @param models folder of the repository's models
 * @throws ConfigError `evaluate.arguments` with every problem
 */
export function parseTileOptions(args: readonly string[], models: string): TileOptions | 'help' {
  const values = readArgs(args);
  if (values.help === true) return 'help';
  const problems: string[] = [];
  const part = tileParts.find((name) => name === (values.part ?? 'test'));
  if (values.tiles === undefined) problems.push('--tiles DIR is needed');
  if (part === undefined) problems.push(`--part must be one of ${tileParts.join(', ')}, got "${values.part ?? ''}"`);
  if (!/^[1-9]\d{0,2}$/.test(values.threads ?? '1'))
    problems.push(`--threads must be a whole number from 1, got "${values.threads ?? ''}"`);
  if (problems.length > 0 || part === undefined)
    throw new ConfigError('evaluate.arguments', `${problems.join('\n')}\n\n${tileHelp}`);
  return {
    tiles: resolve(values.tiles ?? '.'),
    part,
    split: resolve(values.split ?? join(models, 'surface-anomaly/split.json')),
    bundle: resolve(values.bundle ?? join(models, 'bundles/surface-anomaly')),
    trustedKeys: resolve(values['trusted-keys'] ?? join(models, 'bundles/trusted-keys.json')),
    allowUnsigned: values['allow-unsigned'] ?? false,
    variant: values.variant,
    threads: Number(values.threads ?? 1),
    json: values.json === undefined ? undefined : resolve(values.json),
  };
}

function readArgs(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        tiles: text,
        part: text,
        split: text,
        bundle: text,
        'trusted-keys': text,
        'allow-unsigned': flag,
        variant: text,
        threads: text,
        json: text,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new ConfigError('evaluate.arguments', `${errorMessage(error)}\n\n${tileHelp}`, { cause: error });
  }
}
