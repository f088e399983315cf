import type { Random } from '@edge-blueprints/contracts';

/** One judged picture. Pictures of one tile resemble each other, so intervals are drawn by `group`. */
export interface ScoredPicture {
  readonly score: number;
  readonly bad: boolean;
  readonly group: string;
}

export interface AurocFigure {
  readonly auroc: number;
  /** 95 % percentile interval of a bootstrap over groups. */
  readonly low: number;
  readonly high: number;
  readonly goodPictures: number;
  readonly badPictures: number;
  readonly goodGroups: number;
  readonly badGroups: number;
}

/**
 * Area under the ROC curve: the share of pairs of a good and a bad picture in which the bad one scores higher, ties half
 * (Mann-Whitney U). Null without both kinds.
 */
export function auroc(pictures: readonly Pick<ScoredPicture, 'score' | 'bad'>[]): number | null {
  const ordered = [...pictures].sort((a, b) => a.score - b.score);
  const bad = ordered.filter((each) => each.bad).length;
  const good = ordered.length - bad;
  if (bad === 0 || good === 0) return null;
  let wins = 0;
  let goodBelow = 0;
  for (let from = 0; from < ordered.length;) {
    let [to, badHere] = [from, 0];
    while (to < ordered.length && ordered[to]?.score === ordered[from]?.score) {
      if (ordered[to]?.bad === true) badHere += 1;
      to += 1;
    }
    const goodHere = to - from - badHere;
    wins += badHere * (goodBelow + goodHere / 2);
    goodBelow += goodHere;
    from = to;
  }
  return wins / (good * bad);
}

/** AUROC with an interval from `rounds` resamples of the groups, with replacement. Null without both kinds. */
export function aurocOfGroups(pictures: readonly ScoredPicture[], random: Random, rounds = 1_000): AurocFigure | null {
  const value = auroc(pictures);
  if (value === null) return null;
  const byGroup = new Map<string, ScoredPicture[]>();
  for (const picture of pictures) byGroup.set(picture.group, [...(byGroup.get(picture.group) ?? []), picture]);
  const groups = [...byGroup.values()];
  const drawn: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const sample = groups.flatMap(() => groups[random.integer(0, groups.length - 1)] ?? []);
    const resampled = auroc(sample);
    if (resampled !== null) drawn.push(resampled);
  }
  drawn.sort((a, b) => a - b);
  const at = (share: number): number => drawn[Math.round(share * (drawn.length - 1))] ?? value;
  const groupsOf = (bad: boolean): number =>
    new Set(pictures.filter((each) => each.bad === bad).map(({ group }) => group)).size;
  const badPictures = pictures.filter(({ bad }) => bad).length;
  return {
    auroc: value,
    low: at(0.025),
    high: at(0.975),
    goodPictures: pictures.length - badPictures,
    badPictures,
    goodGroups: groupsOf(false),
    badGroups: groupsOf(true),
  };
}
