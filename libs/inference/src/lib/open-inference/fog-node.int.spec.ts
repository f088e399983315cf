import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock, type InferenceEngine } from '@edge-blueprints/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrustedKeys } from '../bundle/bundle-signature.js';
import { loadBundle, type LoadedBundle } from '../bundle/load-bundle.js';
import { verifyGolden } from '../bundle/verify-golden.js';
import { createOnnxEngine } from '../onnxruntime/onnx-engine.js';
import { createFallbackEngine, type FallbackEngine } from './fallback-engine.js';
import { createOpenInferenceEngine } from './open-inference-engine.js';

const repository = fileURLToPath(new URL('../../../../../', import.meta.url));
const entry = fileURLToPath(new URL('../../fog-node.ts', import.meta.url));

interface FogNode {
  readonly process: ChildProcessWithoutNullStreams;
  readonly port: number;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

/** A fog node in its own process, serving the committed bundle. */
async function startFogNode(port: number): Promise<FogNode> {
  const args = [
    '--conditions=@edge-blueprints/source',
    '--import',
    'tsx',
    entry,
    '--port',
    String(port),
    '--supervised',
  ];
  const child = spawn(process.execPath, args, { cwd: repository });
  const log: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => log.push(text));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('exit', (code, signal) => resolve({ code, signal })),
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const event: unknown = JSON.parse(line);
    if (typeof event === 'object' && event !== null && 'ports' in event) {
      const { http } = event.ports as { http: number };
      return { process: child, port: http, ended };
    }
  }
  throw new RangeError(`the fog node did not start: ${log.join('')}`);
}

describe('a station and its fog node', () => {
  let bundle: LoadedBundle;
  let fog: FogNode;
  let remote: InferenceEngine;
  let engine: FallbackEngine;

  beforeAll(async () => {
    const trustedKeys = await readTrustedKeys(`${repository}models/bundles/trusted-keys.json`);
    bundle = await loadBundle(`${repository}models/bundles/pcb-defects`, { trustedKeys });
    fog = await startFogNode(0);
    remote = createOpenInferenceEngine({ url: `http://127.0.0.1:${fog.port}`, requestTimeoutMs: 10_000 });
    const local = createOnnxEngine({ threads: 1 });
    engine = createFallbackEngine(remote, local, {
      remoteTimeoutMs: 3000,
      firstProbeMs: 50,
      maxProbeMs: 200,
      probeTimeoutMs: 5000,
    });
  }, 60_000);
  afterAll(async () => {
    await engine.dispose();
    fog.process.kill('SIGKILL');
    await fog.ended;
  });

  const judge = async (deadlineInMs = 15_000) => {
    const golden = bundle.golden('int8-640')[0];
    const inputs = engine.allocateInputs();
    const images = inputs['images']?.data;
    if (images instanceof Uint8Array && golden?.inputs['images']?.data instanceof Uint8Array)
      images.set(golden.inputs['images'].data);
    return engine.infer(inputs, { deadlineMs: systemClock.monotonicMs() + deadlineInMs });
  };

  it('loads the same bundle on both sides and gives the golden outputs from afar', async () => {
    const loaded = await engine.load(bundle.variant('int8-640'));
    expect(loaded.provider).toBe(`cpu@127.0.0.1:${fog.port}`);
    const comparisons = await verifyGolden(engine, bundle, 'int8-640');
    expect(comparisons.every((comparison) => comparison.outliers === 0)).toBe(true);
    expect(engine.stats()).toMatchObject({ remoteAnswers: 3, localAnswers: {} });
  }, 20_000);

  it('refuses a fog node that serves another variant', async () => {
    const other = createOpenInferenceEngine({ url: `http://127.0.0.1:${fog.port}` });
    await expect(other.load(bundle.variant('fp32-640'))).rejects.toMatchObject({ code: 'infer.model-mismatch' });
    await other.dispose();
  });

  it('accounts for every part when the fog node is killed in the middle of the stream, and goes back to it', async () => {
    const before = engine.stats();
    const providers: string[] = [];
    const parts = 30;
    let kill: Promise<unknown> | undefined;
    for (let part = 0; part < parts; part++) {
      const pending = judge();
      if (part === 10) {
        // The request of this part is under way.
        fog.process.kill('SIGKILL');
        kill = fog.ended;
      }
      const { provider, degradation, outputs } = await pending;
      expect(outputs['scores']?.data.length).toBe(38_400);
      expect(degradation.level).toBe(provider === 'cpu' ? 1 : 0);
      providers.push(provider);
    }
    await kill;
    const after = engine.stats();
    const local = providers.filter((provider) => provider === 'cpu').length;
    expect(after.remoteAnswers - before.remoteAnswers).toBe(parts - local);
    expect(Object.values(after.localAnswers).reduce((sum, count) => sum + count, 0)).toBe(local);
    expect(providers.slice(0, 10).every((provider) => provider.startsWith('cpu@'))).toBe(true);
    expect(providers.slice(11).every((provider) => provider === 'cpu')).toBe(true);
    expect(engine.health().state).toBe('degraded');
    expect(after.circuit.open).toBe(true);

    fog = await startFogNode(fog.port);
    let back = '';
    for (let part = 0; part < 200 && !back.startsWith('cpu@'); part++) back = (await judge()).provider;
    expect(back).toBe(`cpu@127.0.0.1:${fog.port}`);
    expect(engine.health().state).toBe('ready');
  }, 60_000);

  it('stops with exit code 0 on SIGTERM and when its parent is gone', async () => {
    fog.process.kill('SIGTERM');
    expect(await fog.ended).toEqual({ code: 0, signal: null });
    fog = await startFogNode(0);
    fog.process.stdin.end();
    expect(await fog.ended).toEqual({ code: 0, signal: null });
  }, 40_000);
});
