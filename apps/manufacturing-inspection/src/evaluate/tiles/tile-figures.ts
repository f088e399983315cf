import type { Random } from '@edge-blueprints/contracts';
import { share } from '../figures.js';
import type { ShareFigure } from '../figures.js';
import { aurocOfGroups } from './auroc.js';
import type { AurocFigure } from './auroc.js';
import type { JudgedTile } from './tile-judge.js';

/** What counts as a good tile in the data. */
const goodKind = 'free';
/** Kinds that let a part break come first. */
const graveFirst = ['crack', 'break'];

export interface TileFigures {
  readonly auroc: AurocFigure | null;
  /** Good tiles that were rejected at the verdict threshold. */
  readonly falseRejects: ShareFigure;
  readonly perKind: readonly {
    readonly kind: string;
    readonly groups: number;
    readonly auroc: AurocFigure | null;
    readonly recall: ShareFigure;
    /** Tiles of which at least one picture was rejected. */
    readonly groupRecall: ShareFigure;
  }[];
}

/** Figures of a one-class model on labelled tiles, at the bundle's verdict threshold. */
export function tileFigures(tiles: readonly JudgedTile[], random: Random): TileFigures {
  const good = tiles.filter(({ kind }) => kind === goodKind);
  const kinds = [...new Set(tiles.map(({ kind }) => kind))].filter((kind) => kind !== goodKind).sort();
  const ordered = [
    ...graveFirst.filter((kind) => kinds.includes(kind)),
    ...kinds.filter((k) => !graveFirst.includes(k)),
  ];
  const scored = (chosen: readonly JudgedTile[]) =>
    chosen.map(({ score, kind, group }) => ({ score, group, bad: kind !== goodKind }));
  return {
    auroc: aurocOfGroups(scored(tiles), random),
    falseRejects: rejectedOf(good),
    perKind: ordered.map((kind) => {
      const bad = tiles.filter((each) => each.kind === kind);
      const groups = [...new Set(bad.map(({ group }) => group))];
      const found = groups.filter((group) => bad.some((each) => each.group === group && each.rejected));
      return {
        kind,
        groups: groups.length,
        auroc: aurocOfGroups(scored([...good, ...bad]), random),
        recall: rejectedOf(bad),
        groupRecall: share(found.length, groups.length),
      };
    }),
  };
}

function rejectedOf(tiles: readonly JudgedTile[]): ShareFigure {
  return share(tiles.filter(({ rejected }) => rejected).length, tiles.length);
}

/** The figures as text for a terminal. */
export function printTileFigures(figures: TileFigures, heading: readonly string[]): string {
  const { auroc, falseRejects, perKind } = figures;
  return [
    ...heading,
    '',
    `image AUROC    ${area(auroc)}`,
    `false rejects  ${shareText(falseRejects)} of good pictures`,
    '',
    `${'kind'.padEnd(10)}${'pictures rejected'.padEnd(38)}${'tiles with a reject'.padEnd(36)}AUROC`,
    ...perKind.map(
      ({ kind, recall, groupRecall, auroc: own }) =>
        `${kind.padEnd(10)}${shareText(recall).padEnd(38)}${shareText(groupRecall).padEnd(36)}${area(own)}`,
    ),
    '',
    'Intervals: AUROC 95 % bootstrap over tile groups; shares 95 % Wilson, which takes pictures of one tile as independent.',
    '',
  ].join('\n');
}

function area(figure: AurocFigure | null): string {
  if (figure === null) return 'needs good and bad tiles';
  const { auroc, low, high, goodPictures, badPictures, goodGroups, badGroups } = figure;
  return `${auroc.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}] (${goodPictures} good of ${goodGroups} tiles, ${badPictures} bad of ${badGroups})`;
}

function shareText({ count, of, share: value, low, high }: ShareFigure): string {
  const percent = (part: number): string => (100 * part).toFixed(1);
  return of === 0 ? 'none' : `${count}/${of} = ${percent(value)} % [${percent(low)}, ${percent(high)}]`;
}
