import { createHash } from 'node:crypto';
import { ConfigError } from '@edge-blueprints/contracts';
import type { StarterFiles } from './render-template.js';
import {
  readStarterManifest,
  starterManifestFile,
  type StarterManifest,
  type StarterStations,
} from './starter-manifest.js';

/** Where a starter is written: Nx's tree of pending changes, or a folder. */
export interface StarterTarget {
  /** Names in a folder; empty where there is none. */
  children(path: string): readonly string[];
  /** undefined for a file that is not there. */
  read(path: string): Buffer | undefined;
  write(path: string, bytes: Buffer): void;
}

export interface StarterReport {
  readonly written: readonly string[];
  /** Changed or removed by hand since they were generated, and left so. */
  readonly kept: readonly string[];
  readonly unchanged: number;
}

/** Which starter, and what it remembers of how it was made; what is left out stays as it was remembered. */
export interface StarterIdentity {
  readonly name: string;
  readonly blueprint: string;
  readonly folder: string;
  readonly options?: StarterManifest['options'];
  /** A workspace that was made for this starter: what is in the way of its first generation is replaced. */
  readonly adopt?: boolean;
  /** Stations besides the first one; those that are there already stay. */
  readonly stations?: StarterStations;
}

/**
 * Writes the files of a starter. What was changed or removed by hand since it was generated stays as it is; everything else
 * becomes what it should be now. Run twice with the same options, nothing changes.
 * @throws ConfigError `starter.folder-taken`, `starter.other` before anything is written
 */
export function applyStarter(target: StarterTarget, files: StarterFiles, starter: StarterIdentity): StarterReport {
  const before = manifestBefore(target, starter);
  const adopts = starter.adopt === true;
  const written: string[] = [];
  const kept: string[] = [];
  const sums: Record<string, string> = {};
  let unchanged = 0;
  for (const [path, bytes] of [...files].sort(([a], [b]) => a.localeCompare(b))) {
    const found = target.read(path);
    const last = before?.files[path];
    if (found?.equals(bytes) === true) {
      unchanged += 1;
      sums[path] = sha256(bytes);
    } else if (last !== undefined && (found === undefined || sha256(found) !== last)) {
      kept.push(path);
      sums[path] = last;
    } else if (last === undefined && found !== undefined && !(adopts && before === undefined)) {
      kept.push(path); // the client had it before we wanted to write it
    } else {
      target.write(path, bytes);
      written.push(path);
      sums[path] = sha256(bytes);
    }
  }
  // What is generated no longer stays where it is, and stays known as ours.
  for (const [path, sum] of Object.entries(before?.files ?? {})) if (!files.has(path)) sums[path] = sum;
  const { name, blueprint } = starter;
  const ordered = Object.fromEntries(Object.entries(sums).sort(([a], [b]) => a.localeCompare(b)));
  const options = starter.options ?? before?.options;
  const stations = { ...before?.stations, ...starter.stations };
  const manifest: StarterManifest = {
    ...{ format: 'edge-starter-files/1', name, blueprint },
    ...(options === undefined ? {} : { options }),
    ...(Object.keys(stations).length === 0 ? {} : { stations }),
    files: ordered,
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  if (target.read(starterManifestFile)?.equals(bytes) !== true) target.write(starterManifestFile, bytes);
  return { written, kept, unchanged };
}

function manifestBefore(
  target: StarterTarget,
  { name, blueprint, folder, adopt = false }: StarterIdentity,
): StarterManifest | undefined {
  const manifest = readStarterManifest(target, folder);
  if (manifest === undefined) {
    const inside = target.children('');
    if (inside.length === 0 || adopt) return undefined;
    throw new ConfigError(
      'starter.folder-taken',
      `The folder ${folder} is not empty (${inside.slice(0, 5).join(', ')}) and holds no starter; choose another --directory`,
    );
  }
  if (manifest.name !== name || manifest.blueprint !== blueprint)
    throw new ConfigError(
      'starter.other',
      `The folder ${folder} holds the starter "${manifest.name}" of ${manifest.blueprint}; choose another --directory, or these names`,
    );
  return manifest;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
