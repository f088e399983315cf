// A station by itself: what it connects to is read from the kernel's side, and there is loopback only.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { createStationApi } from '../../apps/demo-rig/src/station-api.js';
import type { Check } from '../check.js';
import { follow, type Process } from '../privacy/followed-process.js';
import { holdsWithin, withRunningLine, type RunningLine } from '../running-line.js';
import { accountFor } from './who-judged.js';

const root = resolve(import.meta.dirname, '../..');
/** Whatever names an address: of a connection, of a packet, of a name server. */
const calls = 'connect,sendto,sendmsg,sendmmsg';

/** @returns the addresses of other machines, and how many of this one, in a log of strace */
export function addressesIn(log: string): { readonly outside: readonly string[]; readonly inside: number } {
  const all = [...log.matchAll(/sin_addr=inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/g)].map(
    ([, four, six]) => four ?? six ?? '',
  );
  const outside = all.filter((address) => !/^(127\.|::1$|::ffff:127\.)/.test(address));
  return { outside: [...new Set(outside)], inside: all.length - outside.length };
}

/** The program of `node`, with what it says to the kernel about addresses in `log`. */
const watched = (log: string, args: readonly string[]) =>
  spawn(
    'strace',
    [
      ...['-f', '--seccomp-bpf', '-qq', '-e', `trace=${calls}`, '-e', 'signal=none', '-o', log],
      ...['--', process.execPath, ...args],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );

/** A program that does dial outside: what the watch cannot see, it cannot rule out. The addresses are for documentation. */
const dialler = `
  require('node:net').connect({ host: '192.0.2.1', port: 9 }).on('error', () => {}).setTimeout(1).destroySoon();
  const udp = require('node:dgram').createSocket('udp4');
  udp.send('x', 9, '198.51.100.1', () => udp.close());
  setTimeout(() => process.exit(0), 300);
`;

async function seesDialling(folder: string, check: Check): Promise<void> {
  const log = join(folder, 'dialler.strace');
  await follow(watched(log, ['-e', dialler])).stop(() => undefined);
  const { outside } = addressesIn(readFileSync(log, 'utf8'));
  check(
    'the watch sees a program that dials outside',
    outside.includes('192.0.2.1') && outside.includes('198.51.100.1'),
    outside.join(', '),
  );
}

async function judgesAlone(run: RunningLine, station: Process, check: Check): Promise<void> {
  const ready = z.object({ ports: z.object({ page: z.number() }) });
  const { ports } = ready.parse(await station.event('ready', 150_000));
  const api = createStationApi(`http://127.0.0.1:${ports.page}`);
  const before = (await api.view()).inspected;
  const accepted = () => run.fallen.filter(({ bin }) => bin === 'accept').length;
  await holdsWithin(90_000, async () => (await api.view()).inspected >= before + 12 && accepted() >= 3);
  const { inspected, engine } = await api.view();
  check(
    'a station by itself judges with its own model',
    inspected >= before + 12 && engine.degradationLevel === 0 && !engine.provider.includes('@'),
    `${inspected - before} boards by ${engine.variant} on ${engine.provider}`,
  );
  run.demo.processes.line.send({ command: 'fault', name: 'belt-stop', on: true });
  await holdsWithin(20_000, async () => (await api.view()).mes.pending === 0);
  const { unjudged, ...counts } = await accountFor({ ...run, api });
  check('none passed that nothing had judged', unjudged === 0, `${counts.boards} boards, ${counts.accepted} accepted`);
}

export async function onDevicePattern(check: Check): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'on-device-'));
  let config = '';
  try {
    await seesDialling(folder, check);
    await withRunningLine(
      ['--rate', '2'],
      async (run) => {
        // The same configuration once more, now under the watch from its first instruction.
        await run.demo.processes.station.stop();
        const log = join(folder, 'station.strace');
        const main = join(root, 'apps/manufacturing-inspection/src/main.ts');
        const source = ['--conditions=@edge-blueprints/source', '--import', 'tsx'];
        const station = follow(watched(log, [...source, main, '--config', config, '--supervised']));
        try {
          await judgesAlone(run, station, check);
        } finally {
          const code = await station.stop(() => station.child.stdin?.end('{"command":"stop"}\n'));
          const { inside, outside } = addressesIn(readFileSync(log, 'utf8'));
          check(
            'it dials nobody but this machine',
            code === 0 && outside.length === 0 && inside > 0,
            outside.length === 0 ? `${inside} times loopback` : outside.join(', '),
          );
        }
      },
      {
        prepare: async (data) => void (config = join(data, 'station.json')),
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
