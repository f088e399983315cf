import type { BundleManifest } from './manifest.js';
import { cardPlaces, fillCard } from './model-card.js';

/** Names of card and template within a bundle. */
export const cardFile = 'card.md';
export const templateFile = 'card.template.md';

/** Without these a card hides what its reader needs. */
const requiredPlaces = [
  'name',
  'version',
  'revision',
  'licence.spdx',
  'licence.note',
  'lineage.data',
  'lineage.inputs',
  'lineage.command',
  'lineage.seed',
  'variants',
  'thresholds',
  'agreement',
  'metrics',
] as const;

/** A figure that somebody typed: a measure's name with a number near it, a share, or a time. */
const typedFigure =
  /\b(m?AP|AUROC|F1?|recall|precision|accuracy|latency|p50|p95|p99)\b[^\n.;]{0,24}?\d[\d.,]*(\s*%)?|\d[\d.,]*\s*(%|percent\b|mAP\b|ms\b)/gi;

/** What a template lacks, and figures in it that were typed instead of measured. */
export function templateProblems(template: string): readonly string[] {
  const places = cardPlaces(template);
  const missing = requiredPlaces.filter((place) => !places.includes(place));
  const typed = [...template.replace(/\{\{[^}]*\}\}/g, '').matchAll(typedFigure)].map((match) => match[0].trim());
  return [
    ...(missing.length === 0 ? [] : [`the template lacks ${missing.map((place) => `{{${place}}}`).join(', ')}`]),
    ...typed.map((text) => `the template states a figure by hand: "${text}"; figures come from {{metrics}}`),
  ];
}

/** Null when the card is, byte for byte, what the template and the manifest give; otherwise where it first differs. */
export function cardDifference(manifest: BundleManifest, template: string, card: string): string | null {
  const { card: cardPath, ...rest } = manifest;
  // The card's own entry did not exist when the card was filled.
  const files = Object.fromEntries(Object.entries(manifest.files).filter(([file]) => file !== cardPath));
  const want = fillCard(template, { ...rest, files });
  if (want === card) return null;
  const got = card.split('\n');
  const at = want.split('\n').findIndex((line, index) => line !== got[index]);
  const line = at === -1 ? got.length : at + 1;
  return `${cardPath} differs in line ${line} from what ${manifest.cardTemplate ?? templateFile} and bundle.json give; a card is never typed`;
}
