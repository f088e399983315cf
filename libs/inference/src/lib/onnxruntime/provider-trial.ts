import './no-telemetry.js';
import * as ort from 'onnxruntime-node';
import { encodeOnnxGraph } from './onnx-graph.js';
import { createSession, runSession } from './ort-session.js';
import { SessionFault } from '../session-fault.js';
import type { ProviderProbe } from './session-protocol.js';

/** y = x + x: enough to load a provider's library, claim its device and compute one answer. */
const doubling = encodeOnnxGraph({
  inputs: [{ name: 'x', dtype: 'float32', dims: [4] }],
  outputs: [{ name: 'y', dtype: 'float32', dims: [4] }],
  nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
});

/** Tries every provider that this build of the runtime knows by really running a graph on it. */
export async function tryAllProviders(): Promise<readonly ProviderProbe[]> {
  const probes: ProviderProbe[] = [];
  for (const { name } of ort.listSupportedBackends()) probes.push(await tryProvider(name));
  return probes;
}

/**
 * Runs a graph of four numbers on the provider alone. The list of supported backends is only what was compiled in; a
 * missing driver, library or device shows here.
 */
export async function tryProvider(provider: string): Promise<ProviderProbe> {
  const known = ort.listSupportedBackends().map((backend) => backend.name);
  if (!known.includes(provider)) {
    return { provider, loads: false, detail: `this build of the runtime knows only ${known.join(', ')}` };
  }
  try {
    const setup = { provider, setting: { threads: 1, spinning: false }, quiet: true };
    const session = await createSession({ bytes: doubling, optimised: false }, setup);
    try {
      const x = { dtype: 'float32' as const, dims: [4], data: Float32Array.of(1, 2, 3, 4) };
      const { outputs } = await runSession(session, { x });
      const right = [2, 4, 6, 8].every((value, i) => outputs.y?.data[i] === value);
      return { provider, loads: right, detail: right ? 'ran a graph' : 'computed a wrong answer' };
    } finally {
      await session.release();
    }
  } catch (error) {
    return { provider, loads: false, detail: firstLine(error) };
  }
}

/** @throws SessionFault `infer.provider-missing` with the reason the provider gave */
export async function requireProvider(provider: string): Promise<void> {
  const probe = await tryProvider(provider);
  if (!probe.loads) throw providerMissing(provider, probe.detail);
}

export function providerMissing(provider: string, detail: string): SessionFault {
  return new SessionFault('infer.provider-missing', `${provider}: ${detail}`, { provider, detail });
}

export function firstLine(error: unknown): string {
  return ((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '').slice(0, 300);
}
