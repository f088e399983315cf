import http from 'node:http';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { DeviceError, type InferenceEngine, type VerifiedModel } from '@edge-blueprints/contracts';
import { createFakeEngine, type FakeEngineOptions } from '@edge-blueprints/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createOpenInferenceEngine, type OpenInferenceEngineConfigInput } from './open-inference-engine.js';
import { createOpenInferenceServer } from './open-inference-server.js';
import type { OpenInferenceServerConfigInput } from './server-config.js';

const model: VerifiedModel = {
  bundle: 'boards',
  version: '1.2.3',
  variant: 'fp32-2',
  precision: 'fp32',
  modelDigest: 'b'.repeat(64),
  bytes: new Uint8Array(1),
  inputs: [{ name: 'x', dtype: 'uint8', dims: [1, 4] }],
  outputs: [{ name: 'y', dtype: 'float32', dims: [1, 4] }],
};
const token = 'correct horse battery';
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(
  config: OpenInferenceServerConfigInput = {},
  fake: FakeEngineOptions = {},
  wanted: string | undefined = undefined,
  part: Partial<InferenceEngine> = {},
) {
  const compute: FakeEngineOptions['compute'] = (inputs) => ({
    y: {
      dtype: 'float32',
      dims: [1, 4],
      data: Float32Array.from<number | bigint>(inputs['x']?.data ?? [], (v) => Number(v) / 2),
    },
  });
  const engine = { ...createFakeEngine({ compute, ...fake }), ...part };
  const loaded = await engine.load(model);
  const server = createOpenInferenceServer(
    engine,
    { port: 0, ...config },
    { model: { name: 'boards', version: '1.2.3', loaded }, ...(wanted === undefined ? {} : { token: wanted }) },
  );
  const { url, port } = await server.listen();
  closers.push(
    () => engine.dispose(),
    () => server.close(50),
  );
  return { engine, server, url, port };
}

function client(url: string, config: Partial<OpenInferenceEngineConfigInput> = {}, secret?: string): InferenceEngine {
  const engine = createOpenInferenceEngine({ url, ...config }, secret === undefined ? {} : { token: secret });
  closers.push(() => engine.dispose());
  return engine;
}

async function ask(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    json: text === '' ? null : (JSON.parse(text) as unknown),
    headers: response.headers,
  };
}
const post = (body: unknown): RequestInit => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const request = { inputs: [{ name: 'x', datatype: 'UINT8', shape: [1, 4], data: [2, 4, 6, 8] }] };

