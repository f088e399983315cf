// Writes docs/metrics.md from the catalogue of libs/contracts. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { metricCatalogue, type MetricDefinition } from '@edge-blueprints/contracts';

const help = `node tools/run.mjs tools/metrics-page.ts [--check]

  Writes docs/metrics.md from libs/contracts/src/lib/fleet/metric-catalogue.ts; --check fails when the page is not current.
`;
const prometheusName = (name: string, { kind }: MetricDefinition): string =>
  name.replaceAll('.', '_') + (kind === 'counter' ? '_total' : '');
const rows = Object.entries<MetricDefinition>(metricCatalogue).map(([name, metric]) => {
  const attributes = Object.entries(metric.attributes).map(([key, meaning]) => `\`${key}\` (${meaning})`);
  return `| \`${name}\` | \`${prometheusName(name, metric)}\` | ${metric.kind} | ${metric.unit.replaceAll('{', '\\{').replaceAll('}', '\\}')} | ${metric.description} | ${attributes.join(', ')} |`;
});
const page = `# Metrics

Every metric of a device and of the hub, in one place. Names and units follow the OpenTelemetry semantic conventions where
they have one (\`system.*\`, \`process.*\`, \`hw.*\`, \`nodejs.*\`); ours start with \`edge.\` or \`hub.\`. A device serves
them at \`/metrics\` of its page for Prometheus (cumulative, histograms with fixed buckets) and reports the increments to the
hub, with exponential histograms: those merge without error over devices, models and time, so that a percentile of the fleet
is one of its samples and not an average of percentiles. What a machine does not show is absent, never zero.

This page is written by \`node tools/run.mjs tools/metrics-page.ts\` from the catalogue in \`libs/contracts\`; the code knows
no other names. Ready-made dashboards and alert rules: [\`apps/fleet-hub/grafana\`](../apps/fleet-hub/grafana).

| OpenTelemetry | Prometheus | kind | unit | what | attributes |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
const target = new URL('../docs/metrics.md', import.meta.url);
if (process.argv.includes('--help')) process.stdout.write(help);
else if (!process.argv.includes('--check')) writeFileSync(target, page);
else if (readFileSync(target, 'utf8') !== page) {
  process.stderr.write('docs/metrics.md is not current: run node tools/run.mjs tools/metrics-page.ts\n');
  process.exitCode = 1;
}
