import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  fitModel,
  readOnnxGraph,
  unknownName,
  type BundleFile,
  type Catalog,
  type TargetEntry,
} from '@edge-blueprints/blueprints';
import { ConfigError, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';

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
      readonly bundle: string;
      readonly targets: readonly TargetEntry[];
      readonly notes: readonly string[];
    };

/**
 * Holds a model against the targets that it shall run on: operators, opset, shapes, size.
 * @param at where a path of the options lies
 * @throws ConfigError `model-bundle.options` with every problem
 */
export function checkModel(input: unknown, catalog: Catalog, at: (path: string) => string): ModelBundleChoice {
  const { model, convert, out, key, target } = parseConfig(
    modelBundleOptionsSchema,
    input,
    'the options of model-bundle',
  );
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
  const files = filesOf(model, convert, catalog, at, problems);
  const name = convert ?? basename(model ?? '');
  const notes = files.length === 0 ? [] : fitNotes(name, files, entries, problems);
  if (problems.length > 0)
    throw new ConfigError(
      'model-bundle.options',
      `${problems.length} problem(s):\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
      { context: { problems } },
    );
  if (convert !== undefined) return { kind: 'convert', bundle: convert, targets: entries, notes };
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

/** What a target does with the model; a target that cannot run it is a problem. */
function fitNotes(
  name: string,
  files: readonly BundleFile[],
  targets: readonly TargetEntry[],
  problems: string[],
): readonly string[] {
  return targets.flatMap((entry) => {
    const { route, refusals, warnings } = fitModel(name, files, entry);
    if (route === null) {
      problems.push(`target: ${entry.id} cannot run ${name}. ${refusals.join('; ')}`);
      return [];
    }
    return [`${entry.id}: by the route ${route}`, ...warnings.map((warning) => `${entry.id}: ${warning}`)];
  });
}
