import { createInterface } from 'node:readline';

/**
 * Settles with the wish to stop: SIGTERM, SIGINT, and for a supervised process {"command":"stop"} or the end of standard
 * input, so that it does not outlive its parent.
 */
export function stopRequested(supervised: boolean): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    if (!supervised) return;
    const lines = createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      if (isStop(line)) resolve();
    });
    lines.once('close', () => resolve());
  });
}

function isStop(line: string): boolean {
  try {
    const command: unknown = JSON.parse(line);
    return typeof command === 'object' && command !== null && 'command' in command && command.command === 'stop';
  } catch {
    return false;
  }
}
