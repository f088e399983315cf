import {
  commandLine,
  kpiValue,
  kpiVerdict,
  type Blueprint,
  type Catalog,
  type Kpi,
  type TargetEntry,
} from '@edge-blueprints/blueprints';

/** Rows of tables in the documents of a starter. All of it comes from the blueprint; nothing is typed here. */
const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const comparison = { 'at-least': 'at least', 'at-most': 'at most' } as const;

/** One row a KPI: limit, what the makers measured and where, and room for what is measured on site. */
export function acceptanceRows(blueprint: Blueprint, { workspace }: Catalog): string {
  const measured = (kpi: Kpi): string => {
    const value = kpiValue(kpi, workspace);
    if (kpi.result.kind === 'none') return `not measured: ${kpi.result.why}`;
    const verdict = kpiVerdict(kpi, value);
    return `${value === undefined ? 'unknown' : Number(value.toPrecision(4))} (${verdict}; ${kpi.result.samples} samples, ${kpi.result.on})`;
  };
  return blueprint.kpis
    .map((kpi) =>
      row(
        kpi.id,
        kpi.title,
        `${comparison[kpi.comparison]} ${kpi.limit} ${kpi.unit}`,
        kpi.severity,
        kpi.reason,
        measured(kpi),
        `\`${commandLine(kpi.command)}\``,
        ' ',
      ),
    )
    .join('\n');
}

export const securityRows = ({ security }: Blueprint): string =>
  security.map(({ requirement, state, note }) => row(requirement, state, note)).join('\n');

export const claimRows = ({ claims }: Blueprint): string =>
  claims.map(({ claim, readiness, note }) => row(claim, readiness, note)).join('\n');

/** The image that the station's own process runs in: of the blueprint's default target, which every computer is. */
export function stationImage(
  blueprint: Blueprint,
  catalog: Catalog,
): { readonly image: string; readonly note: string } {
  return pinnedImage(catalog.target(blueprint.defaultTarget));
}

/** With its digest where the data of the target has one, else with the reason why not. */
export function pinnedImage({ hardware }: TargetEntry): { readonly image: string; readonly note: string } {
  const { baseImage } = hardware;
  if ('unknown' in baseImage) return { image: '', note: baseImage.unknown };
  const { image, tag, digest, digestReason, holds } = baseImage.value;
  return digest === null
    ? { image: `${image}:${tag}`, note: `Not pinned by digest: ${digestReason ?? ''}` }
    : { image: `${image}:${tag}@${digest}`, note: holds };
}
