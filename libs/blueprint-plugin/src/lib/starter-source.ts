import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readBlueprints, type Catalog } from '@edge-blueprints/blueprints';
import { ConfigError } from '@edge-blueprints/contracts';
import { packFolder, readPacks, type Pack } from './packs/packs.js';

/** What starters are made from. */
export interface StarterSource {
  /** This repository. */
  readonly root: string;
  readonly catalog: Catalog;
  readonly packs: readonly Pack[];
  /** Parsed package-lock.json. */
  readonly lock: unknown;
}

/** What a packed plugin brings along of the repository; not there in a clone. */
const packedFolder = resolve(import.meta.dirname, '../../data');
const isPacked = existsSync(packedFolder);

/** Everything that is generated comes from here: a clone of this repository, or the part of it that a packed plugin brings. */
export const repositoryRoot = isPacked ? packedFolder : resolve(import.meta.dirname, '../../../..');
export const templateFolder = resolve(import.meta.dirname, '../../templates');

/**
 * For what works on the sources of this repository, of which a packed plugin brings a part only.
 * @param what what is done there, and what a client's workspace does instead
 * @throws ConfigError `plugin.clone-only`
 */
export function requireClone(root: string, generator: string, what: string): void {
  if (existsSync(join(root, 'libs/blueprint-plugin/src'))) return;
  throw new ConfigError(
    'plugin.clone-only',
    `${generator} runs in a clone of Edge Blueprints only, and this plugin was packed for the workspaces of clients. ${what}`,
  );
}

/** @throws ConfigError `blueprints.invalid` */
export const readCatalog = (root: string = repositoryRoot): Catalog =>
  readBlueprints(join(root, 'blueprints'), { packed: isPacked });

/** @throws ConfigError `blueprints.invalid`, `starter.no-packs` */
export function openStarterSource(root: string = repositoryRoot): StarterSource {
  return {
    root,
    catalog: readCatalog(root),
    packs: readPacks(packFolder(root)),
    lock: JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')),
  };
}
