import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { createSocketCamera, socketCameraSchema } from '@edge-blueprints/cameras';
import type { Frame } from '@edge-blueprints/contracts';
import { createRandom, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import type { Line, LineEvent, LineOptions } from './line.js';
import { createLine } from './line.js';
import type { PartSource, PreparedPart } from './prepared-part.js';
import type { WiringSignal } from './wiring.js';
import { wiringSignalSchema } from './wiring.js';

const defect = { label: 'open', classIndex: 0, score: 1, box: { xMin: 1, yMin: 1, xMax: 9, yMax: 9 } };

/** Parts of 16x16 pixels; every third one is bad. */
function smallParts(): PartSource {
  let index = 0;
  const part = (partId: string, bad: boolean): PreparedPart => ({
    partId,
    productId: 'P1',
    recipe: 3,
    width: 16,
    height: 16,
    pixels: new Uint8Array(256).fill(100 + (index % 100)),
    truth: bad ? [defect] : [],
  });
  return {
    templates: [],
    next: () => Promise.resolve(part(`B${String((index += 1)).padStart(8, '0')}`, index % 3 === 0)),
    golden: () => Promise.resolve([part('G-1-good', false), part('G-1-open', true)]),
    close: () => Promise.resolve(),
  };
}

interface Plant {
  readonly line: Line;
  readonly events: LineEvent[];
  readonly signals: WiringSignal[];
  readonly frames: Frame[];
  readonly plc: Socket;
  send(output: object): void;
  until<T extends LineEvent['event']>(event: T, count: number): Promise<Extract<LineEvent, { event: T }>[]>;
}

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function plant(
  options: Partial<LineOptions> = {},
  onSignal: (signal: WiringSignal, send: (output: object) => void) => void = () => undefined,
): Promise<Plant> {
  const events: LineEvent[] = [];
  const line = await createLine({
    source: smallParts(),
    partsPerS: 20,
    beltMmPerS: 2000,
    cameraToGateMm: 200,
    valveDelayMs: 5,
    startEncoder: 0,
    framePort: 0,
    wiringPort: 0,
    clock: systemClock,
    logger: silentLogger,
    emit: (event) => events.push(event),
    ...options,
  });
  closers.push(() => line.close());
  const signals: WiringSignal[] = [];
  const plc = connect(line.wiringPort, '127.0.0.1');
  const send = (output: object): void => void plc.write(`${JSON.stringify(output)}\n`);
  createInterface({ input: plc }).on('line', (text) => {
    const signal: WiringSignal = wiringSignalSchema.parse(JSON.parse(text));
    signals.push(signal);
    onSignal(signal, send);
  });
  await once(plc, 'connect');
  const camera = createSocketCamera(
    socketCameraSchema.parse({ kind: 'socket', port: line.framePort, reconnect: { minMs: 20, maxMs: 50 } }),
    {
      clock: systemClock,
      random: createRandom(1),
      logger: silentLogger,
    },
  );
  const stop = new AbortController();
  const frames: Frame[] = [];
  const reading = (async () => {
    for await (const frame of camera.frames(stop.signal)) frames.push({ ...frame, pixels: frame.pixels.slice() });
  })();
  closers.push(async () => {
    stop.abort();
    plc.destroy();
    await reading;
  });
  const until: Plant['until'] = async (event, count) => {
    const limit = systemClock.monotonicMs() + 8000;
    const found = () =>
      events.filter((each): each is Extract<LineEvent, { event: typeof event }> => each.event === event);
    while (found().length < count) {
      if (systemClock.monotonicMs() > limit) throw new Error(`only ${found().length} of ${count} ${event} events`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return found();
  };
  return { line, events, signals, frames, plc, send, until };
}

/** What the line wrote last may still be on its way to the PLC. */
async function told(condition: () => boolean): Promise<void> {
  const limit = systemClock.monotonicMs() + 3000;
  while (!condition()) {
    if (systemClock.monotonicMs() > limit) throw new Error('the line did not tell its PLC');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('createLine', () => {
  it('keeps the belt still until a PLC is wired and a camera client listens', async () => {
    const events: LineEvent[] = [];
    const line = await createLine({
      source: smallParts(),
      partsPerS: 50,
      beltMmPerS: 5000,
      cameraToGateMm: 100,
      valveDelayMs: 0,
      startEncoder: 0,
      framePort: 0,
      wiringPort: 0,
      clock: systemClock,
      logger: silentLogger,
      emit: (event) => events.push(event),
    });
    closers.push(() => line.close());
    const plc = connect(line.wiringPort, '127.0.0.1');
    closers.push(() => void plc.destroy());
    await once(plc, 'data');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(events.map((each) => each.event)).toEqual(['clients']);
  });

  it('tells PLC and station the same encoder and part, and stamps the capture before both', async () => {
    const { until, signals, frames, line } = await plant({ count: 8, startEncoder: 0xffff_f000 });
    await until('finished', 1);
    await told(() => signals.filter((signal) => signal.t === 'eye').length === 8 && frames.length === 8);
    const eyes = signals.filter((signal) => signal.t === 'eye');
    const captured = await until('captured', 8);
    expect(eyes.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const [index, eye] of eyes.entries()) {
      expect(captured[index]).toMatchObject({ encoder: eye.encoder, partId: eye.partId, capturedAtMs: eye.atMs });
      const frame = frames.find((each) => each.trigger?.triggerCount === eye.n);
      expect(frame?.trigger).toEqual({
        triggerCount: eye.n,
        encoder: eye.encoder,
        productId: 'P1',
        partId: eye.partId,
      });
      expect(frame?.capturedAtMs).toBe(eye.atMs);
      expect((frame?.receivedAtMs ?? 0) - eye.atMs).toBeGreaterThanOrEqual(0);
    }
    // 2000 mm/s at 20 parts/s are 100 mm, 1000 counts a part, also across the wrap.
    const steps = eyes.slice(1).map((eye, index) => (eye.encoder - (eyes[index]?.encoder ?? 0)) >>> 0);
    for (const step of steps) expect(Math.abs(step - 1000)).toBeLessThanOrEqual(1);
    expect(eyes.some((eye, index) => eye.encoder < (eyes[index - 1]?.encoder ?? 0))).toBe(true);
    expect(line.totals()).toMatchObject({ parts: 8, framesSent: 8, framesDropped: 0 });
  });

  it('rejects every part of a PLC that never energises the coil', async () => {
    const { until, signals } = await plant({ count: 6 });
    const parts = await until('part', 6);
    expect(parts.every((part) => part.bin === 'reject')).toBe(true);
    expect(parts.map((part) => part.truth?.length)).toEqual([0, 0, 1, 0, 0, 1]);
    await told(() => signals.filter((signal) => signal.t === 'reject-eye').length === 6);
  });

  it('lets exactly the parts pass for which the coil is on at the gate', async () => {
    const gates: { n: number; encoder: number }[] = [];
    const bad = new Set<number>();
    let current = 0;
    let coil = false;
    const { until, signals } = await plant({ count: 9, partsPerS: 8 }, (signal, send) => {
      if (signal.t === 'eye') {
        gates.push({ n: signal.n, encoder: (signal.encoder + 2000) >>> 0 });
        if (Number(signal.partId.slice(1)) % 3 === 0) bad.add(signal.n);
      }
      if (signal.t !== 'encoder') return;
      current = signal.encoder;
      const near = gates.find((gate) => Math.abs((gate.encoder - current) | 0) < 800);
      const wanted = near !== undefined && !bad.has(near.n);
      if (wanted === coil) return;
      coil = wanted;
      send({ t: 'accept-coil', on: coil });
    });
    const parts = await until('part', 9);
    expect(parts.map((part) => part.bin === 'reject')).toEqual(parts.map((part) => part.truth?.length === 1));
    const order = (): number[] =>
      signals.flatMap((signal) => (signal.t === 'accept-eye' || signal.t === 'reject-eye' ? [signal.n] : []));
    await told(() => order().length === 9);
    expect(order()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('loses the coil with the PLC: what comes to the gate then is rejected', async () => {
    const { until, plc, send, line } = await plant();
    send({ t: 'accept-coil', on: true });
    const first = await until('part', 3);
    expect(first.some((part) => part.bin === 'accept')).toBe(true);
    plc.destroy();
    const before = line.totals().parts;
    const parts = await until('part', before + 12);
    expect(parts.slice(-6).every((part) => part.bin === 'reject')).toBe(true);
  });

  it('stops and starts the belt on the word of the PLC', async () => {
    const { until, send, events, signals } = await plant();
    await until('captured', 2);
    send({ t: 'belt', run: false });
    const stopped = await until('belt', 2);
    expect(stopped.at(-1)).toEqual({ event: 'belt', running: false, mmPerS: 0 });
    const seen = events.length;
    const encoders = signals.length;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(events.length).toBe(seen);
    expect(signals.length - encoders).toBeLessThanOrEqual(1);
    send({ t: 'belt', run: true });
    await until('captured', 4);
  });

  it('presents the golden set next and marks its parts', async () => {
    const { until, line } = await plant({ partsPerS: 10 });
    await until('captured', 1);
    await line.presentGolden();
    const captured = await until('captured', 4);
    expect(captured.slice(1, 4).map((each) => each.partId)).toEqual(expect.arrayContaining(['G-1-good', 'G-1-open']));
  });

  it('survives its faults: camera gone and back, torn frames, wrong size, reversed belt', async () => {
    const { until, line, frames } = await plant();
    await until('captured', 2);
    await line.setFault('torn-frame', true);
    await until('captured', 5);
    await line.setFault('torn-frame', false);
    await line.setFault('wrong-size', true);
    await until('captured', 8);
    expect(frames.some((frame) => frame.width === 8)).toBe(true);
    await line.setFault('wrong-size', false);
    await line.setFault('camera-gone', true);
    const gone = frames.length;
    const seen = (await until('captured', 9)).length;
    await until('captured', seen + 3);
    expect(frames.length - gone).toBeLessThanOrEqual(1);
    await line.setFault('camera-gone', false);
    const limit = systemClock.monotonicMs() + 3000;
    while (frames.length < gone + 3 && systemClock.monotonicMs() < limit)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(frames.length).toBeGreaterThanOrEqual(gone + 3);
    await line.setFault('belt-reverse', true);
    const stuck = (await until('captured', 1)).length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await until('captured', 1)).length - stuck).toBeLessThanOrEqual(1);
    await line.setFault('belt-reverse', false);
    await until('captured', stuck + 2);
  });

  it('ignores what is no output of a PLC', async () => {
    const { until, plc } = await plant();
    plc.write('not json\n{"t":"unknown"}\n{"t":"accept-coil","on":"yes"}\n');
    await until('part', 2);
  });
});