describe('the Open Inference Protocol server', () => {
  it('answers the questions that the protocol has', async () => {
    const { url } = await serve();
    expect((await ask(`${url}/v2/health/live`)).status).toBe(200);
    expect((await ask(`${url}/v2/health/ready`)).status).toBe(200);
    expect((await ask(`${url}/v2`)).json).toMatchObject({
      extensions: expect.arrayContaining(['binary_tensor_data']) as unknown,
    });
    for (const path of ['/v2/models/boards', '/v2/models/boards/versions/1.2.3']) {
      expect((await ask(url + path)).json).toEqual({
        name: 'boards',
        versions: ['1.2.3'],
        platform: 'onnx',
        inputs: [{ name: 'x', datatype: 'UINT8', shape: [1, 4] }],
        outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 4] }],
        parameters: { model_digest: model.modelDigest, variant: 'fp32-2', provider: 'fake' },
      });
      expect((await ask(`${url}${path}/ready`)).status).toBe(200);
    }
  });

  it('computes JSON tensors for clients without the binary extension', async () => {
    const { url } = await serve();
    const { status, json } = await ask(`${url}/v2/models/boards/infer`, post({ ...request, id: 'seven' }));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      model_name: 'boards',
      model_version: '1.2.3',
      id: 'seven',
      outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 4], data: [1, 2, 3, 4] }],
    });
  });

  it.each<[string, string, RequestInit, number]>([
    ['a path that is not there', '/v2/nothing', {}, 404],
    ['another model', '/v2/models/cats', {}, 404],
    ['another version', '/v2/models/boards/versions/9/infer', post(request), 404],
    ['the wrong method', '/v2/models/boards/infer', {}, 405],
    ['a body that is not JSON', '/v2/models/boards/infer', post('{'), 400],
    [
      'an input that the model does not have',
      '/v2/models/boards/infer',
      post({ inputs: [{ ...request.inputs[0], name: 'z' }] }),
      400,
    ],
    [
      'an input of another shape',
      '/v2/models/boards/infer',
      post({ inputs: [{ ...request.inputs[0], shape: [4] }] }),
      400,
    ],
    [
      'an output that the model does not have',
      '/v2/models/boards/infer',
      post({ ...request, outputs: [{ name: 'q' }] }),
      400,
    ],
    ['a body that is too long', '/v2/models/boards/infer', post('x'.repeat(5000)), 413],
    [
      'a compressed body',
      '/v2/models/boards/infer',
      { ...post(request), headers: { 'content-encoding': 'gzip' } },
      415,
    ],
    [
      'a header length beyond the body',
      '/v2/models/boards/infer',
      { ...post(request), headers: { 'inference-header-content-length': '99999' } },
      400,
    ],
    ['a path that is not properly encoded', '/v2/models/%E0%A4%A', {}, 400],
  ])('refuses %s with a JSON error', async (_, path, init, status) => {
    const { url, server } = await serve({ maxBodyBytes: 4096 });
    const answer = await ask(url + path, init);
    expect(answer).toMatchObject({ status, json: { error: expect.any(String) as unknown } });
    expect(server.stats()).toMatchObject({ inFlight: 0, refused: { [status]: 1 } });
    expect((await ask(`${url}/v2/models/boards/infer`, post(request))).status).toBe(200);
  });

  it('wants the token for everything but its health, and compares it whole', async () => {
    const { url } = await serve({}, {}, token);
    expect((await ask(`${url}/v2/health/live`)).status).toBe(200);
    for (const authorization of ['', `Bearer ${token}x`, 'Bearer ', `Basic ${token}`, `bearer ${token}`.slice(0, -1)]) {
      expect(
        (await ask(`${url}/v2/models/boards/infer`, { ...post(request), headers: { authorization } })).status,
      ).toBe(401);
    }
    expect(
      (await ask(`${url}/v2/models/boards/infer`, { ...post(request), headers: { authorization: `Bearer ${token}` } }))
        .status,
    ).toBe(200);
    await expect(client(url).load(model)).rejects.toMatchObject({ code: 'infer.unauthorised' });
    expect((await client(url, {}, token).load(model)).provider).toMatch(/^fake@127\.0\.0\.1:/);
  });

  it('does not listen beyond this machine without a token', () => {
    const create = (host: string, secret?: string) => () =>
      createOpenInferenceServer(
        createFakeEngine(),
        { host },
        {
          model: { name: 'm', version: '1', loaded: { ...model, provider: 'x', loadMs: 0 } },
          ...(secret === undefined ? {} : { token: secret }),
        },
      );
    for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.evil.example'])
      expect(create(host)).toThrow(expect.objectContaining({ code: 'infer.server-open' }));
    expect(create('0.0.0.0', 'short')).toThrow(expect.objectContaining({ code: 'infer.server-open' }));
    for (const host of ['127.0.0.1', 'localhost', '::1', '127.0.0.9']) expect(create(host)).not.toThrow();
    expect(create('0.0.0.0', token)).not.toThrow();
  });

  it('refuses what exceeds its bound with 429, and says so when it is not ready', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const inner = createFakeEngine();
    await inner.load(model);
    const infer: InferenceEngine['infer'] = async (inputs) => {
      await held;
      return inner.infer(inputs);
    };
    const { url, engine, server } = await serve({ maxInFlight: 1 }, {}, undefined, { infer });
    const first = ask(`${url}/v2/models/boards/infer`, post(request));
    await expect.poll(() => server.stats().inFlight).toBe(1);
    const others = await Promise.all([1, 2].map(() => ask(`${url}/v2/models/boards/infer`, post(request))));
    expect(others.map((answer) => answer.status)).toEqual([429, 429]);
    release();
    expect((await first).status).toBe(200);
    expect(server.stats()).toEqual({ inFlight: 0, answered: 1, refused: { 429: 2 } });
    await engine.dispose();
    expect((await ask(`${url}/v2/health/ready`)).status).toBe(503);
    await inner.dispose();
    expect((await ask(`${url}/v2/models/boards/infer`, post(request))).status).toBe(503);
  });

  it('tells no details of an error that nobody foresaw', async () => {
    const { url } = await serve({}, {}, undefined, { infer: () => Promise.reject(new TypeError('/secret/path')) });
    expect(await ask(`${url}/v2/models/boards/infer`, post(request))).toMatchObject({
      status: 500,
      json: { error: 'internal error' },
    });
  });

  it('stops computing for a client that went away', async () => {
    let seen: AbortSignal | undefined;
    const infer: InferenceEngine['infer'] = (_, options) =>
      new Promise((_resolve, reject) => {
        seen = options?.signal;
        seen?.addEventListener('abort', () => reject(new DeviceError('infer.aborted', 'gone')));
      });
    const { url, server } = await serve({}, {}, undefined, { infer });
    const engine = client(url);
    await engine.load(model);
    const stop = new AbortController();
    const pending = engine.infer(engine.allocateInputs(), { signal: stop.signal });
    await expect.poll(() => seen !== undefined).toBe(true);
    stop.abort();
    await expect(pending).rejects.toMatchObject({ code: 'infer.aborted' });
    await expect.poll(() => server.stats().inFlight).toBe(0);
    expect(seen?.aborted).toBe(true);
  });

  it('names a port that is in use', async () => {
    const { port } = await serve();
    await expect(serve({ port })).rejects.toMatchObject({ code: 'infer.port-in-use' });
  });

  it('survives garbled and half requests', async () => {
    const { url, port } = await serve({ requestTimeoutMs: 300 });
    const head = `POST /v2/models/boards/infer HTTP/1.1\r\nHost: x\r\n`;
    const garbled = [
      '\0\0\0\0',
      'GET',
      `${head}Content-Length: abc\r\n\r\n`,
      `${head}Content-Length: 400\r\n\r\n{"inputs"`,
      `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ];
    await Promise.all(
      garbled.map(
        (text) =>
          new Promise<void>((resolve) => {
            const socket = connect(port, '127.0.0.1', () => socket.end(text));
            socket
              .on('error', () => undefined)
              .on('close', () => resolve())
              .resume();
          }),
      ),
    );
    expect((await ask(`${url}/v2/models/boards/infer`, post(request))).status).toBe(200);
  });
});

describe('the Open Inference Protocol engine', () => {
  /** A server that answers metadata well and inference as told. */
  const impostor = async (answer: (response: http.ServerResponse) => void, metadata: object = {}) => {
    const server = http.createServer((incoming, response) => {
      incoming.resume();
      const json = (value: unknown) => response.end(JSON.stringify(value));
      const tensors = {
        inputs: [{ name: 'x', datatype: 'UINT8', shape: [-1, 4] }],
        outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 4] }],
      };
      if (incoming.url === '/v2') json({ name: 'triton', version: '2', extensions: ['binary_tensor_data'] });
      else if (incoming.method === 'POST') incoming.on('end', () => answer(response));
      else json({ name: 'boards', platform: 'onnxruntime_onnx', ...tensors, ...metadata });
    });
    return listen(server);
  };
  const listen = async (server: Server | http.Server) => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () =>
        new Promise<void>((resolve) => {
          if (server instanceof http.Server) server.closeAllConnections();
          server.close(() => resolve());
        }),
    );
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const binary = (response: http.ServerResponse, json: unknown, bytes: Uint8Array) => {
    const head = Buffer.from(JSON.stringify(json));
    response.setHeader('inference-header-content-length', head.length);
    response.end(Buffer.concat([head, bytes]));
  };
  const output = { name: 'y', datatype: 'FP32', shape: [1, 4], parameters: { binary_data_size: 16 } };

  it('works with a server of another make that states no digest, if that is accepted', async () => {
    const url = await impostor((response) =>
      binary(
        response,
        { model_name: 'boards', model_version: '1', outputs: [output] },
        Buffer.from(Float32Array.of(1, 2, 3, 4).buffer),
      ),
    );
    await expect(client(url).load(model)).rejects.toThrow(/states no digest.*unstatedDigest/);
    const engine = client(url, { unstatedDigest: 'accept' });
    await engine.load(model);
    const result = await engine.infer(engine.allocateInputs());
    expect(result.outputs['y']?.data).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(result.provider).toMatch(/^triton 2@/);
  });

  it.each<[string, object, RegExp]>([
    ['another digest', { parameters: { model_digest: 'c'.repeat(64) } }, /has the digest cccc/],
    [
      'another input shape',
      { inputs: [{ name: 'x', datatype: 'UINT8', shape: [1, 8] }] },
      /input x: wanted uint8 \[1, 4\], got uint8 \[1, 8\]/,
    ],
    ['another output name', { outputs: [{ name: 'z', datatype: 'FP32', shape: [1, 4] }] }, /output y.*has only z/],
    ['a type that is not supported', { inputs: [{ name: 'x', datatype: 'FP16', shape: [1, 4] }] }, /FP16/],
  ])('refuses a server whose model has %s', async (_, metadata, message) => {
    const engine = client(await impostor((response) => response.end(), metadata), { unstatedDigest: 'accept' });
    await expect(engine.load(model)).rejects.toMatchObject({
      code: 'infer.model-mismatch',
      message: expect.stringMatching(message) as unknown,
    });
    expect(engine.health().state).toBe('empty');
  });

  const nan = Buffer.from(Float32Array.of(1, NaN, 3, 4).buffer);
  it.each<[string, (response: http.ServerResponse) => void, string]>([
    ['nothing', (r) => r.end(), 'infer.protocol'],
    ['text', (r) => r.end('hello'), 'infer.protocol'],
    ['a reply without end', (r) => void setInterval(() => r.write(Buffer.alloc(1 << 16)), 1).unref(), 'infer.protocol'],
    [
      'a reply that breaks off',
      (r) => void (r.writeHead(200, { 'content-length': 100 }), r.write('x'), setTimeout(() => r.destroy(), 5)),
      'infer.unreachable',
    ],
    ['no reply at all', () => undefined, 'infer.deadline'],
    ['a closed connection', (r) => void r.destroy(), 'infer.unreachable'],
    [
      'too few bytes',
      (r) => binary(r, { model_name: 'boards', outputs: [output] }, new Uint8Array(15)),
      'infer.protocol',
    ],
    [
      'another shape',
      (r) => binary(r, { model_name: 'boards', outputs: [{ ...output, shape: [4] }] }, new Uint8Array(16)),
      'infer.failed',
    ],
    ['not a number', (r) => binary(r, { model_name: 'boards', outputs: [output] }, nan), 'infer.failed'],
    [
      'another model digest',
      (r) =>
        binary(
          r,
          { model_name: 'boards', parameters: { model_digest: 'd'.repeat(64) }, outputs: [output] },
          new Uint8Array(16),
        ),
      'infer.model-mismatch',
    ],
    ['500', (r) => void r.writeHead(500).end('{"error":"cuda"}'), 'infer.failed'],
    ['503', (r) => void r.writeHead(503).end('{"error":"busy"}'), 'infer.overloaded'],
    ['400', (r) => void r.writeHead(400).end('{"error":"what"}'), 'infer.protocol'],
  ])('turns %s into an error of its own and goes on', async (_, answer, code) => {
    let bad = true;
    const url = await impostor((response) =>
      bad ? answer(response) : binary(response, { model_name: 'boards', outputs: [output] }, new Uint8Array(16)),
    );
    const engine = client(url, { unstatedDigest: 'accept', requestTimeoutMs: 150 });
    await engine.load(model);
    await expect(engine.infer(engine.allocateInputs())).rejects.toMatchObject({ code });
    expect(engine.health()).toMatchObject({ state: 'degraded', detail: code, inFlight: 0 });
    bad = false;
    await engine.infer(engine.allocateInputs());
    expect(engine.health()).toMatchObject({ state: 'ready', completed: 1, failed: 1 });
  });

  it('names a server that is not there, or that speaks something else', async () => {
    const closed = createServer();
    const url = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    await expect(client(url).load(model)).rejects.toMatchObject({ code: 'infer.unreachable', retry: 'safe' });
    const modbus = await listen(
      createServer(
        (socket) =>
          void socket
            .on('error', () => undefined)
            .resume()
            .end('\0\x01\0\0\0\x06'),
      ),
    );
    await expect(client(modbus).load(model)).rejects.toMatchObject({ code: 'infer.protocol' });
  });

  it('repeats a call whose kept connection the server had just closed', async () => {
    let requests = 0;
    const url = await impostor((response) => {
      requests += 1;
      const { socket } = response;
      // Keeps the promise of keep-alive for one answer, then resets on reuse.
      if (requests === 2) return void socket?.resetAndDestroy();
      return binary(response, { model_name: 'boards', outputs: [output] }, new Uint8Array(16));
    });
    const engine = client(url, { unstatedDigest: 'accept', maxInFlight: 1 });
    await engine.load(model);
    await engine.infer(engine.allocateInputs());
    await engine.infer(engine.allocateInputs());
    expect(requests).toBe(3);
  });
});
