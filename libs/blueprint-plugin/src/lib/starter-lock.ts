import { ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { Pack } from './packs/packs.js';

const names = z.record(z.string(), z.string()).optional();
const entrySchema = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().optional() })).optional(),
});
type Entry = z.infer<typeof entrySchema>;
const lockSchema = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), entrySchema) });

export interface StarterDependencies {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** What stands in the package.json of the starter besides its dependencies, as far as a lock file repeats it. */
export interface RootFacts {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

/**
 * The lock file of a starter: the part of our own that its packages need, so that a client installs the versions that were tested
 * here, with their integrity, and generating asks no network. Our packages are the tarballs of the starter.
 * @param ownLock parsed package-lock.json of this repository
 * @throws ConfigError `starter.lock` for a dependency that our lock file does not hold
 */
export function starterLock(ownLock: unknown, packs: readonly Pack[], root: RootFacts, wanted: StarterDependencies) {
  const { packages } = lockSchema.parse(ownLock);
  const tree = createTree(packages, packs);
  const runtime = tree.reach(Object.keys(wanted.dependencies), 'needed');
  const runtimeAll = tree.reach(Object.keys(wanted.dependencies), 'all');
  const tools = tree.reach(Object.keys(wanted.devDependencies), 'needed');
  const toolsAll = tree.reach(Object.keys(wanted.devDependencies), 'all');
  const places = [...new Set([...runtimeAll, ...toolsAll])].sort();
  const flagsOf = (place: string) => {
    if (runtime.has(place)) return {};
    if (runtimeAll.has(place)) return tools.has(place) ? { devOptional: true } : { optional: true };
    return tools.has(place) ? { dev: true } : { dev: true, optional: true };
  };
  const locked = places.map((place) => [place, { ...tree.entry(place), ...flagsOf(place) }] as const);
  const all: Readonly<Record<string, unknown>> = { '': { ...root, ...wanted }, ...Object.fromEntries(locked) };
  return {
    name: root.name,
    version: root.version,
    lockfileVersion: 3,
    requires: true,
    packages: all,
  };
}

/** The packages by the place that they have in the starter. */
function createTree(packages: Readonly<Record<string, Entry>>, packs: readonly Pack[]) {
  // In our lock file a package of ours lives in its folder, in the starter under node_modules.
  const homes = new Map(
    Object.entries(packages).flatMap(([place, { link, resolved }]) =>
      link === true && resolved !== undefined ? [[resolved, place] as const] : [],
    ),
  );
  const placed = new Map<string, Entry>();
  for (const [place, entry] of Object.entries(packages)) {
    if (place === '' || entry.link === true || homes.has(place)) continue;
    const home = [...homes].find(([folder]) => place.startsWith(`${folder}/node_modules/`));
    placed.set(home === undefined ? place : home[1] + place.slice(home[0].length), entry);
  }
  for (const pack of packs) placed.set(`node_modules/${pack.name}`, packEntry(pack));

  const resolve = (from: string, name: string): string | undefined => {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
      const place = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
      if (placed.has(place)) return place;
      if (at === '') return undefined;
    }
  };
  const edges = (from: string, which: 'needed' | 'all'): readonly string[] => {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = placed.get(from) ?? {};
    const optional = Object.keys(optionalDependencies ?? {});
    const needed = [
      ...Object.keys(dependencies ?? {}).filter((name) => !optional.includes(name)),
      ...Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true),
    ];
    const required = needed.map((name) => resolve(from, name) ?? missing(name, from));
    return which === 'needed' ? required : [...required, ...optional.flatMap((name) => resolve(from, name) ?? [])];
  };
  return {
    entry: (place: string): Entry => {
      const { dev: _dev, optional: _optional, devOptional: _both, peer: _peer, ...rest } = placed.get(place) ?? {};
      return rest;
    },
    reach(names: readonly string[], which: 'needed' | 'all'): ReadonlySet<string> {
      const reached = new Set<string>();
      const queue = names.map((name) => resolve('', name) ?? missing(name, 'the starter'));
      for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
        if (reached.has(place)) continue;
        reached.add(place);
        queue.push(...edges(place, which));
      }
      return reached;
    },
  };
}

function missing(name: string, by: string): never {
  throw new ConfigError(
    'starter.lock',
    `package-lock.json does not hold ${name}, which ${by} needs; run npm install in this repository`,
  );
}

const packEntry = ({ version, file, integrity, license, dependencies }: Pack): Entry => ({
  version,
  resolved: `file:vendor/${file}`,
  integrity,
  license,
  ...(Object.keys(dependencies).length === 0 ? {} : { dependencies }),
});
