import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { InferenceEngine, Logger, VerifiedModel } from '@edge-blueprints/contracts';
import { silentLogger } from '@edge-blueprints/contracts';
import { quickModel, slowModel } from '@edge-blueprints/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { OnnxEngineConfigInput } from './onnx-engine-config.js';
import type { OnnxEngineDeps } from './onnx-engine.js';
import { createOnnxEngine } from './onnx-engine.js';
import { encodeOnnxGraph } from './onnx-graph.js';
import { startSessionThread } from './session-thread.js';

describe('createOnnxEngine', () => {
  const engines: InferenceEngine[] = [];
  const open = (config: OnnxEngineConfigInput = { threads: 1 }, deps: OnnxEngineDeps = {}): InferenceEngine => {
    const engine = createOnnxEngine(config, deps);
    engines.push(engine);
    return engine;
  };
  afterEach(async () => {
    await Promise.all(engines.splice(0).map(async (engine) => engine.dispose()));
  });

  it('refuses a provider that does not load and lists those that do', async () => {
    const engine = open({ providers: ['cuda', 'cpu'] });
    const error: unknown = await engine.load(quickModel).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'infer.provider-missing', context: { configured: ['cuda', 'cpu'] } });
    expect(String(error)).toMatch(/cuda: .*Providers that load on this machine: .*cpu.*set fallback to visible/s);
    expect(engine.health().state).toBe('failed');
  });

  it('takes the next provider where that is allowed, and every result shows it', async () => {
    const engine = open({ providers: ['openvino', 'cpu'], fallback: 'visible', threads: 1 });
    expect((await engine.load(quickModel)).provider).toBe('cpu');
    const { provider, degradation } = await engine.infer(engine.allocateInputs());
    expect(provider).toBe('cpu');
    expect(degradation.level).toBe(1);
    expect(degradation.reason).toMatch(/^quick on cpu \(openvino: this build of the runtime knows only /);
    expect(engine.health()).toMatchObject({ state: 'degraded' });
  });

  it('refuses a model that is not what the bundle says, naming each tensor', async () => {
    const other: VerifiedModel = {
      ...quickModel,
      inputs: [{ name: 'x', dtype: 'uint8', dims: [1, 2, 8, 8] }],
      outputs: [{ name: 'scores', dtype: 'float32', dims: [1, 2, 4, 4] }],
    };
    const error: unknown = await open()
      .load(other)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'infer.model-mismatch',
      context: {
        problems: [
          'input x: wanted uint8 [1, 2, 8, 8], got uint8 [1, 2, 4, 4]',
          'output scores: wanted float32 [1, 2, 4, 4], but the model has only y',
          'output y: not in the bundle, got float32 [1, 2, 4, 4]',
        ],
      },
    });
  });

  it('refuses bytes that are no model', async () => {
    const broken = { ...quickModel, bytes: quickModel.bytes.slice(0, 40) };
    await expect(open().load(broken)).rejects.toMatchObject({ code: 'infer.model-invalid' });
  });

  it('fails a run whose outputs are not finite, and serves the next', async () => {
    const bytes = encodeOnnxGraph({
      inputs: [{ name: 'x', dtype: 'float32', dims: [4] }],
      outputs: [{ name: 'y', dtype: 'float32', dims: [4] }],
      nodes: [{ op: 'Log', inputs: ['x'], outputs: ['y'] }],
    });
    const spec = (name: string) => [{ name, dtype: 'float32', dims: [4] }];
    const engine = open();
    await engine.load({ ...quickModel, bytes, inputs: spec('x'), outputs: spec('y') });
    const infer = async (values: readonly number[]) =>
      engine.infer({ x: { dtype: 'float32', dims: [4], data: Float32Array.from(values) } });
    await expect(infer([1, 1, -1, 1])).rejects.toMatchObject({
      code: 'infer.failed',
      retry: 'safe',
      context: { problems: ['y: element 2 is NaN'] },
    });
    await expect(infer([1, 0, 1, 1])).rejects.toMatchObject({ context: { problems: ['y: element 1 is -Infinity'] } });
    expect((await infer([1, 1, 1, 1])).outputs.y?.data).toEqual(new Float32Array(4));
  });

  it('takes the buffers over, and refuses tensors that were given away before', async () => {
    const engine = open();
    await engine.load(quickModel);
    const inputs = engine.allocateInputs();
    await engine.infer(inputs);
    expect(inputs.x?.data).toHaveLength(0);
    await expect(engine.infer(inputs)).rejects.toMatchObject({
      code: 'infer.input-mismatch',
      message: expect.stringContaining('already given away') as unknown,
    });
  });

  it('keeps the event loop ticking while the model runs', async () => {
    const engine = open();
    await engine.load(slowModel);
    let ticks = 0;
    let running = true;
    const tick = (): void => {
      ticks += 1;
      if (running) setImmediate(tick);
    };
    setImmediate(tick);
    const { timings } = await engine.infer(engine.allocateInputs());
    running = false;
    // On the bare runtime the loop turns a handful of times in the whole run.
    expect(ticks / timings.runMs).toBeGreaterThan(1);
  });

  it('runs two models in two workers at once', async () => {
    const [one, two] = [open(), open()];
    await Promise.all([one.load(slowModel), two.load(quickModel)]);
    const slow = one.infer(one.allocateInputs());
    const quick = Array.from({ length: 20 }, async () => {
      const results = [];
      for (let i = 0; i < 5; i += 1)
        results.push((await two.infer(two.allocateInputs()).catch(() => undefined))?.variant);
      return results;
    });
    await Promise.all(quick);
    expect((await slow).variant).toBe('slow');
    expect(one.health()).toMatchObject({ completed: 1, failed: 0 });
    expect(two.health().completed).toBeGreaterThan(0);
  });

  it('gives up after the configured number of deaths in a row', async () => {
    let starts = 0;
    let worker: Worker | undefined;
    const startThread: OnnxEngineDeps['startThread'] = async () => {
      starts += 1;
      if (starts > 1) throw new RangeError('no memory for a worker');
      return startSessionThread((started) => (worker = started));
    };
    const engine = open({ threads: 1, restart: { attempts: 2, firstDelayMs: 0 } }, { startThread });
    await engine.load(quickModel);
    await worker?.terminate();
    await expect(engine.infer(engine.allocateInputs())).rejects.toMatchObject({ code: 'infer.failed', retry: 'never' });
    expect(starts).toBe(3);
    expect(engine.health()).toMatchObject({ state: 'failed', detail: 'no memory for a worker', restarts: 0 });
  });
});

