import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';

export interface LineOutput {
  /** False when the reader is too far behind; the line is dropped. */
  write(line: string): boolean;
  readonly dropped: number;
}

/** Lines that a reader may be behind, bytes. */
const maxWaitingBytes = 1 << 20;

/**
 * Standard output or standard error that never blocks. Node writes to these synchronously when they are pipes, so a parent
 * that does not read would stop the event loop, and with it the verdicts; here it loses lines instead.
 */
export function createLineOutput(fd: 1 | 2): LineOutput {
  const kind = fstatSync(fd);
  const piped = kind.isFIFO() || kind.isSocket();
  const stream = piped
    ? new Socket({ fd, readable: false, writable: true })
    : fd === 1
      ? process.stdout
      : process.stderr;
  let broken = false;
  let dropped = 0;
  stream.on('error', () => {
    broken = true;
  });
  return {
    write: (line) => {
      if (broken || stream.writableLength > maxWaitingBytes) {
        dropped += 1;
        return false;
      }
      stream.write(line);
      return true;
    },
    get dropped() {
      return dropped;
    },
  };
}
