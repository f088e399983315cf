import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { InferenceEngine, Tensor, Tensors, VerifiedModel } from '@edge-blueprints/contracts';
import {
  inferenceEngineContract,
  quickModel,
  quickReference,
  runSidecarModule,
  sidecarPython,
  sidecarRemedy,
  slowModel,
  startSidecar,
  type ContractModelKind,
  type SidecarProcess,
} from '@edge-blueprints/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrustedKeys } from '../bundle/bundle-signature.js';
import { loadBundle, type LoadedBundle } from '../bundle/load-bundle.js';
import { verifyGolden } from '../bundle/verify-golden.js';
import { createOnnxEngine } from '../onnxruntime/onnx-engine.js';
import { createOpenInferenceEngine } from './open-inference-engine.js';

const repository = resolve(import.meta.dirname, '../../../../..');
const artefacts = join(repository, 'models/sidecar/tests/artefacts/pcb-defects.tflite');
const python = sidecarPython();
const token = randomBytes(16).toString('hex');

const running: SidecarProcess[] = [];
const start = async (args: readonly string[]): Promise<SidecarProcess> => {
  const started = await startSidecar({ python: python ?? '', args, token });
  running.push(started);
  return started;
};
afterAll(async () => {
  for (const { kill } of running) kill('SIGTERM');
  for (const { exited } of running) await exited;
});

