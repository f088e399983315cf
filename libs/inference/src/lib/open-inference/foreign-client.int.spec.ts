import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Tensors, VerifiedModel } from '@edge-blueprints/contracts';
import { createFakeEngine } from '@edge-blueprints/testing';
import { expect, it } from 'vitest';
import { createOpenInferenceServer } from './open-inference-server.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../../../../e2e/foreign/oip_client.py', import.meta.url));
const python = process.env['EDGE_PYTHON'] ?? 'python3';

const model: VerifiedModel = {
  bundle: 'foreign',
  version: '3.1.4',
  variant: 'fp32-8',
  precision: 'fp32',
  modelDigest: 'e'.repeat(64),
  bytes: new Uint8Array(1),
  inputs: [{ name: 'x', dtype: 'uint8', dims: [1, 2, 8, 8] }],
  outputs: [
    { name: 'half', dtype: 'float32', dims: [1, 2, 8, 8] },
    { name: 'sum', dtype: 'int32', dims: [1] },
  ],
};
const compute = (inputs: Tensors): Tensors => {
  const values = Array.from<number | bigint, number>(inputs['x']?.data ?? [], Number);
  return {
    half: { dtype: 'float32', dims: [1, 2, 8, 8], data: Float32Array.from(values, (value) => value / 2) },
    sum: { dtype: 'int32', dims: [1], data: Int32Array.of(values.reduce((sum, value) => sum + value, 0)) },
  };
};

it("serves Triton's own Python client", async (context) => {
  const there = await run(python, ['-c', 'import tritonclient.http']).then(
    () => true,
    () => false,
  );
  if (!there) {
    const remedy = `${python} has no tritonclient: pip install "tritonclient[http]==2.73.0" numpy, or set EDGE_PYTHON`;
    if (process.env['CI'] === 'true') throw new RangeError(remedy);
    return context.skip(remedy);
  }
  const engine = createFakeEngine({ compute });
  const loaded = await engine.load(model);
  const token = 'a token for this test';
  const server = createOpenInferenceServer(
    engine,
    { port: 0 },
    { model: { name: 'foreign', version: '3.1.4', loaded }, token },
  );
  const { port } = await server.listen();
  try {
    const args = [script, '--url', `127.0.0.1:${port}`, '--model', 'foreign', '--version', '3.1.4', '--token', token];
    const { stdout } = await run(python, args).catch((error: { stdout: string; stderr: string }) => ({
      stdout: error.stdout || JSON.stringify({ checks: { [error.stderr]: false } }),
    }));
    const { checks } = JSON.parse(stdout) as { checks: Record<string, boolean> };
    expect(Object.entries(checks).filter(([, ok]) => !ok)).toEqual([]);
    expect(Object.keys(checks)).toHaveLength(11);
  } finally {
    await server.close();
    await engine.dispose();
  }
});
