import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from './high-water-mark.js';

/** Damaged files that are kept for whoever wants to look. */
const mostDamaged = 3;
const parts = ['', '-wal', '-shm', '-journal'];

/**
 * A mended outbox is a new file beside the damaged one, `name.2`, `name.3`, ...; the highest number counts. Never the old
 * name again: a connection to the damaged file may still be open in this process, and SQLite deletes a journal by its name.
 */
export function outboxGenerations(file: string) {
  const folder = dirname(file);
  const nameOf = (n: number): string => (n === 1 ? file : `${file}.${n}`);
  /** Every generation of which any file is left, a journal or a damaged one too: its number is not used again. */
  const numbers = (): readonly number[] => {
    const seen = readdirSync(folder).flatMap((name) => {
      if (!name.startsWith(basename(file))) return [];
      const match = /^(?:\.(\d+))?(?:-wal|-shm|-journal)?(?:\.damaged-.*)?$/.exec(name.slice(basename(file).length));
      return match ? [Number(match[1] ?? 1)] : [];
    });
    return [...new Set(seen)].sort((a, b) => a - b);
  };
  const newest = (): number => numbers().findLast((n) => existsSync(nameOf(n))) ?? 1;

  /** Files are renamed, never deleted, but for the oldest of many. */
  const moveAside = (name: string, epochMs: number): void => {
    for (const part of parts) {
      if (!existsSync(name + part)) continue;
      // The process that used shared memory is gone, or has it open under no name.
      if (part === '-shm') rmSync(name + part);
      else renameSync(name + part, `${name}.damaged-${Math.round(epochMs)}${part}`);
    }
  };
  const prune = (): void => {
    const stamps = readdirSync(folder)
      .filter((name) => name.startsWith(basename(file)))
      .flatMap((name) => {
        const stamp = /\.damaged-(\d+)/.exec(name)?.[1];
        return stamp === undefined ? [] : [{ name, stamp: Number(stamp) }];
      });
    const kept = [...new Set(stamps.map(({ stamp }) => stamp))].sort((a, b) => b - a).slice(0, mostDamaged);
    for (const { name, stamp } of stamps) if (!kept.includes(stamp)) rmSync(join(folder, name));
  };

  return {
    /** The file that counts; what a power cut left behind of others is moved aside. */
    current(epochMs: number): string {
      const last = newest();
      for (const n of numbers()) if (n !== last || !existsSync(nameOf(n))) moveAside(nameOf(n), epochMs);
      return nameOf(last);
    },
    /** Where the next generation is written. */
    rebuild(): string {
      const name = `${file}.rebuild`;
      for (const part of parts) rmSync(name + part, { force: true });
      return name;
    },
    /** Puts the finished rebuild in place, in one step, and moves the damaged file aside. */
    switchTo(rebuild: string, epochMs: number): string {
      const all = numbers();
      const next = nameOf((all.at(-1) ?? 1) + 1);
      renameSync(rebuild, next);
      syncFolder(folder);
      for (const n of all) moveAside(nameOf(n), epochMs);
      prune();
      syncFolder(folder);
      return next;
    },
  };
}

export type OutboxGenerations = ReturnType<typeof outboxGenerations>;
