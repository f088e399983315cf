import type { Target, TargetRoute } from '@edge-blueprints/contracts';
import type { Blueprint } from './blueprint.js';
import { isKnown } from './facts.js';
import type { Hardware } from './hardware.js';
import { routeRefusals } from './route-check.js';
import type { BundleFile, Workspace } from './workspace.js';

export interface TargetEntry {
  readonly id: string;
  readonly target: Target;
  readonly hardware: Hardware;
}

/** What becomes of one model of a blueprint on a target. */
export interface ModelFit {
  readonly bundle: string;
  /** The first route that takes the model; `processor` where the model needs no accelerator; null where none does. */
  readonly route: string | null;
  /** By route, why not. */
  readonly refusals: readonly string[];
  /** What is possible but not good. */
  readonly warnings: readonly string[];
}

export interface Pair {
  readonly blueprint: string;
  readonly target: string;
  /** Whether every model that the blueprint needs has a route. */
  readonly possible: boolean;
  readonly models: readonly ModelFit[];
}

/** Share of the memory that a model file may take: runtimes hold weights, activations and a copy while they load. */
const memoryShare = 0.25;

/** Tells an impossible pair (an operator that the target lacks, a model too large) before anything is generated. */
export function checkPair(blueprint: Blueprint, entry: TargetEntry, workspace: Workspace): Pair {
  const models = blueprint.models.map((model): ModelFit => {
    const { bundle, runsOn } = model;
    if (runsOn === 'processor') return { bundle, route: 'processor', refusals: [], warnings: [] };
    return fitModel(bundle, workspace.bundleFiles(bundle), entry);
  });
  const possible = blueprint.models.every(({ required }, i) => !required || models[i]?.route !== null);
  return { blueprint: blueprint.id, target: entry.id, possible, models };
}

export function fitModel(
  bundle: string,
  files: readonly BundleFile[],
  { id, target, hardware }: TargetEntry,
): ModelFit {
  const refusals: string[] = [];
  for (const route of target.routes) {
    const file = fileFor(files, route);
    const why =
      file === undefined
        ? [`the bundle has no ${wanted(route).toUpperCase()} file; make one with models:quantise`]
        : [...routeRefusals(file.graph, route, id), ...sizeRefusals(file, hardware)];
    if (file !== undefined && why.length === 0) {
      return { bundle, route: route.id, refusals, warnings: cacheWarnings(file, hardware) };
    }
    refusals.push(...why.map((reason) => `${route.id}: ${reason}`));
  }
  return { bundle, route: null, refusals, warnings: [] };
}

/** A symmetric INT8 file is made from FP32. */
const wanted = ({ source }: TargetRoute): 'fp32' | 'int8' => (source === 'int8' ? 'int8' : 'fp32');

const fileFor = (files: readonly BundleFile[], route: TargetRoute): BundleFile | undefined =>
  files.find(({ precision }) => precision === wanted(route));

function sizeRefusals({ graph, file }: BundleFile, { memory }: Hardware): readonly string[] {
  if (!isKnown(memory)) return [];
  const room = memory.value.gibibytes * 2 ** 30 * memoryShare;
  if (graph.bytes <= room) return [];
  return [
    `${file} has ${mebibytes(graph.bytes)} MiB, more than a quarter of the target's ${memory.value.gibibytes} GiB; take a smaller model`,
  ];
}

function cacheWarnings({ graph }: BundleFile, { weightCache }: Hardware): readonly string[] {
  if (weightCache === undefined || !isKnown(weightCache) || graph.bytes <= weightCache.value.mebibytes * 2 ** 20)
    return [];
  return [
    `${mebibytes(graph.bytes)} MiB do not fit into the ${weightCache.value.mebibytes} MiB of the accelerator: weights are fetched again for each picture`,
  ];
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
