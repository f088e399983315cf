import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const listeningSchema = z.looseObject({ url: z.string(), vkey: z.string() });

export interface WitnessProcess {
  readonly url: string;
  readonly vkey: string;
  stop(): Promise<void>;
}

/** A witness in a process of its own. */
export async function startWitness(state: string, logVkey: string, port: number): Promise<WitnessProcess> {
  const entry = join(import.meta.dirname, '../../libs/audit/src/audit-witness.ts');
  const flags = ['--conditions=@edge-blueprints/source', '--import', 'tsx', '--disable-warning=ExperimentalWarning'];
  const own = ['--state', state, '--name', 'witness.example/w1', '--log-vkey', logVkey, '--port', String(port)];
  const child = spawn(process.execPath, [...flags, entry, ...own], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<z.infer<typeof listeningSchema>>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new RangeError('The witness did not start within 30 s.'));
    }, 30_000);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = listeningSchema.safeParse(line.includes('witness.listening') ? JSON.parse(line) : undefined);
      if (!told.success) return;
      clearTimeout(timer);
      resolve(told.data);
    });
  });
  return { url: ready.url, vkey: ready.vkey, stop: () => (child.kill('SIGTERM'), gone) };
}
