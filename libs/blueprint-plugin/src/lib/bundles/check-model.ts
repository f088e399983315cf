import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  fitModel,
  readOnnxGraph,
  unknownName,
  type BundleFile,
  type Catalog,
  type TargetEntry,
} from '@edge-blueprints/blueprints';
import { ConfigError, parseConfig, type TargetRoute } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { Conversion } from './compile-bundle.js';

/** Said of a foreign model; what is left out comes from its file, its family or `settings`. */
const answersSchema = z.strictObject({
  name: z.string().optional(),
  family: z.string().optional(),
  labels: z.string().optional(),
  keypoints: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  threshold: z.number().optional(),
  licence: z.string().optional(),
  origin: z.string().optional(),
  trainedOn: z.string().optional(),
});

/** What `model-bundle` is asked for: a model to wrap, or a bundle to convert. */
export const modelBundleOptionsSchema = z.strictObject({
  model: z.string().min(1).optional(),
  convert: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
  settings: z.string().min(1).optional(),
  target: z.array(z.string()).default([]),
  route: z.string().min(1).optional(),
  calibration: z.string().min(1).optional(),
  makeCalibration: z.boolean().default(false),
  report: z.boolean().default(true),
  ...answersSchema.shape,
});
export type ModelBundleOptions = z.input<typeof modelBundleOptionsSchema>;

export type ModelBundleChoice =
  | {
      readonly kind: 'wrap';
      readonly file: string;
      readonly out: string;
      readonly key: string;
      readonly notes: readonly string[];
    }
  | {
      readonly kind: 'convert';
      readonly conversions: readonly Conversion[];
      readonly notes: readonly string[];
    };

/**
 * Holds a model against the targets that it shall run on: operators, opset, shapes, size.
 * @param at where a path of the options lies
 * @throws ConfigError `model-bundle.options` with every problem
 */
export function checkModel(input: unknown, catalog: Catalog, at: (path: string) => string): ModelBundleChoice {
  const options = parseConfig(modelBundleOptionsSchema, input, 'the options of model-bundle');
  const { model, convert, out, key, target, route, calibration } = options;
  const problems: string[] = [];
  const ids = catalog.targets.map(({ id }) => id);
  const entries = [...new Set(target)].flatMap((id) => {
    const found = catalog.targets.find((each) => each.id === id);
    if (found === undefined) problems.push(`target: ${unknownName('target', id, ids)}`);
    return found ?? [];
  });
  if ((model === undefined) === (convert === undefined))
    problems.push(
      'model: give either --model FILE.onnx to wrap it, or --convert BUNDLE to compile one for its targets',
    );
  const wraps = model !== undefined;
  if (wraps && out === undefined) problems.push('out: give --out, the folder of the bundle');
  if (wraps && key === undefined)
    problems.push('key: stations load signed bundles only; give --key FILE (bundle-cli keygen --out FILE makes one)');
  if (wraps && key !== undefined && !existsSync(at(key))) problems.push(`key: there is no file ${key}`);
  if (!wraps && convert !== undefined && target.length === 0)
    problems.push(`target: give --target, one of ${ids.join(', ')}`);
  problems.push(...conversionProblems(options, at));
  const files = filesOf(model, convert, catalog, at, problems);
  const name = convert ?? basename(model ?? '');
  const fits =
    files.length === 0 ? [] : fitTargets(name, files, entries, convert === undefined ? undefined : route, problems);
  const notes = fits.flatMap((fit) => fit.notes);
  if (problems.length > 0)
    throw new ConfigError(
      'model-bundle.options',
      `${problems.length} problem(s):\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
      { context: { problems } },
    );
  if (convert !== undefined) {
    const pictures = calibration === undefined ? undefined : { file: at(calibration) };
    const conversions = fits.map((fit) => ({
      ...{ bundle: convert, target: fit.target, route: fit.route, report: options.report },
      out: out === undefined ? undefined : join(at(out), fit.target, fit.route.id),
      calibration: options.makeCalibration ? ('make' as const) : pictures,
    }));
    return { kind: 'convert', conversions, notes };
  }
  return { kind: 'wrap', file: at(model ?? ''), out: out ?? '', key: at(key ?? ''), notes };
}

function filesOf(
  model: string | undefined,
  convert: string | undefined,
  { workspace }: Catalog,
  at: (path: string) => string,
  problems: string[],
): readonly BundleFile[] {
  if (convert !== undefined && !workspace.bundles.includes(convert)) {
    problems.push(`convert: ${unknownName('bundle', convert, workspace.bundles)}`);
    return [];
  }
  if (convert !== undefined) return workspace.bundleFiles(convert);
  if (model === undefined) return [];
  if (!existsSync(at(model))) {
    problems.push(`model: there is no file ${model}`);
    return [];
  }
  const graph = readOnnxGraph(readFileSync(at(model)), model);
  const precision = graph.nodes.some(({ operator }) => operator === 'QuantizeLinear') ? 'int8' : 'fp32';
  return [{ precision, file: model, graph }];
}

/** What belongs to a conversion only, and what contradicts itself there. */
function conversionProblems(
  { convert, target, route, calibration, makeCalibration, report }: z.output<typeof modelBundleOptionsSchema>,
  at: (path: string) => string,
): readonly string[] {
  const given = {
    route,
    calibration,
    makeCalibration: makeCalibration || undefined,
    report: report ? undefined : false,
  };
  const problems: string[] = [];
  if (convert === undefined)
    for (const [name, value] of Object.entries(given))
      if (value !== undefined) problems.push(`${name}: belongs to --convert; leave it out`);
  if (route !== undefined && new Set(target).size > 1)
    problems.push('route: is of one target; give one --target, or leave it out');
  if (calibration !== undefined && makeCalibration)
    problems.push('calibration: give either a file or --makeCalibration');
  if (calibration !== undefined && !existsSync(at(calibration)))
    problems.push(`calibration: there is no file ${calibration}`);
  return problems;
}

interface TargetFit {
  readonly target: string;
  readonly route: TargetRoute;
  readonly notes: readonly string[];
}

/** By which route each target takes the model; a target that cannot run it is a problem. */
function fitTargets(
  name: string,
  files: readonly BundleFile[],
  targets: readonly TargetEntry[],
  wanted: string | undefined,
  problems: string[],
): readonly TargetFit[] {
  return targets.flatMap((entry) => {
    const { id, target } = entry;
    const ids = target.routes.map((route) => route.id);
    if (wanted !== undefined && !ids.includes(wanted)) {
      problems.push(`route: ${unknownName(`route of ${id}`, wanted, ids)}`);
      return [];
    }
    const routes = target.routes.filter((route) => wanted === undefined || route.id === wanted);
    const fit = fitModel(name, files, { ...entry, target: { ...target, routes } });
    const route = routes.find((each) => each.id === fit.route);
    if (route === undefined) {
      problems.push(`target: ${id} cannot run ${name}. ${fit.refusals.join('; ')}`);
      return [];
    }
    const notes = [`${id}: by the route ${route.id}`, ...fit.warnings.map((warning) => `${id}: ${warning}`)];
    return [{ target: id, route, notes }];
  });
}
