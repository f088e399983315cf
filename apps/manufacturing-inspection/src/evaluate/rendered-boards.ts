import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeviceError } from '@edge-blueprints/contracts';

/**
 * Has the line's renderer write good boards into a folder. A process of its own, because no app may import a simulator:
 * what runs at a customer must not contain one.
 * @throws DeviceError `evaluate.render-failed`
 */
export async function renderGoodBoards(count: number, folder: string): Promise<string> {
  const rigs = dirname(fileURLToPath(import.meta.resolve('@edge-blueprints/rigs/package.json')));
  const args = ['--conditions=@edge-blueprints/source', '--import', 'tsx', join(rigs, 'src/render-boards.ts')];
  const designs = String(Math.max(1, Math.ceil(count / 4)));
  args.push('--count', String(count), '--designs', designs, '--seed', '90210', '--good-share', '1', '--out', folder);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0)
    throw new DeviceError(
      'evaluate.render-failed',
      `Rendering ${count} good boards ended with code ${code ?? 'none'}; its messages are above`,
    );
  return folder;
}
