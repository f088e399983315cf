import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const models = resolve(import.meta.dirname, '../../../../models');

/** A sidecar of `models/sidecar` in its own process. */
export interface SidecarProcess {
  readonly url: string;
  readonly port: number;
  /** SHA-256 of the model that it states. */
  readonly digest: string;
  /** What it wrote to standard error so far. */
  log(): string;
  kill(signal: NodeJS.Signals): void;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

export interface StartSidecarOptions {
  readonly python: string;
  readonly args: readonly string[];
  readonly token?: string;
  /** 0 takes a free port. */
  readonly port?: number;
}

/**
 * The Python that the sidecar's tests use: `EDGE_SIDECAR_PYTHON`, or the environment that `models/sidecar/setup.mjs` makes.
 * Undefined with none that has the packages; then tests skip, in CI they fail.
 */
export function sidecarPython(): string | undefined {
  const python = process.env['EDGE_SIDECAR_PYTHON'] ?? join(models, 'sidecar/.venv/bin/python');
  if (!existsSync(python)) return undefined;
  const packages = 'import onnxruntime, openvino, ai_edge_litert.interpreter';
  return spawnSync(python, ['-c', packages], { stdio: 'ignore', timeout: 60_000 }).status === 0 ? python : undefined;
}

export const sidecarRemedy =
  'the sidecar has no Python with onnxruntime, openvino and ai-edge-litert: run node models/sidecar/setup.mjs';

/** Runs a module of the sidecar to its end, for example what writes test models. */
export function runSidecarModule(python: string, args: readonly string[]): void {
  const env = { ...process.env, PYTHONPATH: models };
  const { status, stderr } = spawnSync(python, ['-m', ...args], { env, encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new RangeError(`python -m ${args.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`);
}

/** Resolves when it serves. Rejects with what it wrote when it ends before. It stops by itself when this process is gone. */
export async function startSidecar({ python, args, token, port = 0 }: StartSidecarOptions): Promise<SidecarProcess> {
  const child = spawn(python, ['-m', 'sidecar', '--supervised', '--port', String(port), ...args], {
    env: { ...process.env, PYTHONPATH: models, ...(token === undefined ? {} : { EDGE_FOG_TOKEN: token }) },
  });
  const lines: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => lines.splice(0, Math.max(0, lines.push(text) - 500)));
  const exited = new Promise<{ code: number | null; signal: string | null }>((done) => {
    child.on('exit', (code, signal) => done({ code, signal }));
  });
  child.stdin.on('error', () => undefined);
  for await (const line of createInterface({ input: child.stdout })) {
    const event: unknown = JSON.parse(line);
    if (typeof event === 'object' && event !== null && 'url' in event && 'digest' in event) {
      const url = String(event.url);
      return {
        url,
        port: Number(new URL(url).port),
        digest: String(event.digest),
        log: () => lines.join(''),
        kill: (signal) => child.kill(signal),
        exited,
      };
    }
  }
  await exited;
  throw new RangeError(`the sidecar did not start: ${lines.join('')}`);
}
