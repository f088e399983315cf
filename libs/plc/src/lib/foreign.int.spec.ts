import { execFile, spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { parseConfig, silentLogger, systemClock } from '@edge-blueprints/contracts';
import type { PlcLink, StationCondition, VerdictKind } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { plcClientConfigSchema, plcServerConfigSchema } from './plc-config.js';
import { createPlcLink } from './plc-link.js';
import { createServerPlcLink } from './plc-link-server.js';
import { createMemoryCounterStore } from './station-counters.js';

/** Other people's Modbus: skipped with a word where it is not installed, an error where CI says that it must be. */
const python = '/usr/bin/python3';
const scripts = resolve(import.meta.dirname, '../../../../e2e/foreign');
const has = {
  mbpoll: spawnSync('mbpoll', ['-h']).error === undefined,
  pymodbus: spawnSync(python, ['-c', 'import pymodbus.client, pymodbus.server']).status === 0,
};
const run = promisify(execFile);

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.each(['mbpoll', 'pymodbus'] as const)('%s', (name) => {
  it('is installed where CI asks for it', (context) => {
    if (!has[name] && process.env['CI'] !== 'true') {
      context.skip(
        `${name} is not installed: apt-get install mbpoll python3-pymodbus python3-serial python3-serial-asyncio`,
      );
    }
    expect(has[name]).toBe(true);
  });
});

describe.skipIf(!has.mbpoll)('mbpoll against the station as server', () => {
  const mbpoll = async (port: number, ...args: readonly string[]): Promise<string> => {
    const { stdout } = await run('mbpoll', ['-m', 'tcp', '-p', String(port), '-a', '1', '-1', '-0', ...args]);
    return stdout;
  };

  it('reads signature and version as input registers and as holding registers', async () => {
    const { port } = await serverLink([]);
    const input = await mbpoll(port, '-t', '3:hex', '-r', '0', '-c', '2', '127.0.0.1');
    expect(input).toMatch(/\[0\]:\s+0x4531\s+\[1\]:\s+0x0001/);
    const mirror = await mbpoll(port, '-t', '4:hex', '-r', '100', '-c', '2', '127.0.0.1');
    expect(mirror).toMatch(/\[100\]:\s+0x4531\s+\[101\]:\s+0x0001/);
  });

  it('reads the signature as one 32-bit value, high word first, as a self-test of the word order', async () => {
    const { port } = await serverLink([]);
    const value = await mbpoll(port, '-t', '3:int', '-B', '-r', '0', '-c', '1', '127.0.0.1');
    expect(value).toContain(String(0x4531_0001));
  });

  it('writes control registers and coils and reads them back', async () => {
    const { port } = await serverLink([]);
    await mbpoll(port, '-t', '4', '-r', '2', '127.0.0.1', '17', '1');
    expect(await mbpoll(port, '-t', '4', '-r', '2', '-c', '2', '127.0.0.1')).toMatch(/\[2\]:\s+17\s+\[3\]:\s+1/);
    await mbpoll(port, '-t', '0', '-r', '3', '127.0.0.1', '1');
    expect(await mbpoll(port, '-t', '0', '-r', '0', '-c', '4', '127.0.0.1')).toMatch(/\[3\]:\s+1/);
    expect(await mbpoll(port, '-t', '1', '-r', '0', '-c', '16', '127.0.0.1')).toMatch(/\[15\]:\s+0/);
  });

  it('is told of an illegal address', async () => {
    const { port } = await serverLink([]);
    await expect(mbpoll(port, '-t', '4', '-r', '50', '-c', '1', '127.0.0.1')).rejects.toMatchObject({
      stderr: expect.stringContaining('Illegal data address'),
    });
  });
});

describe.skipIf(!has.pymodbus)('pymodbus', () => {
  it('completes the whole handshake with the station as server, across the wrap of PART_SEQ', async () => {
    const { port } = await serverLink(['pass', 'reject', 'pass', 'error']);
    const { stdout } = await run(python, [
      resolve(scripts, 'pymodbus_handshake.py'),
      '--port',
      String(port),
      '--parts',
      '4',
    ]);
    expect(linesOf(stdout)).toMatchObject([
      { partSeq: 65_534, verdict: 'pass', problems: [] },
      { partSeq: 65_535, verdict: 'reject', problems: [] },
      { partSeq: 1, verdict: 'pass', problems: [] },
      { partSeq: 2, verdict: 'error', problems: [] },
    ]);
  });

  it('as PLC is written by the station as client', async () => {
    const plc = spawn(python, [resolve(scripts, 'pymodbus_plc.py'), '--port', '0', '--parts', '3'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    closers.push(() => void plc.kill());
    const lines: unknown[] = [];
    const exited = new Promise<number | null>((done) => plc.once('close', done));
    const port = await new Promise<number>((ready) => {
      createInterface({ input: plc.stdout }).on('line', (line) => {
        const message: { event?: string; port?: number } = JSON.parse(line);
        if (message.event === 'ready' && message.port !== undefined) ready(message.port);
        else lines.push(message);
      });
    });
    const config = parseConfig(plcClientConfigSchema, { role: 'client', port }, 'spec');
    const deps = { clock: systemClock, logger: silentLogger, counterStore: createMemoryCounterStore() };
    answer(await createPlcLink(config, deps), ['pass', 'reject', 'review']);
    expect(await exited).toBe(0);
    expect(lines).toMatchObject([
      { partSeq: 1, verdict: 'pass', problems: [] },
      { partSeq: 2, verdict: 'reject', problems: [] },
      { partSeq: 3, verdict: 'review', problems: [] },
    ]);
  });
});

async function serverLink(verdicts: readonly VerdictKind[]) {
  const config = parseConfig(plcServerConfigSchema, { role: 'server', port: 0 }, 'spec');
  const deps = { clock: systemClock, logger: silentLogger, counterStore: createMemoryCounterStore() };
  const link = await createServerPlcLink(config, deps);
  answer(link, verdicts);
  return link;
}

/** A station that gives these verdicts to the parts as they come. */
function answer(link: PlcLink, verdicts: readonly VerdictKind[]): void {
  const stop = new AbortController();
  closers.push(link.close, () => stop.abort());
  link.setCondition(good);
  void (async () => {
    let index = 0;
    for await (const { partSeq, encoder } of link.triggers(stop.signal)) {
      const verdict = verdicts[index] ?? 'error';
      index += 1;
      const numbers = {
        reasonCode: 0,
        defectClassMask: 0,
        defectCount: 0,
        topScore: 0,
        latencyMs: 9,
        inferenceMs: 7,
        modelHash16: 1,
      };
      void link.publish({ partSeq, encoder, verdict, ...numbers });
    }
  })();
}

function linesOf(text: string): readonly unknown[] {
  return text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

const good: StationCondition = {
  online: true,
  goldenDue: false,
  goldenFailed: false,
  degraded: false,
  lightFault: false,
  storeFull: false,
  clockUnsynchronised: false,
  activeRecipeId: 1,
};