describe('what the engine remembers of a machine', () => {
  const records = (): { logger: Logger; events: Map<string, Record<string, unknown>> } => {
    const events = new Map<string, Record<string, unknown>>();
    const note = (event: string, fields: Record<string, unknown> = {}): void => {
      events.set(event, fields);
    };
    return { events, logger: { ...silentLogger, info: note, warn: note, error: note } };
  };
  const session = async (folder: string, busy = false) => {
    const { logger, events } = records();
    const machineBusy = (): boolean => busy;
    const engine = createOnnxEngine({ tuneBudgetMs: 200 }, { logger, cacheFolder: folder, machineBusy });
    try {
      await engine.load(quickModel);
      await engine.warmUp(1);
      const x = { dtype: 'uint8', dims: [1, 2, 4, 4], data: new Uint8Array(32).fill(3) } as const;
      const { outputs } = await engine.infer({ x });
      return {
        events,
        first: outputs.y?.data[0],
        cache: events.get('infer.loaded')?.cache,
        detail: engine.health().detail,
      };
    } finally {
      await engine.dispose();
    }
  };

  it('tunes and optimises once, uses both again, and makes them again when a file was damaged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'edge-engine-'));
    try {
      const cold = await session(folder);
      expect(cold).toMatchObject({ cache: 'built', first: 7 });
      expect(cold.events.has('infer.tuned')).toBe(true);
      const files = await readdir(folder);
      expect(files.map((name) => name.replace(/[0-9a-f]{32}/, '*')).sort()).toEqual([
        'model-*.ort',
        'model-*.ort.sha256',
        'threads-*.json',
      ]);

      const warm = await session(folder);
      expect(warm).toMatchObject({ cache: 'hit', first: 7, detail: cold.detail });
      expect(warm.events.has('infer.tuned')).toBe(false);

      const file = (end: string): string => join(folder, files.find((name) => name.endsWith(end)) ?? '');
      const bytes = await readFile(file('.ort'));
      bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 255;
      await writeFile(file('.ort'), bytes);
      await writeFile(file('.json'), '{"format":"edge-tuning/1","threads":"many"}');
      const repaired = await session(folder);
      expect(repaired).toMatchObject({ cache: 'rebuilt', first: 7 });
      expect(repaired.events.get('infer.tuning-unusable')?.reason).toMatch(/threads/);
      expect(repaired.events.has('infer.tuned')).toBe(true);
      expect((await session(folder)).cache).toBe('hit');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('does not remember what it measured on a busy machine', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'edge-engine-'));
    try {
      const { events } = await session(folder, true);
      expect(events.has('infer.tuned')).toBe(true);
      expect(events.get('infer.tuning-not-stored')?.reason).toMatch(/busy/);
      expect((await readdir(folder)).some((name) => name.endsWith('.json'))).toBe(false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('goes on without memory when the folder cannot be written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'edge-engine-'));
    try {
      await writeFile(join(folder, 'occupied'), '');
      const result = await session(join(folder, 'occupied'));
      expect(result).toMatchObject({ cache: 'unwritable', first: 7 });
      expect(result.events.has('infer.tuning-not-stored')).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
