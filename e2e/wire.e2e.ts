// What a device writes, read by programs of others: Debian's mosquitto_sub takes its batches off a broker, in MQTT 3.1.1 and
// 5, and the CloudEvents SDK of the CNCF reads them.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedBroker } from '@edge-blueprints/broker';
import { createRandom, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { openTelemetryUplink, uplinkConfigSchema } from '@edge-blueprints/telemetry';
import { z } from 'zod';
import { absent, suite, type Check } from './check.js';
import { freePort } from './free-port.js';
import { holdsWithin } from './running-line.js';

const title = 'wire';
const python = process.env['EDGE_PYTHON'] ?? 'python3';
const mosquitto = '/usr/sbin/mosquitto';
if (!existsSync(mosquitto)) absent(title, 'mosquitto');
if (spawnSync('mosquitto_sub', ['--help']).error !== undefined) absent(title, 'mosquitto_sub');
if (spawnSync(python, ['-c', 'import cloudevents.conversion']).status !== 0)
  absent(title, `the CloudEvents SDK (pip install cloudevents==1.11.0) of EDGE_PYTHON, ${python},`);

type Protocol = '311' | '5';

const foundSchema = z.strictObject({
  batches: z.int(),
  types: z.record(z.string(), z.int()),
  numbers: z.record(z.string(), z.array(z.int())),
  sources: z.array(z.string()),
  complaints: z.array(z.string()),
});

/** Lines of telemetry as the foreign client prints them. Nobody acknowledges, so the same events come again. */
async function capture(port: number, protocol: Protocol, folder: string): Promise<readonly string[]> {
  const args = ['-h', '127.0.0.1', '-p', String(port), '-V', protocol === '5' ? 'mqttv5' : 'mqttv311'];
  const listener = spawn(
    'mosquitto_sub',
    [...args, '-i', 'hub.watch', '-q', '1', '-t', 'edge/v1/+/+/tlm', '-F', '%p'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  listener.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const lines = (): readonly string[] => text.split('\n').slice(0, -1);
  const uplink = await openTelemetryUplink(
    uplinkConfigSchema.parse({
      url: `mqtt://127.0.0.1:${port}`,
      site: 'plant',
      device: 'press',
      ackTimeoutMs: 1_000,
      outbox: { file: join(folder, `${protocol}-${port}.sqlite`), groupMs: 10 },
    }),
    { clock: systemClock, random: createRandom(1), log: silentLogger, simulated: true },
  );
  try {
    for (let n = 1; n <= 40; n += 1)
      await uplink.append({
        type: 'edge-blueprints.audit.v1',
        deliveryClass: n % 10 === 0 ? 'critical' : 'business',
        data: { who: 'Zoë', action: 'reset', target: `line "${n}" \\ 検査`, reason: 'dust\non the lens' },
      });
    await uplink.append({
      type: 'edge-blueprints.part-overruled.v1',
      deliveryClass: 'business',
      data: { resultId: 'r-1', verdict: 'pass', reason: 'looked at it', by: 'Zoë' },
    });
    await uplink.append({
      type: 'edge-blueprints.metrics.v1',
      deliveryClass: 'metric',
      data: { intervalMs: 1_000, gauges: [], counters: [], histograms: [] },
    });
    await holdsWithin(30_000, () => {
      const seen = new Set(lines().flatMap((line) => [...line.matchAll(/"sequence":(\d+),"boot"/g)].map(([, n]) => n)));
      return seen.size >= 42;
    });
    return lines();
  } finally {
    listener.kill();
    await uplink.close();
  }
}

function judge(check: Check, on: string, lines: readonly string[]): void {
  const read = spawnSync(python, [join(import.meta.dirname, 'foreign/cloudevents_batch.py')], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (read.status !== 0) return check(`the SDK reads the batches of ${on}`, false, read.stderr.slice(-2_000));
  const { types, numbers, sources, complaints, batches } = foundSchema.parse(JSON.parse(read.stdout));
  check(
    `the SDK reads every event that came over ${on}`,
    complaints.length === 0 && batches > 0,
    complaints.slice(0, 5).join('; ') || `${batches} batches, ${Object.keys(types).length} types`,
  );
  const [epoch, ...others] = Object.values(numbers);
  const distinct = [...new Set(epoch)].sort((a, b) => a - b);
  check(
    `numbers over ${on} are 1 to 42 of one epoch, from one source`,
    others.length === 0 &&
      distinct.join() === Array.from({ length: 42 }, (_, i) => i + 1).join() &&
      sources.join() === '/edge/plant/press',
    `${distinct.length} numbers, ${sources.join()}`,
  );
}

async function startMosquitto(folder: string): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  await writeFile(file, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const server: ChildProcess = spawn(mosquitto, ['-c', file], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await holdsWithin(10_000, () => spawnSync('mosquitto_pub', ['-p', String(port), '-t', 'x', '-n']).status === 0);
  return {
    port,
    stop: async () => {
      server.kill();
      await gone;
    },
  };
}

await suite(title, async (check) => {
  const folder = await mkdtemp(join(tmpdir(), 'wire-'));
  const embedded = await createEmbeddedBroker({
    listeners: [{ host: '127.0.0.1', port: 0, tls: null, plain: true }],
    log: silentLogger,
    clock: systemClock,
  });
  const foreign = await startMosquitto(folder);
  try {
    judge(check, 'the embedded broker, MQTT 3.1.1', await capture(embedded.listeners[0]?.port ?? 0, '311', folder));
    judge(check, 'Mosquitto, MQTT 3.1.1', await capture(foreign.port, '311', folder));
    judge(check, 'Mosquitto, MQTT 5', await capture(foreign.port, '5', folder));
  } finally {
    await embedded.close();
    await foreign.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
