// The inference node as a process that can be stopped in two ways: dead, and alive without an answer.
import { join, resolve } from 'node:path';
import { startSupervised, type SupervisedProcess } from '../../apps/demo-rig/src/supervised-process.js';

const root = resolve(import.meta.dirname, '../..');
const bundles = join(root, 'models/bundles');

export const fogTokenEnv = 'EDGE_FOG_TOKEN';

export interface FogNode extends SupervisedProcess {
  /** SIGSTOP: its connections stay open and nobody answers. */
  freeze(): void;
  thaw(): void;
}

/** The server takes its token from the environment, as the station does from the variable that its configuration names. */
export async function startFogNode(port: number, variant: string): Promise<FogNode> {
  const node = await startSupervised({
    name: 'fog node',
    entry: join(root, 'libs/inference/src/fog-node.ts'),
    args: [
      ...['--port', String(port), '--bundle', join(bundles, 'pcb-defects-rendered'), '--variant', variant],
      ...['--trusted-keys', join(bundles, 'trusted-keys.json')],
    ],
    readyTimeoutMs: 90_000,
    onEvent: () => undefined,
    onLog: () => undefined,
  });
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => (): void => {
    if (node.pid !== undefined) process.kill(node.pid, name);
  };
  return { ...node, freeze: signal('SIGSTOP'), thaw: signal('SIGCONT') };
}

/** A wire between one station and the node, to be cut by itself. */
export function startWire(to: number): Promise<SupervisedProcess> {
  return startSupervised({
    name: 'wire',
    entry: join(root, 'libs/rigs/src/link-main.ts'),
    args: ['--to', `127.0.0.1:${to}`],
    readyTimeoutMs: 60_000,
    onEvent: () => undefined,
    onLog: () => undefined,
  });
}
