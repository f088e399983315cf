import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CameraCalibration, Clock, Logger } from '@edge-blueprints/contracts';
import { createRandom } from '@edge-blueprints/contracts';
import type { FrameOutlet } from '../line/frame-outlet.js';
import { createFrameServer } from '../line/frame-server.js';
import { surveyCamera } from './store-calibration.js';
import type { CameraFaults, StoreCamera } from './store-camera.js';
import { noCameraFaults, runStoreCamera } from './store-camera.js';
import type { StoreCameraName } from './store-cameras.js';
import { storeCameraMounts, storeCameraNames } from './store-cameras.js';
import type { StoreCommand } from './store-faults.js';
import type { Store } from './store-simulation.js';
import type { StoreTruthEvent } from './store-truth-event.js';
import { truthEvent } from './store-truth-event.js';
import { openStoreThread } from './store-thread.js';
import { insidePolygon } from './walkers/floor-geometry.js';

export interface StoreProcessOptions {
  /** Has lived for a while already, so that the shop is populated. */
  readonly store: Store;
  readonly seed: number;
  readonly framesPerS: number;
  /** Gets plan.json and calibration-<camera>.json. */
  readonly folder: string;
  /** Pictures leave through this instead of a frame socket. */
  readonly outlets?: Readonly<Partial<Record<StoreCameraName, FrameOutlet>>>;
}

export interface StoreProcess {
  readonly ports: Readonly<Partial<Record<StoreCameraName, number>>>;
  readonly plan: string;
  readonly calibrations: Readonly<Record<StoreCameraName, string>>;
  obey(command: StoreCommand): Promise<void>;
  totals(): Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/** What a knock does to a camera when the command does not say. */
const knockYawDeg = 5;
const knockPitchDeg = -4;
const hourMs = 3_600_000;
const cameraFaultNames = ['camera-moved', 'camera-lost', 'slow', 'clock-jump'] as const;

/** The store in real time: its people, three cameras with a thread for their pictures, files, faults and truth. */
export async function runStore(
  options: StoreProcessOptions,
  deps: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly emit: (event: Readonly<Record<string, unknown>> | StoreTruthEvent) => void;
  },
): Promise<StoreProcess> {
  const { store, seed, folder, framesPerS } = options;
  const { clock, logger, emit } = deps;
  const files = await writeFiles(store, seed, folder, clock);
  const views = storeCameraNames.map((name) => store.cameras[name]);
  const thread = await openStoreThread(store.plan, views, seed);
  const cameras = new Map<StoreCameraName, StoreCamera>();
  const tellClients = (): void => {
    const clients = Object.fromEntries([...cameras].map(([name, camera]) => [name, camera.clients]));
    emit({ event: 'clients', cameras: clients });
  };
  const outlets = await Promise.all(
    storeCameraNames.map(async (name) => options.outlets?.[name] ?? (await createFrameServer(0, tellClients))),
  );
  // Only now, with everything slow behind: the store's time runs with the clock from here on.
  const originMs = clock.monotonicMs() - store.nowS * 1000;
  const startedMs = clock.monotonicMs();
  const heatBefore = store.truth().heat.seconds;
  const scene = (nowMs: number) => {
    store.step(Math.max(0, (nowMs - originMs) / 1000 - store.askedS));
    return { atMs: originMs + store.nowS * 1000, figures: store.figures(), look: store.look() };
  };
  storeCameraNames.forEach((name, index) => {
    const outlet = outlets[index];
    if (outlet === undefined) return;
    const stagger = index / storeCameraNames.length;
    const camera = store.cameras[name];
    const source = thread.source(camera);
    cameras.set(name, runStoreCamera({ camera, framesPerS, stagger, source, outlet, clock, logger, scene }));
  });
  const faults = new Map<StoreCameraName, CameraFaults>(storeCameraNames.map((name) => [name, noCameraFaults]));
  const changed = (command: Extract<StoreCommand, { command: 'fault' }>, before: CameraFaults): CameraFaults => {
    const { name, on } = command;
    if (name === 'camera-lost') return { ...before, lost: on };
    if (name === 'slow') return { ...before, slow: on };
    if (name === 'clock-jump') return { ...before, jumpMs: on ? (command.jumpMs ?? hourMs) : 0 };
    const { yawDeg = knockYawDeg, pitchDeg = knockPitchDeg } = command;
    return { ...before, yawDeg: on ? yawDeg : 0, pitchDeg: on ? pitchDeg : 0 };
  };

  return {
    ports: Object.fromEntries([...cameras].flatMap(([name, { port }]) => (port === 0 ? [] : [[name, port]]))),
    ...files,
    obey: async (command) => {
      if (command.command === 'truth') {
        scene(clock.monotonicMs());
        const epochMs = clock.epochMs();
        const sinceMs = command.sinceMs ?? startedMs;
        emit(truthEvent(store.truth(), { plan: store.plan, originMs, epochMs, sinceMs, heatBefore }));
        return;
      }
      const { name, on, camera } = command;
      if (cameraFaultNames.some((known) => known === name)) {
        for (const each of camera === undefined ? storeCameraNames : [camera]) {
          const next = changed(command, faults.get(each) ?? noCameraFaults);
          faults.set(each, next);
          await cameras.get(each)?.setFaults(next);
        }
      } else store.setFault(name, on);
      emit({ event: 'fault', name, on, ...(camera === undefined ? {} : { camera }) });
    },
    totals: () => ({
      ...store.counters(),
      cameras: Object.fromEntries([...cameras].map(([name, camera]) => [name, camera.counters()])),
    }),
    close: async () => {
      for (const camera of cameras.values()) await camera.close();
      await thread.close();
    },
  };
}

async function writeFiles(
  store: Store,
  seed: number,
  folder: string,
  clock: Clock,
): Promise<{ readonly plan: string; readonly calibrations: Readonly<Record<StoreCameraName, string>> }> {
  await mkdir(folder, { recursive: true });
  const write = async (name: string, content: unknown): Promise<string> => {
    const file = join(folder, name);
    await writeFile(`${file}.part`, `${JSON.stringify(content, undefined, 1)}\n`);
    await rename(`${file}.part`, file);
    return file;
  };
  const calibrated = calibrateStore(store, seed, clock.epochMs());
  return {
    plan: await write('plan.json', store.plan),
    calibrations: {
      entrance: await write('calibration-entrance.json', calibrated.entrance),
      aisles: await write('calibration-aisles.json', calibrated.aisles),
      tills: await write('calibration-tills.json', calibrated.tills),
    },
  };
}

/** All three cameras of a store as they would be calibrated on site, with the errors of a survey. */
export function calibrateStore(
  store: Pick<Store, 'plan' | 'cameras' | 'authorities'>,
  seed: number,
  calibratedAtEpochMs: number,
): Readonly<Record<StoreCameraName, CameraCalibration>> {
  const { plan } = store;
  const calibrate = (name: StoreCameraName): CameraCalibration =>
    surveyCamera(store.cameras[name], {
      mount: storeCameraMounts[name],
      authority: store.authorities[name],
      widthM: plan.widthM,
      depthM: plan.depthM,
      freeAt: (point) => !plan.fixtures.some(({ polygon }) => insidePolygon(point, polygon)),
      random: createRandom(seed).fork(`survey ${name}`),
      calibratedAtEpochMs,
    });
  return { entrance: calibrate('entrance'), aisles: calibrate('aisles'), tills: calibrate('tills') };
}
