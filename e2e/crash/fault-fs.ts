// The other side of fault-fs.c: compiles it, starts processes under it, and steers it through its control block.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export const operationKinds = ['write', 'sync', 'truncate', 'create', 'rename', 'unlink'] as const;
export type OperationKind = (typeof operationKinds)[number];

const fields = [
  'reset',
  'cutAt',
  'seed',
  'mode',
  'survival',
  'failCount',
  'failErrno',
  'dead',
  'operations',
  'cutKind',
  ...operationKinds,
  'undone',
  'torn',
  'paused',
] as const;
type Field = (typeof fields)[number];
const drawn = 2_000;

/** @returns the library's path, or undefined where there is no C compiler or no LD_PRELOAD */
export function compileFaultFs(folder: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const library = join(folder, 'fault-fs.so');
  try {
    const source = join(import.meta.dirname, 'fault-fs.c');
    execFileSync(
      'cc',
      ['-shared', '-fPIC', '-O2', '-Wno-format-truncation', '-o', library, source, '-ldl', '-lpthread'],
      { stdio: 'pipe' },
    );
    return library;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export function createControl(file: string): Record<string, string> {
  writeFileSync(file, Buffer.alloc(4096));
  return { FAULT_FS_CONTROL: file };
}

/** Reads and writes the shared block; works from the process under test as from its parent. */
export function openControl(file: string) {
  const handle = openSync(file, 'r+');
  const at = (field: Field): number => fields.indexOf(field) * 8;
  const set = (field: Field, value: number): void => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    writeSync(handle, bytes, 0, 8, at(field));
  };
  const get = (field: Field): number => {
    const bytes = Buffer.alloc(8);
    readSync(handle, bytes, 0, 8, at(field));
    return Number(bytes.readBigUInt64LE());
  };
  return {
    get,
    dead: (): boolean => get('dead') === 1,
    cutKind: (): OperationKind => operationKinds[get('cutKind')] ?? 'write',
    /** All that was written is on the disk; open files of before are gone. */
    reset(): void {
      set('cutAt', 0);
      set('reset', 1);
    },
    /** The power goes at the n-th operation from now. */
    cutAfter(n: number, seed: number, how: { readonly exit?: boolean; readonly survival?: number } = {}): void {
      set('seed', seed);
      set('mode', how.exit ? 1 : 0);
      set('survival', how.survival ?? drawn);
      set('cutAt', (get('reset') === 1 ? 0 : get('operations')) + n);
    },
    /** `count` operations fail, from the n-th from now. */
    failAfter(n: number, count: number, errno: number): void {
      set('mode', 2);
      set('failCount', count);
      set('failErrno', errno);
      set('cutAt', (get('reset') === 1 ? 0 : get('operations')) + n);
    },
    /** The driver's own work on the files, between two lives. */
    aside<T>(work: () => T): T {
      set('paused', 1);
      try {
        return work();
      } finally {
        set('paused', 0);
      }
    },
    disarm: (): void => set('cutAt', 0),
    counts: (): Readonly<Record<OperationKind | 'undone' | 'torn', number>> => ({
      write: get('write'),
      sync: get('sync'),
      truncate: get('truncate'),
      create: get('create'),
      rename: get('rename'),
      unlink: get('unlink'),
      undone: get('undone'),
      torn: get('torn'),
    }),
    close: (): void => closeSync(handle),
  };
}

export type Control = ReturnType<typeof openControl>;
