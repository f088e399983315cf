import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** Exit code and output of the command. */
function cli(...args: readonly string[]): Promise<{ code: unknown; out: string; err: string }> {
  const command = ['tools/run.mjs', 'libs/inference/src/bundle-cli.ts', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: repository }, (error, out, err) =>
      resolve({ code: error === null ? 0 : error.code, out, err }),
    );
  });
}

describe('bundle-cli', () => {
  it('verifies the committed bundle with the committed keys', { timeout: 60_000 }, async () => {
    const { code, out } = await cli('verify', 'models/bundles/pcb-defects', '--no-run', '--task', 'object-detection');
    expect(out).toContain('pcb-defects 1.0.');
    expect(code).toBe(0);
  });

  it('ends with 1 for a refused bundle, 2 for wrong use, 0 for help', { timeout: 60_000 }, async () => {
    const [refused, gate, unknown, option, help] = await Promise.all([
      cli('verify', 'models/bundles/pcb-defects', '--task', 'weather', '--no-run'),
      cli('release', 'models/bundles/none'),
      cli('sing'),
      cli('pack', '--form', 'x'),
      cli('--help'),
    ]);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('bundle.task-mismatch') as unknown });
    expect(gate).toMatchObject({ code: 1, out: expect.stringMatching(/^FAIL {2}none .*folder-missing/) as unknown });
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('Unknown verb "sing"') as unknown });
    expect(option).toMatchObject({ code: 2, err: expect.stringContaining("Unknown option '--form'") as unknown });
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('pack --from') as unknown });
  });
});
