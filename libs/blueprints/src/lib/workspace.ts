import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readOnnxGraph, type OnnxGraph } from './onnx-graph.js';

/** The repository that blueprints speak of: what they name must be there. Reads each file once. */
export interface Workspace {
  /** Whether a file or folder is there; a path from the root. */
  has(path: string): boolean;
  /** Parsed JSON; undefined for a file that is not there or no JSON. */
  json(path: string): unknown;
  /** Scripts of package.json. */
  readonly scripts: readonly string[];
  /** Packages under apps/, by name. */
  readonly apps: readonly string[];
  /** Folders under models/bundles. */
  readonly bundles: readonly string[];
  /** Suites of e2e/. */
  readonly suites: readonly string[];
  /** The ONNX files of a bundle by precision. @throws ConfigError for files that are no ONNX */
  bundleFiles(bundle: string): readonly BundleFile[];
}

export interface BundleFile {
  readonly precision: 'fp32' | 'int8';
  readonly file: string;
  readonly graph: OnnxGraph;
}

const scriptsSchema = z.object({ scripts: z.record(z.string(), z.string()).default({}) });
const nameSchema = z.object({ name: z.string() });
const bundleSchema = z.object({
  variants: z.array(z.object({ precision: z.enum(['fp32', 'int8']), file: z.string() })),
});

export function openWorkspace(root: string): Workspace {
  const parsed = new Map<string, unknown>();
  const files = new Map<string, readonly BundleFile[]>();
  const folders = (path: string): readonly string[] =>
    existsSync(join(root, path))
      ? readdirSync(join(root, path), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => name)
          .sort()
      : [];
  const json = (path: string): unknown => {
    if (!parsed.has(path)) parsed.set(path, readJson(join(root, path)));
    return parsed.get(path);
  };
  const nameOf = (app: string): readonly string[] => {
    const found = nameSchema.safeParse(json(`apps/${app}/package.json`));
    return found.success ? [found.data.name] : [];
  };
  return {
    has: (path) => existsSync(join(root, path)),
    json,
    scripts: Object.keys(scriptsSchema.safeParse(json('package.json')).data?.scripts ?? {}),
    apps: folders('apps').flatMap(nameOf),
    bundles: folders('models/bundles'),
    suites: existsSync(join(root, 'e2e'))
      ? readdirSync(join(root, 'e2e'))
          .filter((name) => name.endsWith('.e2e.ts'))
          .map((name) => name.slice(0, -'.e2e.ts'.length))
      : [],
    bundleFiles(bundle) {
      const before = files.get(bundle);
      if (before !== undefined) return before;
      const folder = `models/bundles/${bundle}`;
      const { data } = bundleSchema.safeParse(json(`${folder}/bundle.json`));
      const found = (data?.variants ?? []).map(({ precision, file }) => ({
        precision,
        file: `${folder}/${file}`,
        graph: readOnnxGraph(readFileSync(join(root, folder, file)), `${folder}/${file}`),
      }));
      files.set(bundle, found);
      return found;
    },
  };
}

function readJson(file: string): unknown {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return parsed;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** What a JSON pointer leads to; undefined where it leads nowhere. @see https://www.rfc-editor.org/rfc/rfc6901 */
export function atPointer(json: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((part, key) => {
      if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined;
      return new Map<string, unknown>(Object.entries(part)).get(key);
    }, json);
}
