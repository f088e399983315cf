import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DeviceError } from '@edge-blueprints/contracts';

/**
 * Builds the page when one of its sources is newer than its output.
 * @param alsoFrom folders outside of the page whose change calls for a new build, such as the sources of the web kit
 * @returns the folder to serve
 */
export async function buildPage(
  webFolder: string,
  alsoFrom: readonly string[] = [],
): Promise<{ readonly folder: string; readonly built: boolean }> {
  const folder = join(webFolder, 'dist');
  const output = await newest(folder);
  const sources = await Promise.all([
    newest(join(webFolder, 'src')),
    newest(join(webFolder, 'public')),
    ...alsoFrom.map(newest),
    ...['index.html', 'vite.config.ts', 'package.json'].map((f) => changed(join(webFolder, f))),
  ]);
  if (output > Math.max(...sources)) return { folder, built: false };
  const vite = join(
    dirname(createRequire(join(webFolder, 'package.json')).resolve('vite/package.json')),
    'bin/vite.js',
  );
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: webFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-4_000);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(new DeviceError('demo.page-build', `The page could not be built (vite, exit code ${code}):\n${said}`));
    });
  });
  return { folder, built: true };
}

async function changed(file: string): Promise<number> {
  return stat(file).then(
    (s) => s.mtimeMs,
    () => 0,
  );
}

async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const times = await Promise.all(entries.filter((e) => e.isFile()).map((e) => changed(join(e.parentPath, e.name))));
  return Math.max(0, ...times);
}
