import { errorMessage } from '@edge-blueprints/contracts';

export interface Check {
  (name: string, passed: boolean, detail?: string): void;
}

/** Runs one end-to-end suite: prints each check; the exit code is 1 when one failed or the suite threw. */
export async function suite(title: string, body: (check: Check) => Promise<void>): Promise<void> {
  let failed = 0;
  const check: Check = (name, passed, detail = '') => {
    if (!passed) failed += 1;
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${title}: ${name}${detail === '' ? '' : ` (${detail})`}`);
  };
  try {
    await body(check);
  } catch (error) {
    check('runs to its end', false, error instanceof Error ? (error.stack ?? error.message) : errorMessage(error));
  }
  if (failed > 0) process.exitCode = 1;
}

/** A missing optional program skips a suite on a developer's machine and fails it in CI. */
export function absent(title: string, what: string): never {
  console.log(`${process.env['CI'] === 'true' ? 'FAIL' : 'skip'} ${title}: ${what} is absent`);
  process.exit(process.env['CI'] === 'true' ? 1 : 0);
}
