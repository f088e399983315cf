import { EdgeError, errorMessage } from '@edge-blueprints/contracts';

/**
 * Closes the parts of a process in the reverse order of their opening. Every closer runs, also after a failure.
 * @throws EdgeError `pipeline.close-failed` that tells all failures together
 */
export async function closeInReverse(closers: readonly (() => void | Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of [...closers].reverse()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw new EdgeError(
      'pipeline.close-failed',
      `Closing failed in ${failures.length} place(s): ${failures.map(errorMessage).join('; ')}`,
      {
        cause: new AggregateError(failures),
      },
    );
  }
}
