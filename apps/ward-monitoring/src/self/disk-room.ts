/** Room of one file system, bytes. */
export type FreeRoom = (folder: string) => Promise<number>;

export interface DiskRoomOptions {
  readonly folders: readonly string[];
  readonly free: FreeRoom;
  /** Journal clock. */
  readonly now: () => number;
  readonly leastFreeBytes: number;
}

/** Room where the gateway writes. A disk that does not answer is as bad as a full one, and must not hold anything up. */
export interface DiskRoom {
  /** About once a second; asks every ten. */
  look(): void;
  /** In words, while there is too little. */
  problem(): string | undefined;
}

const everyMs = 10_000;
const answerMs = 5_000;
/** So much more than the least before it is over, so that it does not come and go. */
const margin = 1.2;
const mebi = 2 ** 20;

export function createDiskRoom({ folders, free, now, leastFreeBytes }: DiskRoomOptions): DiskRoom {
  const asked = new Map<string, { sinceMs: number; isOpen: boolean }>();
  const problems = new Map<string, string>();
  const judge = (folder: string, bytes: number): void => {
    const isLow = bytes < leastFreeBytes * (problems.has(folder) ? margin : 1);
    if (isLow)
      problems.set(
        folder,
        `${Math.floor(bytes / mebi)} MiB free for trail and journal, at least ${Math.floor(leastFreeBytes / mebi)} are needed`,
      );
    else problems.delete(folder);
  };
  return {
    look() {
      for (const folder of folders) {
        const last = asked.get(folder);
        if (last?.isOpen === true) {
          if (now() - last.sinceMs >= answerMs) problems.set(folder, 'The disk of trail and journal does not answer');
          continue;
        }
        if (last !== undefined && now() - last.sinceMs < everyMs) continue;
        const question = { sinceMs: now(), isOpen: true };
        asked.set(folder, question);
        free(folder)
          .then((bytes) => judge(folder, bytes))
          .catch(() => void problems.set(folder, 'The room for trail and journal cannot be read'))
          .finally(() => (question.isOpen = false));
      }
    },
    problem: () => [...problems.values()][0],
  };
}
