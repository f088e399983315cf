import type { Clock, Detection, Logger } from '@edge-blueprints/contracts';
import { errorMessage } from '@edge-blueprints/contracts';
import { createAcceptGate } from './accept-gate.js';
import { createConveyor } from './conveyor.js';
import { createFrameServer } from './frame-server.js';
import type { LineFault } from './line-faults.js';
import { createSickCamera } from './line-faults.js';
import type { PartSource, PreparedPart } from './prepared-part.js';
import { createPartStock } from './part-stock.js';
import type { RtspPushOptions } from './rtsp-publisher.js';
import { createRtspPublisher } from './rtsp-publisher.js';
import { createWiringServer } from './wiring-server.js';

export interface LineOptions {
  readonly source: PartSource;
  readonly partsPerS: number;
  readonly beltMmPerS: number;
  readonly cameraToGateMm: number;
  readonly valveDelayMs: number;
  /** First encoder value; near 2^32 it wraps early in the run. */
  readonly startEncoder: number;
  /** Parts to run, then the line only carries out what is on the belt; undefined runs on. */
  readonly count?: number | undefined;
  readonly framePort: number;
  /** Pushes a stream instead of serving the frame socket. */
  readonly rtspPush?: RtspPushOptions | undefined;
  readonly wiringPort: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly emit: (event: LineEvent) => void;
}

export type LineEvent =
  | { readonly event: 'clients'; readonly wiring: boolean; readonly camera: number }
  | { readonly event: 'rtsp'; readonly connected: boolean; readonly pid: number | undefined; readonly atMs: number }
  | { readonly event: 'belt'; readonly running: boolean; readonly mmPerS: number }
  | { readonly event: 'fault'; readonly name: LineFault; readonly on: boolean }
  | { readonly event: 'golden'; readonly parts: readonly string[] }
  | {
      readonly event: 'captured';
      readonly n: number;
      readonly partId: string;
      readonly productId: string;
      readonly encoder: number;
      readonly capturedAtMs: number;
    }
  | {
      readonly event: 'part';
      readonly n: number;
      readonly partId: string;
      readonly productId: string;
      readonly encoder: number;
      readonly capturedAtMs: number;
      readonly truth: readonly Pick<Detection, 'label' | 'box'>[] | null;
      readonly bin: 'accept' | 'reject';
    }
  | ({ readonly event: 'finished' } & LineTotals);

export interface LineTotals {
  readonly parts: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Places on the belt that stayed empty because no picture was ready. */
  readonly emptyPlaces: number;
  readonly framesSent: number;
  readonly framesDropped: number;
}

export interface Line {
  readonly framePort: number;
  readonly wiringPort: number;
  setFault(name: LineFault, on: boolean): Promise<void>;
  /** Puts the golden set in front of the next parts. */
  presentGolden(): Promise<void>;
  totals(): LineTotals;
  close(): Promise<void>;
}

export const countsPerMm = 10;
const encoderEveryMs = 5;
/** Behind the gate, where the bins' eyes look. */
const binMm = 60;
/** Between the entry of the belt and the camera. */
const entryMm = 150;
const tooFast = 2.5;
const slipShare = 0.15;

interface BeltPart {
  readonly n: number;
  readonly part: PreparedPart;
  readonly eyeMm: number;
  readonly encoder: number;
  readonly capturedAtMs: number;
  /** When it was at the gate; undefined before. */
  gateAtMs: number | undefined;
}

/**
 * Conveyor, camera, gate and bins in real time. Parts run once a PLC is wired and a camera client listens; after that the
 * belt obeys the PLC alone. Pictures are ready before their part reaches the eye: between the capture stamp and the send
 * there is no work but writing.
 */