if (python === undefined) {
  it('runs where the backends are installed', (context) => {
    if (process.env['CI'] === 'true') throw new RangeError(sidecarRemedy);
    context.skip(sidecarRemedy);
  });
} else {
  describe.each(['onnxruntime', 'openvino', 'litert'] as const)('the sidecar with %s', (backend) => {
    let folder: string;
    const servers = new Map<ContractModelKind, SidecarProcess>();
    const modelFile = (kind: ContractModelKind) => join(folder, `${kind}.${backend === 'litert' ? 'tflite' : 'onnx'}`);
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sidecar-'));
      if (backend === 'litert') runSidecarModule(python, ['sidecar.tests.contract_models', folder]);
      for (const [kind, model] of [
        ['quick', quickModel],
        ['slow', slowModel],
      ] as const) {
        if (backend !== 'litert') await writeFile(modelFile(kind), model.bytes);
        const args = ['--backend', backend, '--artefact', modelFile(kind), '--name', model.bundle];
        servers.set(kind, await start([...args, '--model-version', model.version]));
      }
    }, 60_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    inferenceEngineContract(`the ${backend} sidecar`, async (kind) => {
      const model = kind === 'slow' ? slowModel : quickModel;
      const bytes = new Uint8Array(await readFile(modelFile(kind)));
      // A TFLite file has tensors as the ONNX model, and a digest of its own.
      const modelDigest = createHash('sha256').update(bytes).digest('hex');
      return {
        engine: createOpenInferenceEngine(
          { url: servers.get(kind)?.url ?? '', maxInFlight: 3, requestTimeoutMs: 10_000 },
          { token },
        ),
        model: { ...model, bytes, modelDigest },
        reference: quickReference,
        accepts: 3,
      };
    });
  });

  describe('the sidecar with a bundle', () => {
    let bundle: LoadedBundle;
    let local: InferenceEngine;
    let model: VerifiedModel;
    const folder = join(repository, 'models/bundles/pcb-defects');
    beforeAll(async () => {
      const trustedKeys = await readTrustedKeys(join(repository, 'models/bundles/trusted-keys.json'));
      bundle = await loadBundle(folder, { trustedKeys });
      model = bundle.variant('int8-640');
      local = createOnnxEngine({ threads: 1 });
      await local.load(model);
    }, 60_000);
    afterAll(() => local.dispose());

    const open = async (args: readonly string[]): Promise<InferenceEngine> => {
      const { url } = await start(['--bundle', folder, '--variant', 'int8-640', ...args]);
      const engine = createOpenInferenceEngine({ url, requestTimeoutMs: 20_000 }, { token });
      await engine.load(model);
      return engine;
    };
    /** Largest difference of an output from what this process computes, over all golden inputs. */
    const apart = async (engine: InferenceEngine, output: string): Promise<number> => {
      let largest = 0;
      for (const { inputs } of bundle.golden('int8-640')) {
        const [there, here] = await Promise.all([engine, local].map((one) => one.infer(filled(one, inputs))));
        const expected = numbers(here?.outputs[output]);
        const got = numbers(there?.outputs[output]);
        expect(got).toHaveLength(expected.length);
        largest = got.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))), largest);
      }
      return largest;
    };

    it.each([
      ['onnxruntime', 1e-4, 0.01],
      ['openvino', 0.002, 0.1],
    ] as const)(
      'answers by %s as the engine in this process, and passes the golden vectors',
      async (backend, mostScore, mostBox) => {
        const engine = await open(['--backend', backend]);
        const comparisons = await verifyGolden(engine, bundle, 'int8-640');
        expect(comparisons.every(({ outliers }) => outliers === 0)).toBe(true);
        expect(await apart(engine, 'scores')).toBeLessThanOrEqual(mostScore);
        expect(await apart(engine, 'boxes')).toBeLessThanOrEqual(mostBox);
        const { provider } = await engine.infer(engine.allocateInputs());
        expect(provider).toMatch(new RegExp(`^${backend}:cpu@127\\.0\\.0\\.1:`));
        await engine.dispose();
      },
    );

    // The gate of the route edgetpu (blueprints/targets/coral-dev-board/target.json), by which it was compiled.
    const parity = { factor: 2.5, outlierShare: 0.01 };
    const gate = ['--parity-factor', '2.5', '--parity-outlier-share', '0.01'];
    const tail = ['--tail', join(artefacts, 'tail.onnx')];
    const whole = ['--backend', 'litert', '--artefact', join(artefacts, 'model.tflite'), ...tail];

    it('answers by LiteRT from an NHWC INT8 artefact with its last nodes on the host, and passes the gate of its route', async () => {
      const engine = await open([...whole, ...gate]);
      // Every tensor is INT8 there: one step of a score is 0.01 to 0.03, one of a box up to 3 pixels where nothing is.
      expect(await apart(engine, 'scores')).toBeLessThan(0.06);
      expect(await apart(engine, 'boxes')).toBeLessThan(4);
      const comparisons = await verifyGolden(engine, bundle, 'int8-640', { parity });
      expect(comparisons.every(({ ok }) => ok)).toBe(true);
      await expect(verifyGolden(engine, bundle, 'int8-640')).rejects.toThrow(/"boxes" that the decoder reads are off/);
      await expect(verifyGolden(engine, bundle, 'fp32-640', { parity })).rejects.toThrow(/is fp32/);
      for (const [broken, change] of Object.entries(breakages)) {
        const off: InferenceEngine = {
          ...engine,
          infer: async (inputs, options) => {
            const result = await engine.infer(inputs, options);
            return { ...result, outputs: change(result.outputs) };
          },
        };
        await expect(verifyGolden(off, bundle, 'int8-640', { parity }), broken).rejects.toMatchObject({
          code: 'bundle.golden-mismatch',
        });
      }
      await engine.dispose();
    });

    it.each([
      ['wrong weights', (bytes: Buffer) => bytes.fill(0x7f, bytes.length >> 1, (bytes.length >> 1) + 256)],
      [
        'weights of the other sign',
        (bytes: Buffer) => flipSigns(bytes.subarray(bytes.length / 10, bytes.length / 10 + 256)),
      ],
    ])('does not serve an INT8 artefact with %s, in spite of the gate of its route', async (_, change) => {
      const folder = await mkdtemp(join(tmpdir(), 'sidecar-broken-'));
      try {
        const bytes = await readFile(join(artefacts, 'model.tflite'));
        change(bytes);
        const file = join(folder, 'model.tflite');
        await writeFile(file, bytes);
        const args = ['--backend', 'litert', '--artefact', file, ...tail, ...gate];
        await expect(open(args)).rejects.toThrow(/sidecar\.golden-mismatch/);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

    it.each(['pcb-defects-rendered', 'person-pose', 'surface-anomaly', 'vitals-anomaly'])(
      'proves %s by its golden vectors in OpenVINO before it serves',
      async (name) => {
        const { url } = await start(['--backend', 'openvino', '--bundle', join(repository, 'models/bundles', name)]);
        const answer = await fetch(`${url}/status`, { headers: { authorization: `Bearer ${token}` } });
        const { golden } = (await answer.json()) as { golden: readonly unknown[] };
        expect(golden.length).toBeGreaterThan(0);
      },
    );

    it('does not serve an INT8 artefact without the gate of its route, nor as a variant in floats', async () => {
      await expect(open(whole)).rejects.toThrow(/sidecar\.golden-mismatch.*boxes/);
      const args = ['--bundle', folder, '--variant', 'fp32-640', ...whole, ...gate];
      await expect(start(args)).rejects.toThrow(/sidecar\.settings.*fp32-640 is fp32/);
    });

    it("serves Triton's own Python client", async (context) => {
      const triton = process.env['EDGE_PYTHON'] ?? 'python3';
      if (spawnSync(triton, ['-c', 'import tritonclient.http'], { stdio: 'ignore' }).status !== 0) {
        const remedy = `${triton} has no tritonclient: pip install "tritonclient[http]==2.73.0", or set EDGE_PYTHON`;
        if (process.env['CI'] === 'true') throw new RangeError(remedy);
        return context.skip(remedy);
      }
      const { port } = await start(['--backend', 'onnxruntime', '--bundle', folder]);
      const script = join(repository, 'e2e/foreign/oip_client.py');
      const args = [
        script,
        '--url',
        `127.0.0.1:${port}`,
        '--model',
        'pcb-defects',
        '--version',
        bundle.manifest.version,
      ];
      const { stdout, stderr } = spawnSync(triton, [...args, '--token', token], { encoding: 'utf8', timeout: 60_000 });
      expect(stderr).toBe('');
      const { checks } = JSON.parse(stdout) as { checks: Record<string, boolean> };
      expect(Object.entries(checks).filter(([, ok]) => !ok)).toEqual([]);
      expect(Object.keys(checks)).toHaveLength(11);
    });

    it('tells device, warm-up, golden vectors, queue and temperatures to who has the token, and ends on SIGTERM with 0', async () => {
      const { url, kill, exited } = await start(['--backend', 'openvino', '--bundle', folder]);
      expect((await fetch(`${url}/status`)).status).toBe(401);
      const answer = await fetch(`${url}/status`, { headers: { authorization: `Bearer ${token}` } });
      const status: unknown = await answer.json();
      expect(status).toMatchObject({
        device: {
          backend: 'openvino',
          effective: 'cpu',
          reached: true,
          evidence: expect.stringContaining('CPU') as unknown,
        },
        golden: Array.from({ length: 6 }, () => ({ outlierShare: 0 })),
        queue: { completed: 6, failed: 0, waiting: 0, bound: 6 },
        temperatures: expect.any(Array) as unknown,
      });
      kill('SIGTERM');
      expect(await exited).toEqual({ code: 0, signal: null });
    });
  });
}

