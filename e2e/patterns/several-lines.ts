// Several lines at the same time, each with a PLC, an MES and a station of its own.
import { withRunningLine, type RunningLine, type RunSettings } from '../running-line.js';

export interface LineOfMany extends RunSettings {
  readonly args: readonly string[];
}

/** Runs `body` once every line runs; stops all of them when it is over or one of them did not start. */
export async function withRunningLines(
  lines: readonly LineOfMany[],
  body: (runs: readonly RunningLine[]) => Promise<void>,
): Promise<void> {
  let release: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (release = resolve));
  const ended: Promise<void>[] = [];
  try {
    const runs = lines.map(
      ({ args, ...settings }) =>
        new Promise<RunningLine>((resolve, reject) => {
          const end = withRunningLine(
            args,
            async (run) => {
              resolve(run);
              await over;
            },
            settings,
          );
          end.catch(reject);
          ended.push(end);
        }),
    );
    await body(await Promise.all(runs));
  } finally {
    release();
    await Promise.allSettled(ended);
  }
}
