import { sha512, type Pack } from '../lib/packs/packs.js';
import { readManifest } from '../lib/packs/stage-package.js';
import { workspaceFolders } from '../lib/packs/pack-workspace.js';

/** Packs with the true names and dependencies of our packages and a line instead of a tarball: nothing has to be built. */
export function pretendedPacks(root: string): readonly Pack[] {
  return [...workspaceFolders(root).values()].map((folder) => {
    const { name, version, license, dependencies } = readManifest(folder);
    const bytes = Buffer.from(`${name} ${version}`);
    const file = `${name.slice(1).replace('/', '-')}-${version}.tgz`;
    return { name, version, license, dependencies, file, bytes, integrity: sha512(bytes) };
  });
}
