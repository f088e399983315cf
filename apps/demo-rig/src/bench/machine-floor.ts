import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { BenchModel } from './bench-model.js';
import { imageOf } from './bench-model.js';
import { ratioOf, type Ratio } from './compare.js';

/** Between boards at eight a second. */
const gapMs = 125;
/** Runs without a gap before the one that counts as hot. */
const warmRuns = 3;

const echo = `
  const server = require('node:net').createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => socket.write(bytes));
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

/**
 * What this machine itself takes before any of our code runs: cores sleep and caches go cold in the gaps between boards.
 * The same work with gaps over without, in one run; a ratio well above 1 is the machine's share of capture-to-coil, which
 * no program gets back.
 */
export async function machineFloor(model: BenchModel, rounds: number): Promise<readonly Ratio[]> {
  const most = Math.min(rounds, 160);
  return [await loopback(most), await modelRun(model, most)];
}

/** As much as a Modbus request: 12 bytes to another process and back. */
async function loopback(rounds: number): Promise<Ratio> {
  const child = spawn(process.execPath, ['-e', echo], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = Number(await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve)));
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    const message = new Uint8Array(12);
    const turn = async (): Promise<number> => {
      const start = performance.now();
      const answered = once(socket, 'data');
      socket.write(message);
      await answered;
      return performance.now() - start;
    };
    const { gapped, hot } = await withAndWithoutGaps(rounds, turn);
    socket.destroy();
    return ratioOf('floor-tcp', `12 bytes over loopback TCP and back: ${gapMs} ms gaps over hot`, gapped, hot, null);
  } finally {
    child.kill();
  }
}

async function modelRun(model: BenchModel, rounds: number): Promise<Ratio> {
  const engine = await model.engine(model.int8, 'auto');
  let at = 0;
  const turn = async (): Promise<number> => {
    const inputs = engine.allocateInputs();
    model.pack(model.board((at += 1)), model.template, imageOf(inputs));
    return (await engine.infer(inputs)).timings.runMs;
  };
  try {
    const { gapped, hot } = await withAndWithoutGaps(rounds, turn);
    return ratioOf('floor-run', `session.run, INT8: ${gapMs} ms gaps over hot`, gapped, hot, null);
  } finally {
    await engine.dispose();
  }
}

async function withAndWithoutGaps(rounds: number, turn: () => Promise<number>) {
  const gapped: number[] = [];
  const hot: number[] = [];
  for (let i = 0; i < rounds; i++) {
    await wait(gapMs);
    gapped.push(await turn());
    for (let n = 1; n < warmRuns; n++) await turn();
    hot.push(await turn());
  }
  return { gapped, hot };
}
