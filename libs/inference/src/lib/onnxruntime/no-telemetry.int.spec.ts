import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('keeps the engine from writing about its sessions into the home folder', () => {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  try {
    const script = `
      import { startSessionThread } from '${join(import.meta.dirname, 'session-thread.ts')}';
      const thread = await startSessionThread();
      await thread.request({ kind: 'probe' });
      await thread.stop();`;
    const { ORT_DISABLE_TELEMETRY: _, XDG_CACHE_HOME: __, ...env } = process.env;
    execFileSync(
      process.execPath,
      ['--conditions=@edge-blueprints/source', '--import', 'tsx', '--input-type=module', '--eval', script],
      { env: { ...env, HOME: home }, cwd: import.meta.dirname, stdio: 'pipe' },
    );
    expect(readdirSync(home)).toEqual([]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
