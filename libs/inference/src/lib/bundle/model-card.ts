import { ConfigError } from '@edge-blueprints/contracts';
import { bundleUse } from './licence-record.js';
import type { BundleManifest } from './manifest.js';
import { agreementHead, agreementRows } from './path-agreement.js';

const place = /\{\{\s*([\w.]+)\s*\}\}/g;

/** Names of the places in a template, in order. */
export function cardPlaces(template: string): readonly string[] {
  return [...template.matchAll(place)].map((match) => match[1] ?? '');
}

/** Stands before everything else on the card of a bundle that may not be used in production. */
const researchNotice = `> **Research use only.** An input of these weights is limited to research or states no licence (see "Inputs and their licences").
> A station in production refuses this bundle unless its configuration says \`bundle.allowResearch\`.

`;

/**
 * Fills the `{{name}}` places of a card template. Known names: name, version, revision, task, labels, licence.spdx,
 * licence.note, lineage.data, lineage.command, lineage.seed and the tables lineage.inputs, variants, thresholds, agreement,
 * metrics and files. The card of a research bundle says so first, whatever the template says.
 * @throws ConfigError `bundle.card-template` naming every unknown place
 */
export function fillCard(template: string, manifest: Omit<BundleManifest, 'card'>): string {
  const blocks = cardBlocks(manifest);
  const unknown = cardPlaces(template).filter((name) => !blocks.has(name));
  if (unknown.length > 0) {
    const known = [...blocks.keys()].join(', ');
    throw new ConfigError(
      'bundle.card-template',
      `The card template has unknown places: ${unknown.join(', ')}. Known are: ${known}`,
    );
  }
  const filled = template.replace(place, (_, name: string) => blocks.get(name) ?? '');
  return bundleUse(manifest) === 'research' ? `${researchNotice}${filled}` : filled;
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
    [
      'lineage.inputs',
      table(
        ['input', 'kind', 'licence', 'passing on', 'source', 'citation'],
        (lineage.inputs ?? []).map((i) => [i.name, i.kind, i.licence, i.redistribution, i.source, i.citation]),
      ),
    ],
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
    ['agreement', table(agreementHead, agreementRows(manifest.agreement ?? []))],
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