export async function createLine(options: LineOptions): Promise<Line> {
  const { clock, logger, emit } = options;
  const conveyor = createConveyor({
    countsPerMm,
    beltMmPerS: options.beltMmPerS,
    startEncoder: options.startEncoder,
    startMs: clock.monotonicMs(),
  });
  const gate = createAcceptGate(options.valveDelayMs);
  const faults = new Set<LineFault>();
  const camera = createSickCamera(faults);
  const stock = createPartStock(options.source, (error) =>
    logger.error('line.parts-failed', { reason: errorMessage(error) }),
  );
  const spacingMm = options.beltMmPerS / options.partsPerS;
  const belt: BeltPart[] = [];
  const counted = { parts: 0, accepted: 0, rejected: 0, emptyPlaces: 0 };
  let triggers = 0;
  let sequence = 0;
  let nextEyeMm = entryMm;
  let runAllowed = true;
  let started = false;
  let finished = false;
  let closed = false;
  let open = false;
  let encoderDueMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const totals = (): LineTotals => ({ ...counted, framesSent: frames.sent, framesDropped: frames.dropped });

  const setBelt = (): void => {
    conveyor.advance(clock.monotonicMs());
    const running = started && runAllowed && !faults.has('belt-stop');
    const factor = faults.has('belt-reverse') ? -1 : faults.has('belt-too-fast') ? tooFast : 1;
    const before = conveyor.speedMmPerS;
    conveyor.setRunning(running);
    conveyor.setSpeedFactor(factor);
    conveyor.setSlip(faults.has('encoder-slip') ? slipShare : 0);
    if (conveyor.speedMmPerS !== before) emit({ event: 'belt', running, mmPerS: conveyor.speedMmPerS });
    wake();
  };
  const onClients = (): void => {
    if (closed || !open) return;
    emit({ event: 'clients', wiring: wiring.connected, camera: frames.clients });
    // Without its PLC the coil has no current.
    if (!wiring.connected) gate.setCoil(false, clock.monotonicMs());
    if (!started && wiring.connected && frames.clients > 0) {
      started = true;
      setBelt();
    }
  };

  const onStream = (pid: number | undefined): void => {
    emit({ event: 'rtsp', connected: pid !== undefined, pid, atMs: clock.monotonicMs() });
    onClients();
  };

  const capture = (part: PreparedPart, eyeMm: number): void => {
    const encoder = conveyor.encoderAt(eyeMm);
    const { width, height, pixels, sentBytes } = camera.take(part);
    const { partId, productId, recipe, name } = part;
    const n = triggers;
    triggers += 1;
    const capturedAtMs = clock.monotonicMs();
    wiring.send({ t: 'eye', n, encoder, atMs: capturedAtMs, partId, productId, recipe });
    frames.send(
      {
        sequence: (sequence += 1) - 1,
        capturedAtMs,
        epochMs: clock.epochMs(),
        width,
        height,
        format: 'gray8',
        ...(name === undefined ? {} : { name }),
        trigger: { triggerCount: n, encoder, productId, partId },
      },
      pixels,
      sentBytes,
    );
    belt.push({ n, part, eyeMm, encoder, capturedAtMs, gateAtMs: undefined });
    emit({ event: 'captured', n, partId, productId, encoder, capturedAtMs });
  };
  const placePart = (): void => {
    const eyeMm = nextEyeMm;
    nextEyeMm += spacingMm;
    const wanted = options.count === undefined || triggers < options.count;
    const part = wanted ? stock.take() : undefined;
    if (part) capture(part, eyeMm);
    else if (wanted && !stock.exhausted) counted.emptyPlaces += 1;
  };
  const passGate = (part: BeltPart, nowMs: number): void => {
    const gateMm = part.eyeMm + options.cameraToGateMm;
    part.gateAtMs = nowMs - ((conveyor.positionMm - gateMm) / (conveyor.speedMmPerS || 1)) * 1000;
    wiring.send({ t: 'gate-eye', n: part.n, encoder: conveyor.encoderAt(gateMm) });
  };
  const fallIntoBin = ({ n, part, encoder, capturedAtMs, gateAtMs = Number.NEGATIVE_INFINITY }: BeltPart): void => {
    // Judged here and not at the gate: what the PLC switched in time may still lie unread when this process was late.
    const bin = gate.openAt(gateAtMs) ? 'accept' : 'reject';
    const { partId, productId } = part;
    counted.parts += 1;
    if (bin === 'accept') counted.accepted += 1;
    else counted.rejected += 1;
    wiring.send({ t: bin === 'accept' ? 'accept-eye' : 'reject-eye', n });
    const truth = part.truth?.map(({ label, box }) => ({ label, box })) ?? null;
    emit({ event: 'part', n, partId, productId, encoder, capturedAtMs, truth, bin });
  };
  /** All that the belt has carried past an eye since the last look, first things first. */
  const look = (nowMs: number): void => {
    const reached = conveyor.positionMm;
    for (let part = belt[0]; part?.gateAtMs !== undefined && reached >= binPlace(part); part = belt[0]) {
      belt.shift();
      fallIntoBin(part);
    }
    for (const part of belt) {
      if (part.gateAtMs === undefined && reached >= part.eyeMm + options.cameraToGateMm) passGate(part, nowMs);
    }
    while (reached >= nextEyeMm) placePart();
    const all = options.count !== undefined && triggers >= options.count;
    if ((all || stock.exhausted) && belt.length === 0 && !finished) {
      finished = true;
      emit({ event: 'finished', ...totals() });
    }
  };
  const binPlace = (part: BeltPart): number => part.eyeMm + options.cameraToGateMm + binMm;

  const wake = (): void => {
    if (closed) return;
    clearTimeout(timer);
    const nowMs = clock.monotonicMs();
    conveyor.advance(nowMs);
    look(nowMs);
    const moving = conveyor.speedMmPerS !== 0;
    if (moving && nowMs >= encoderDueMs) {
      encoderDueMs = nowMs + encoderEveryMs;
      wiring.send({ t: 'encoder', encoder: conveyor.encoder, atMs: nowMs });
    }
    if (!moving) return;
    const places = [
      nextEyeMm,
      ...belt.map((part) => (part.gateAtMs !== undefined ? binPlace(part) : part.eyeMm + options.cameraToGateMm)),
    ];
    const untilMs = places.reduce(
      (least, place) => Math.min(least, conveyor.msUntil(place) ?? least),
      encoderDueMs - nowMs,
    );
    timer = setTimeout(wake, Math.max(0, untilMs));
  };

  await stock.fill();
  const frames =
    options.rtspPush === undefined
      ? await createFrameServer(options.framePort, () => onClients())
      : await createRtspPublisher(options.rtspPush, { clock, logger, onChange: (pid) => onStream(pid) });
  const wiring = await createWiringServer({
    port: options.wiringPort,
    logger,
    greeting: {
      t: 'config',
      countsPerMm,
      cameraToGateMm: options.cameraToGateMm,
      beltMmPerS: options.beltMmPerS,
      valveDelayMs: options.valveDelayMs,
    },
    onOutput: (output) => {
      if (output.t === 'accept-coil') gate.setCoil(output.on, output.atMs ?? clock.monotonicMs(), output.holdMs);
      else {
        runAllowed = output.run;
        setBelt();
      }
    },
    onChange: () => onClients(),
  });
  open = true;
  if (frames.clients > 0 || wiring.connected) onClients();

  return {
    framePort: frames.port,
    wiringPort: wiring.port,
    async setFault(name, on) {
      if (on) faults.add(name);
      else faults.delete(name);
      if (name === 'camera-gone') await frames.setPresent(!on);
      setBelt();
      emit({ event: 'fault', name, on });
    },
    async presentGolden() {
      const parts = await options.source.golden();
      stock.putInFront(parts);
      emit({ event: 'golden', parts: parts.map((part) => part.partId) });
    },
    totals,
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.all([frames.close(), wiring.close(), options.source.close()]);
    },
  };
}
