// Released numbers of a store as files, from its budget ledger. Reads only: the node may run, no budget is spent.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  ConfigError,
  EdgeError,
  releaseMetrics,
  type ReleaseMetric,
  type RetailRelease,
} from '@edge-blueprints/contracts';
import { readLedgerBesideWriter } from '../privacy/ledger-read.js';
import { releaseParquet } from './parquet.js';
import { releaseCsv } from './release-csv.js';

const help = `node tools/run.mjs apps/retail-analytics/src/export/export-main.ts --ledger DIR --out DIR [options]

  --ledger DIR      the store's budget ledger
  --out DIR         one file a metric is written there
  --from DATE       first day or moment (UTC), default all
  --to DATE         up to this moment, default all
  --metric NAME     ${releaseMetrics.join(', ')}; may be repeated, default all
  --format NAME     csv or parquet; may be repeated, default csv
`;

function main(argv: readonly string[]): number {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ledger: { type: 'string' },
      out: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      metric: { type: 'string', multiple: true, default: [...releaseMetrics] },
      format: { type: 'string', multiple: true, default: ['csv'] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const metrics = releaseMetrics.filter((metric) => values.metric.includes(metric));
  const problems = [
    ...(values.ledger === undefined ? ['--ledger is missing'] : []),
    ...(values.out === undefined ? ['--out is missing'] : []),
    ...[values.from, values.to].flatMap((t) =>
      t !== undefined && Number.isNaN(Date.parse(t)) ? [`${t} is no time`] : [],
    ),
    ...values.metric.flatMap((m) => (metrics.some((known) => known === m) ? [] : [`there is no metric ${m}`])),
    ...values.format.flatMap((f) => (f === 'csv' || f === 'parquet' ? [] : [`there is no format ${f}`])),
  ];
  if (values.ledger === undefined || values.out === undefined || problems.length > 0)
    throw new ConfigError('export.filter', `${problems.join('\n')}\n--help shows what there is`);

  const reading = readLedgerBesideWriter(values.ledger);
  if (reading.damage.length > 0)
    throw new ConfigError('ledger.damaged', `Nothing is exported: ${reading.damage.join('; ')}.`);
  const from = values.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(values.from);
  const to = values.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(values.to);
  const releases = reading.entries.flatMap(({ entry }) =>
    entry.kind === 'release' && Date.parse(entry.release.windowFrom) < to && Date.parse(entry.release.windowTo) > from
      ? [entry.release]
      : [],
  );
  mkdirSync(values.out, { recursive: true });
  for (const metric of metrics)
    for (const format of values.format) {
      const file = join(values.out, `${metric}.${format}`);
      const windows = write(file, format, releases, metric);
      console.log(`${file}: ${windows} windows`);
    }
  return 0;
}

function write(file: string, format: string, releases: readonly RetailRelease[], metric: ReleaseMetric): number {
  const next = `${file}.next`;
  writeFileSync(next, format === 'csv' ? releaseCsv(releases, metric) : releaseParquet(releases, metric));
  renameSync(next, file);
  return releases.filter((release) => release.metric === metric).length;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof EdgeError) && !(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof EdgeError && error.code === 'ledger.damaged' ? 1 : 2;
}