const flipSigns = (weights: Buffer): void => weights.forEach((value, at) => (weights[at] = value ^ 0x80));

const withData = (outputs: Tensors, name: string, change: (data: Float32Array) => Float32Array): Tensors => {
  const tensor = outputs[name];
  if (tensor?.dtype !== 'float32') throw new RangeError(`${name} is ${tensor?.dtype ?? 'missing'}`);
  return { ...outputs, [name]: { ...tensor, data: change(Float32Array.from(tensor.data, Number)) } };
};

/** Every one of them shall be refused, whatever the gate of a route tolerates. */
const breakages: Readonly<Record<string, (outputs: Tensors) => Tensors>> = {
  'boxes a third too large': (outputs) => withData(outputs, 'boxes', (data) => data.map((value) => value * 1.33)),
  'scores of one label for those of the next': (outputs) =>
    withData(outputs, 'scores', (data) => Float32Array.from(data, (_, at) => data[(at + 6400) % data.length] ?? NaN)),
  'sides of the boxes swapped': (outputs) =>
    withData(outputs, 'boxes', (data) => Float32Array.from(data, (_, at) => data[(at + 6400) % data.length] ?? NaN)),
  'scores of a wrong scale': (outputs) => withData(outputs, 'scores', (data) => data.map((value) => value * 0.8)),
  'no score at all': (outputs) => withData(outputs, 'scores', (data) => data.fill(0)),
};

function numbers(tensor: Tensor | undefined): readonly number[] {
  return tensor?.data instanceof BigInt64Array ? Array.from(tensor.data, Number) : Array.from(tensor?.data ?? []);
}

function filled(engine: InferenceEngine, golden: Tensors): Tensors {
  const inputs = engine.allocateInputs();
  const [to, from] = [inputs['images']?.data, golden['images']?.data];
  if (to instanceof Uint8Array && from instanceof Uint8Array) to.set(from);
  return inputs;
}
