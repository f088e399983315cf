import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParityGate, TargetRoute } from '@edge-blueprints/contracts';
import type { StarterFiles } from './render-template.js';

/** The folder of the sidecar in this repository; the package `sidecar` of Python. */
const sidecarFolder = 'models/sidecar';
/** What is only of use in this repository, or was left behind by a run. */
const unwanted = /^(tests|\.venv|setup\.mjs|requirements\.lock)(\/|$)|__pycache__/;

/** The server that a starter brings along for accelerators that Node cannot reach, as its folder `sidecar/`. */
export function sidecarFiles(root: string): StarterFiles {
  const folder = join(root, sidecarFolder);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !unwanted.test(path))
    .sort();
  return new Map(paths.map((path) => [`sidecar/${path}`, readFileSync(join(folder, path))]));
}

/** The gate by which sidecar and station judge what this route compiled; undefined where its integers are the bundle's own, or none. */
export function servedParity(route: TargetRoute | undefined): ParityGate | undefined {
  if (route?.sidecar === undefined || route.precision !== 'int8' || route.source === 'int8') return undefined;
  const { factor, outlierShare } = route.parity;
  return { factor, outlierShare };
}

/** Arguments of `python3 -m sidecar`, for a bundle folder and the folder in which the compiled files lie. */
export function sidecarArguments(
  { backend, variant, artefact, tail, more = [] }: NonNullable<TargetRoute['sidecar']>,
  parity: ParityGate | undefined,
  bundle: string,
  folder: string,
): readonly string[] {
  return [
    ...['--backend', backend, '--bundle', bundle, '--variant', variant, '--artefact', `${folder}/${artefact}`],
    ...(tail === undefined ? [] : ['--tail', `${folder}/${tail}`]),
    ...(parity === undefined
      ? []
      : ['--parity-factor', String(parity.factor), '--parity-outlier-share', String(parity.outlierShare)]),
    ...more,
  ];
}
