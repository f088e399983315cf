// Grafana dashboards and alert rules against a real Prometheus that scrapes our own exporter: every expression must parse,
// name only metrics of the catalogue and find at least one series. Grafana itself is in no package registry that CI
// reaches, so the dashboards are checked as files: structure, places, data source by variable.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricCatalogue, type MetricName } from '@edge-blueprints/contracts';
import { createMetrics } from '@edge-blueprints/telemetry';
import { z } from 'zod';
import { absent, suite } from './check.js';
import { freePort } from './free-port.js';

const hub = join(import.meta.dirname, '../apps/fleet-hub');
if (spawnSync('prometheus', ['--version']).status !== 0) absent('prometheus', 'prometheus');

const dashboardSchema = z.looseObject({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.int().min(36),
  templating: z.looseObject({ list: z.array(z.looseObject({ name: z.string(), type: z.string() })) }),
  panels: z.array(
    z.looseObject({
      id: z.int(),
      title: z.string().min(1),
      type: z.enum(['timeseries', 'stat']),
      datasource: z.strictObject({ type: z.literal('prometheus'), uid: z.literal('${datasource}') }),
      gridPos: z.strictObject({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.looseObject({ refId: z.string(), expr: z.string(), legendFormat: z.string() })).min(1),
    }),
  ),
});
const answerSchema = z.looseObject({
  status: z.string(),
  error: z.string().optional(),
  data: z.looseObject({ result: z.array(z.unknown()) }).optional(),
});

const known = new Set(
  (Object.keys(metricCatalogue) as MetricName[]).flatMap((name) => {
    const flat = name.replaceAll('.', '_');
    const { kind } = metricCatalogue[name];
    return kind === 'counter'
      ? [`${flat}_total`]
      : kind === 'histogram'
        ? ['_bucket', '_sum', '_count'].map((s) => flat + s)
        : [flat];
  }),
);

await suite('prometheus', async (check) => {
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-e2e-'));
  const metrics = createMetrics({ resource: { 'service.name': 'e2e' }, monotonicMs: () => performance.now() });
  const server = createServer((_request, response) => {
    measureSomething();
    void metrics.prometheus().then((text) => response.setHeader('content-type', 'text/plain').end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target = (server.address() as AddressInfo).port;
  const port = await freePort();
  await writeFile(
    join(folder, 'prometheus.yml'),
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [join(hub, 'prometheus/alerts.yml')],
      scrape_configs: [{ job_name: 'e2e', static_configs: [{ targets: [`127.0.0.1:${target}`] }] }],
    }),
  );
  const prometheus = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  prometheus.stderr.on('data', (chunk: Buffer) => void (said = (said + chunk.toString()).slice(-4_000)));
  const ask = async (expr: string) =>
    answerSchema.parse(
      await (await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expr)}`)).json(),
    );
  try {
    await until(
      async () => ((await ask('count_over_time(up[1m]) >= 4').catch(() => undefined))?.data?.result.length ?? 0) > 0,
      () => said,
    );
    const up = await ask('up == 1');
    check(
      'our exporter is scraped',
      up.data?.result.length === 1,
      said
        .split('\n')
        .filter((l) => /error|warn/.test(l))
        .join(' '),
    );
    const promtool = spawnSync('promtool', ['check', 'rules', join(hub, 'prometheus/alerts.yml')], {
      encoding: 'utf8',
    });
    check('promtool takes the alert rules', promtool.status === 0, promtool.stdout + promtool.stderr);
    const rules = await readFile(join(hub, 'prometheus/alerts.yml'), 'utf8');
    for (const [, expr = ''] of rules.matchAll(/^\s+expr: (.+)$/gm)) {
      const answer = await ask(expr);
      check(
        `rule ${expr.slice(0, 60)}`,
        answer.status === 'success' && strangers(expr).length === 0,
        answer.error ?? strangers(expr).join(' '),
      );
    }
    for (const file of (await readdir(join(hub, 'grafana'))).filter((name) => name.endsWith('.json'))) {
      const parsed = dashboardSchema.safeParse(JSON.parse(await readFile(join(hub, 'grafana', file), 'utf8')));
      check(`${file} is a dashboard`, parsed.success, parsed.success ? '' : z.prettifyError(parsed.error));
      if (!parsed.success) continue;
      const { panels } = parsed.data;
      check(
        `${file}: panels have numbers and places of their own`,
        new Set(panels.map(({ id }) => id)).size === panels.length && !overlap(panels.map((p) => p.gridPos)),
      );
      for (const { title, targets } of panels)
        for (const { expr } of targets) {
          const answer = await ask(expr.replaceAll('$instance', '.*'));
          const found = answer.data?.result.length ?? 0;
          check(
            `${file}: ${title}`,
            answer.status === 'success' && found > 0 && strangers(expr).length === 0,
            answer.error ?? `${found} series ${strangers(expr).join(' ')}`,
          );
        }
    }
  } finally {
    prometheus.kill('SIGTERM');
    server.close();
    server.closeAllConnections();
    await metrics.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A bit of everything, so that every series exists. */
  function measureSomething(): void {
    for (const name of Object.keys(metricCatalogue) as MetricName[]) {
      const definition = metricCatalogue[name];
      const attributes = Object.fromEntries(Object.keys(definition.attributes).map((key) => [key, exampleOf(key)]));
      if (definition.kind === 'counter') metrics.add(name as Parameters<typeof metrics.add>[0], 3, attributes);
      else if (definition.kind === 'gauge') metrics.set(name as Parameters<typeof metrics.set>[0], 0.5, attributes);
      else
        for (let i = 1; i <= 400; i++)
          metrics.record(name as Parameters<typeof metrics.record>[0], i / 5_000, attributes);
    }
  }
});

function exampleOf(attribute: string): string {
  return { verdict: 'reject', class: 'critical', health: 'ok', severity: 'alarm' }[attribute] ?? 'example';
}

/** Words of an expression that look like metrics and are none of ours. */
function strangers(expr: string): readonly string[] {
  const bare = expr.replaceAll(/\{[^}]*\}|"[^"]*"|by \([^)]*\)|on \([^)]*\)/g, '');
  return (bare.match(/\b[a-z]+_[a-z_0-9]+\b/g) ?? []).filter(
    (word) => !known.has(word) && !['histogram_quantile', 'count_over_time'].includes(word),
  );
}

function overlap(
  places: readonly { readonly x: number; readonly y: number; readonly w: number; readonly h: number }[],
): boolean {
  return places.some((a, i) =>
    places.slice(i + 1).some((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h),
  );
}

async function until(done: () => Promise<boolean>, why: () => string): Promise<void> {
  const limit = Date.now() + 60_000;
  while (!(await done())) {
    if (Date.now() > limit) throw new Error(`Prometheus did not scrape in a minute: ${why()}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
