import { statSync } from 'node:fs';

/** @returns tells, each time it is called, whether the file is another one than at the call before */
export function fileChange(file: string): () => boolean {
  const mark = (): string => {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat === undefined ? 'none' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
  };
  let known = mark();
  return () => {
    const now = mark();
    const changed = now !== known;
    known = now;
    return changed;
  };
}
