import { ConfigError } from '@edge-blueprints/contracts';
import type { BundleManifest } from './manifest.js';

/**
 * Fills the `{{name}}` places of a card template. Known names: name, version, revision, task, labels, licence.spdx,
 * licence.note, lineage.data, lineage.command, lineage.seed and the tables variants, thresholds, metrics and files.
 * @throws ConfigError `bundle.card-template` naming every unknown place
 */
export function fillCard(template: string, manifest: Omit<BundleManifest, 'card'>): string {
  const blocks = cardBlocks(manifest);
  const unknown = [...template.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !blocks.has(name));
  if (unknown.length > 0) {
    const known = [...blocks.keys()].join(', ');
    throw new ConfigError(
      'bundle.card-template',
      `The card template has unknown places: ${unknown.join(', ')}. Known are: ${known}`,
    );
  }
  return template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => blocks.get(name) ?? '');
}

function cardBlocks(manifest: Omit<BundleManifest, 'card'>): ReadonlyMap<string, string> {
  const { licence, lineage } = manifest;
  const kilobytes = (file: string) => `${((manifest.files[file]?.bytes ?? 0) / 1024).toFixed(0)} KiB`;
  return new Map([
    ['name', manifest.name],
    ['version', manifest.version],
    ['revision', String(manifest.revision)],
    ['task', manifest.task],
    ['labels', manifest.labels.join(', ')],
    ['licence.spdx', licence.spdx],
    ['licence.note', licence.note],
    ['lineage.data', lineage.data.map((entry) => `- ${entry}`).join('\n')],
    ['lineage.command', lineage.command],
    ['lineage.seed', String(lineage.seed)],
    [
      'variants',
      table(
        ['variant', 'precision', 'input', 'file', 'size', 'SHA-256'],
        manifest.variants.map((v) => [
          v.id,
          v.precision,
          `${v.width} x ${v.height}`,
          v.file,
          kilobytes(v.file),
          `${manifest.files[v.file]?.sha256.slice(0, 16) ?? ''}...`,
        ]),
      ),
    ],
    [
      'thresholds',
      table(
        ['label', 'threshold', 'provenance'],
        manifest.thresholds.map((t) => [t.label, String(t.threshold), t.provenance]),
      ),
    ],
    ['metrics', table(['figure', 'value'], flatten(manifest.metrics))],
    [
      'files',
      table(
        ['file', 'size', 'SHA-256'],
        Object.entries(manifest.files).map(([file, entry]) => [file, kilobytes(file), entry.sha256]),
      ),
    ],
  ]);
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '(none)';
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

/** Leaves of nested metrics as `int8.test.map`, in the order of the file. */
function flatten(value: unknown, path = ''): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null)
    return [[path, typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`));
}
