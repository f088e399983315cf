import type { Clock, Frame, FrameSource } from '@edge-blueprints/contracts';
import { createSceneRenderer, createStore, storeCameraNames } from '@edge-blueprints/rigs';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Pictures of a populated store that follow each other at the rate, for each of its cameras: rendered before anything is measured. */
export function renderLoops(count: number, framesPerS: number, seed: number): readonly (readonly Picture[])[] {
  const store = createStore({ seed, peoplePerHour: 360 });
  store.step(12 * 60);
  const renderers = storeCameraNames.map((name) => createSceneRenderer(store.plan, store.cameras[name], seed));
  const loops = renderers.map((): Picture[] => []);
  for (let i = 0; i < count; i += 1) {
    store.step(1 / framesPerS);
    for (const [at, renderer] of renderers.entries()) {
      const { width, height } = renderer.camera;
      const pixels = new Uint8Array(width * height * 3);
      renderer.render(store.figures(), store.look(), i, pixels);
      loops[at]?.push({ width, height, pixels });
    }
  }
  return loops;
}

/** A camera that delivers a loop of finished pictures on its beat: costs nothing but the copy that every camera costs. */
export function createLoopedCamera(options: {
  readonly id: string;
  readonly pictures: readonly Picture[];
  readonly framesPerS: number;
  /** Share of the beat by which it is behind the first camera. */
  readonly phase: number;
  readonly clock: Clock;
}): FrameSource {
  const { id, pictures, framesPerS, clock } = options;
  const beatMs = 1_000 / framesPerS;
  let sequence = 0;
  return {
    id,
    async *frames(stop: AbortSignal): AsyncGenerator<Frame> {
      const startedMs = clock.monotonicMs() + options.phase * beatMs;
      while (!stop.aborted) {
        const dueMs = startedMs + sequence * beatMs;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - clock.monotonicMs())));
        const picture = pictures[sequence % pictures.length];
        if (picture === undefined || stop.aborted) return;
        const receivedAtMs = clock.monotonicMs();
        const times = { capturedAtMs: Math.min(dueMs, receivedAtMs), receivedAtMs, epochMs: clock.epochMs() };
        yield { source: id, sequence, ...times, ...picture, format: 'rgb24' };
        sequence += 1;
      }
    },
    stats: () => ({
      captured: sequence,
      delivered: sequence,
      superseded: 0,
      corrupt: 0,
      reconnects: 0,
      connected: true,
    }),
    close: async () => undefined,
  };
}
