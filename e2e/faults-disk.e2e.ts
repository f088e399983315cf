// The disk of the station runs full: verdicts go on, what has no record is counted and shown, nothing is claimed as stored.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from './check.js';
import { holdsWithin, withRunningLine, type RunningLine } from './running-line.js';

interface FullDisk {
  readonly name: string;
  readonly prepare?: (data: string) => Promise<void>;
  readonly fill: (run: RunningLine, data: string) => void;
  readonly free: (run: RunningLine, data: string) => void;
  readonly cleanUp?: (data: string) => Promise<void>;
}

const works = (command: string, args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** A file system of its own, filled by somebody else. Needs the right to mount. */
const smallFileSystem: FullDisk = {
  name: 'file system full',
  prepare: (data) => {
    const state = join(data, 'state');
    mkdirSync(state);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', state]);
    return Promise.resolve();
  },
  fill: (_, data) => {
    const file = openSync(join(data, 'state', 'ballast'), 'w');
    try {
      for (let bytes = 1_048_576; bytes >= 512; bytes /= 2) {
        try {
          for (;;) if (writeSync(file, Buffer.alloc(bytes)) < bytes) break;
        } catch {
          // no room for a piece of this size
        }
      }
    } finally {
      closeSync(file);
    }
  },
  free: (_, data) => rmSync(join(data, 'state', 'ballast')),
  cleanUp: (data) => Promise.resolve(void works('umount', ['-l', join(data, 'state')])),
};

/** The operating system refuses the station's files any growth, as a quota does. Needs no rights. */
const fileSizeLimit: FullDisk = {
  name: 'files may not grow',
  fill: ({ demo }, data) => {
    const bytes = statSync(join(data, 'state', 'parts.sqlite-wal'), { throwIfNoEntry: false })?.size ?? 0;
    const limit = Math.max(bytes, statSync(join(data, 'state', 'parts.sqlite')).size);
    execFileSync('prlimit', ['--pid', String(demo.processes.station.pid), `--fsize=${limit}:unlimited`]);
  },
  free: ({ demo }) => {
    execFileSync('prlimit', ['--pid', String(demo.processes.station.pid), '--fsize=unlimited:unlimited']);
  },
};

const possible: FullDisk[] = [];
const probe = mkdtempSync(join(tmpdir(), 'mount-probe-'));
if (works('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe])) {
  works('umount', [probe]);
  possible.push(smallFileSystem);
} else console.log('skip faults, file system full: mounting a file system needs more rights');
rmSync(probe, { recursive: true });
if (works('prlimit', ['--pid', String(process.pid)])) possible.push(fileSizeLimit);
else console.log('skip faults, files may not grow: prlimit is absent');

for (const disk of possible) {
  const title = `faults, ${disk.name}`;
  let data = '';
  await suite(title, (check) =>
    withRunningLine(
      ['--rate', '2'],
      async (run) => {
        const { api, fallen, stationEvents, judge, demo } = run;
        const unrecorded = async (): Promise<number> => {
          const { drops } = await api.view();
          const names = ['record.queue-full', 'record.not-stored', 'record.failed', 'store.evictedRecords'];
          return names.reduce((sum, name) => sum + (drops[name] ?? 0), 0);
        };
        const missing = async (): Promise<number> => {
          const stored = new Set((await api.allParts()).map(({ resultId }) => resultId));
          return stationEvents.filter(({ resultId }) => !stored.has(String(resultId))).length;
        };
        await holdsWithin(60_000, () => fallen.length >= 8);
        check('records parts before', (await api.allParts()).length >= 4, `${(await api.allParts()).length} records`);

        disk.fill(run, data);
        const noticed = await holdsWithin(60_000, async () => /store/.test((await api.view()).lineStateReason));
        const view = await api.view();
        check('the page says that the store takes no more', noticed, view.lineStateReason);
        // The PLC's status is written ten times a second.
        const bits = async (): Promise<readonly string[]> => (await api.view()).plc.statusBits;
        const plcTold = await holdsWithin(2_000, async () => (await bits()).includes('STORE_FULL'));
        check('the PLC is told', plcTold, (await bits()).join(' '));
        const [answered, atGate] = [stationEvents.length, fallen.length];
        demo.processes.plc.send({ command: 'reset' });
        await holdsWithin(15_000, () => fallen.length >= atGate + 6);
        const meanwhile = fallen.slice(atGate);
        check(
          'boards that the PLC still sends get an answer or are rejected',
          stationEvents.length > answered && meanwhile.length > 0,
          `${meanwhile.length} boards at the gate, ${stationEvents.length - answered} answered by the station`,
        );

        disk.free(run, data);
        demo.processes.plc.send({ command: 'reset' });
        const resumed = await holdsWithin(40_000, async () => !/store/.test((await api.view()).lineStateReason));
        check('recording resumes by itself when there is room', resumed, (await api.view()).lineStateReason);
        const [storedThen, acceptedThen] = [(await api.allParts()).length, fallen.filter(accepted).length];
        demo.processes.plc.send({ command: 'reset' });
        const passing = await holdsWithin(40_000, () => fallen.filter(accepted).length > acceptedThen + 1);
        check('good boards pass again', passing);
        check('new parts are stored', (await api.allParts()).length > storedThen);

        demo.processes.line.send({ command: 'fault', name: 'belt-stop', on: true });
        const settled = await holdsWithin(20_000, async () => (await missing()) === (await unrecorded()));
        check(
          'every part is stored or counted as not stored',
          settled,
          `${stationEvents.length} parts, ${await missing()} without a record, ${await unrecorded()} counted`,
        );
        const told = async (): Promise<boolean> => {
          const { delivered, pending, dropped } = (await api.view()).mes;
          return pending === 0 && dropped === 0 && delivered === (await api.allParts()).length;
        };
        check(
          'the MES was told of stored parts only',
          await holdsWithin(20_000, told),
          JSON.stringify((await api.view()).mes),
        );
        const judged = await judge();
        check(
          'no bad board passed that the model caught',
          escapedUnjudged(run).length === 0,
          `${judged.bad} bad, ${judged.escapes.count} escapes, ${judged.escapesModelMissed} with a record of the model's miss`,
        );
      },
      {
        prepare: async (folder) => {
          data = folder;
          await disk.prepare?.(folder);
        },
        ...(disk.cleanUp === undefined ? {} : { cleanUp: disk.cleanUp }),
      },
    ),
  );
}

function accepted({ bin }: { readonly bin: string }): boolean {
  return bin === 'accept';
}

/** Bad boards in the accept bin for which the station did not say pass. A part without a record has only its event. */
function escapedUnjudged({ fallen, stationEvents }: RunningLine): readonly string[] {
  const passed = new Set(stationEvents.filter(({ verdict }) => verdict === 'pass').map(({ partId }) => partId));
  return fallen
    .filter(({ bin, truth, partId }) => bin === 'accept' && (truth?.length ?? 0) > 0 && !passed.has(partId))
    .map(({ partId }) => partId);
}
