import { ConfigError } from '@edge-blueprints/contracts';

/** Why a bundle is refused, gravest first: the first code of a bundle becomes the code of its error. */
export const bundleFaults = [
  'bundle.folder-missing',
  'bundle.manifest-missing',
  'bundle.signature-missing',
  'bundle.signature-malformed',
  'bundle.key-unknown',
  'bundle.signature-invalid',
  'bundle.path-escape',
  'bundle.manifest-invalid',
  'bundle.not-a-file',
  'bundle.file-missing',
  'bundle.truncated',
  'bundle.too-large',
  'bundle.digest-mismatch',
  'bundle.file-unlisted',
  'bundle.rollback',
  'bundle.task-mismatch',
  'bundle.licence-forbidden',
  'bundle.licence-unmarked',
  'bundle.inconsistent',
  'bundle.shape-mismatch',
  'bundle.validation-scores',
  'bundle.drift-reference',
] as const;
export type BundleFault = (typeof bundleFaults)[number];

export interface BundleProblem {
  readonly code: BundleFault;
  readonly message: string;
}

/** One error for all problems of a bundle, so that the operator repairs it once. */
export function bundleError(folder: string, problems: readonly BundleProblem[]): ConfigError {
  const sorted = [...problems].sort((a, b) => bundleFaults.indexOf(a.code) - bundleFaults.indexOf(b.code));
  const lines = sorted.slice(0, 20).map((problem) => `  ${problem.code}: ${problem.message}`);
  const more = sorted.length > lines.length ? [`  and ${sorted.length - lines.length} more`] : [];
  return new ConfigError(
    sorted[0]?.code ?? 'bundle.manifest-invalid',
    [
      `Bundle ${folder} is refused:`,
      ...lines,
      ...more,
      'Fetch the bundle again from where it was packed; a bundle is never edited.',
    ].join('\n'),
    { context: { folder, problems: sorted } },
  );
}
