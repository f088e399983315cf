const percent = (share) => (share === null || share === undefined ? '' : `${(100 * share).toFixed(2)} %`);
/** Figures of others keep the digits that they were published with. */
const published1 = (share) => (share === null ? '' : `${(100 * share).toFixed(1)} %`);
const within = ({ share, low, high }) => `${percent(share)} [${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]`;
const points = (difference) =>
  difference === null ? '' : `${difference < 0 ? '−' : '+'}${Math.abs(100 * difference).toFixed(2)}`;
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const begin = '<!-- field: made by tools/benchmarks-page.mjs, do not edit -->';
const end = '<!-- /field -->';

/** The page with the section in the place that its two marks hold. */
export function placeSection(page, section) {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md lacks the marks "${begin}" and "${end}"`);
  return `${page.slice(0, from + begin.length)}\n\n${section}\n\n${page.slice(to)}`;
}

/** @param reports of `npm run evaluate -- --json`, one a bundle @param others figures of others, see published.mjs */
export function fieldSection(reports, others) {
  const baseline = reports.find((report) => report.baseline !== undefined)?.baseline;
  const own = reports.map(({ bundle, version, variant, detection: d }) => ({
    name: `**${bundle} ${version}, ${variant}** (ours)`,
    source: 'measured here',
    pairs: `${d.pairs} pairs, ${d.defects} defects`,
    protocol: 'IoU > 0.33, same class',
    map: percent(d.map),
    f: percent(d.bestF?.f),
  }));
  if (baseline !== undefined)
    own.push({
      name: '**Template difference, no model** (ours)',
      source: 'measured here',
      pairs: `${baseline.pairs} pairs, ${baseline.defects} defects`,
      protocol: 'IoU > 0.33, same class',
      map: percent(baseline.map),
      f: percent(baseline.atVerdict.f),
    });
  const rows = [...own, ...others.map((each) => ({ ...each, map: published1(each.map), f: published1(each.f) }))];
  return [
    table(
      ['method', 'source', 'pictures', 'hit', 'mAP', 'best F'],
      rows.map((r) => [r.name, r.source, r.pairs, r.protocol, r.map, r.f]),
    ),
    differences(reports, baseline),
    perClass(reports, baseline),
    verdicts(reports, baseline),
    comparisons(reports),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function differences(reports, baseline) {
  const pairs = reports[0]?.detection.pairs;
  return [
    'What differs between the rows:',
    '',
    `- Ours are measured on ${pairs} pairs, every second line of the authors' test list; the paper's figures are for all 500. The`,
    "  other half is kept back. A figure on half the pictures is not the paper's figure: read a lead below half a point as a tie.",
    '- Best F is at the one threshold that is best on these very pairs, as published figures are. A station runs at thresholds that',
    '  were chosen on held-out training pictures; its figures are in the table of verdicts.',
    '- Figures marked "not stated" or "own split" come from papers with other splits or overlaps and are no ranking.',
    "- Ours come through the station's own path, in TypeScript, with the INT8 model; others from their authors' own scripts.",
    ...(baseline === undefined
      ? []
      : [
          '- The template difference has no score worth the name, its area only, so its mAP says little; F is the figure to compare.',
        ]),
    ...(reports.some(({ bundle }) => bundle.endsWith('-rendered'))
      ? ['- `pcb-defects-rendered` has never seen a real board: its row tells how far rendered boards alone carry.']
      : []),
  ].join('\n');
}

function perClass(reports, baseline) {
  const labels = reports[0]?.detection.perClass.map(({ label }) => label) ?? [];
  const columns = [
    ...reports.map(({ bundle, detection }) => [bundle, detection]),
    ...(baseline === undefined ? [] : [['template difference', baseline]]),
  ];
  const ap = (figures, label) => percent(figures.perClass.find((each) => each.label === label)?.ap);
  return `Average precision by class:\n\n${table(
    ['class', ...columns.map(([name]) => name)],
    labels.map((label) => [label, ...columns.map(([, figures]) => ap(figures, label))]),
  )}`;
}

function verdicts(reports, baseline) {
  const row = (name, { atVerdict, escapedBoards }, falseRejects) => [
    name,
    within(atVerdict.precision),
    within(atVerdict.recall),
    percent(atVerdict.f),
    `${escapedBoards.count} of ${escapedBoards.of}, at most ${percent(escapedBoards.high)}`,
    falseRejects,
  ];
  const rejects = (sets) =>
    Object.entries(sets)
      .map(([set, each]) => `${each.count} of ${each.of} ${set}, at most ${percent(each.high)}`)
      .join('; ');
  return `At the verdict thresholds, with 95 % Wilson intervals:\n\n${table(
    ['method', 'precision', 'recall', 'F', 'bad boards that passed', 'good boards that were rejected'],
    [
      ...reports.map((report) => row(report.bundle, report.detection, rejects(report.falseRejects))),
      ...(baseline === undefined ? [] : [row('template difference', baseline, '')]),
    ],
  )}`;
}

function comparisons(reports) {
  const compared = reports.filter(({ comparison }) => comparison !== undefined);
  if (compared.length === 0) return '';
  const rows = compared.flatMap(({ bundle, comparison: c }) => [
    ...c.perClass.map((each) => [
      bundle,
      each.label,
      percent(each.ap),
      percent(each.apAgainst),
      points(each.difference),
    ]),
    [bundle, '**mAP**', percent(c.map), percent(c.mapAgainst), points(c.difference)],
  ]);
  const flips = compared.map(
    ({ bundle, comparison: c }) =>
      `- ${bundle}: of ${c.frames} identical frames, ${c.passToReject.count} from pass to reject and ${c.rejectToPass.count} from reject to pass (at most ${percent(c.passToReject.high)} and ${percent(c.rejectToPass.high)}).`,
  );
  const [{ comparison }] = compared;
  return `${comparison.variant} against ${comparison.against}, the same frames:\n\n${table(
    ['bundle', 'class', comparison.variant, comparison.against, 'points'],
    rows,
  )}\n\nVerdicts that flip:\n\n${flips.join('\n')}`;
}
