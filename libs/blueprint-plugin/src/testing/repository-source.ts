import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlueprints } from '@edge-blueprints/blueprints';
import { repositoryRoot as root, type StarterSource } from '../lib/starter-source.js';
import { pretendedPacks } from './pretended-packs.js';

let opened: StarterSource | undefined;

/** This repository with pretended packs, read once for all specs. */
export function repositorySource(): StarterSource {
  opened ??= {
    root,
    catalog: readBlueprints(join(root, 'blueprints')),
    packs: pretendedPacks(root),
    lock: JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')),
  };
  return opened;
}
