import { parentPort, workerData } from 'node:worker_threads';
import type { StorePlan } from '@edge-blueprints/contracts';
import { storePlanSchema } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { Figure } from './scene/figure.js';
import { createSceneRenderer } from './scene/scene-renderer.js';
import type { PinholeCamera, SceneRenderer } from './scene/scene.js';

const cameraSchema = z.object({
  id: z.string(),
  xM: z.number(),
  yM: z.number(),
  heightM: z.number(),
  yawDeg: z.number(),
  pitchDeg: z.number(),
  rollDeg: z.number(),
  horizontalFovDeg: z.number(),
  width: z.int(),
  height: z.int(),
});
const settingsSchema = z.object({ plan: storePlanSchema, cameras: z.array(cameraSchema), seed: z.int() });
// Both ends are this package: figures are looked at only as far as a wrong message would be noticed.
const figureSchema = z.custom<Figure>(
  (value) => z.object({ xM: z.number(), body: z.object({}) }).safeParse(value).success,
);
const orderSchema = z.object({
  camera: z.string(),
  figures: z.array(figureSchema),
  look: z.object({
    light: z.number(),
    colourTemperatureK: z.number(),
    sun: z.number(),
    noise: z.number(),
    blurPx: z.number(),
  }),
  frameNumber: z.int(),
  yawDeg: z.number(),
  pitchDeg: z.number(),
});

/** A camera that is pushed about would fill the memory with rooms; two other views are enough. */
const keptViews = 3;

/** All that one camera has looked at lately. */
function openViews(plan: StorePlan, camera: PinholeCamera, seed: number) {
  const views = new Map<string, SceneRenderer>();
  const view = (yawDeg: number, pitchDeg: number): SceneRenderer => {
    const key = `${yawDeg} ${pitchDeg}`;
    const known = views.get(key);
    if (known) return known;
    const turned = { ...camera, yawDeg: camera.yawDeg + yawDeg, pitchDeg: Math.min(90, camera.pitchDeg + pitchDeg) };
    const renderer = createSceneRenderer(plan, turned, seed);
    views.set(key, renderer);
    for (const old of views.keys()) if (views.size > keptViews && old !== key && old !== '0 0') views.delete(old);
    return renderer;
  };
  // What never moves is drawn before the first picture is asked for.
  view(0, 0);
  return view;
}

if (parentPort) {
  const port = parentPort;
  const { plan, cameras, seed } = settingsSchema.parse(workerData);
  const views = new Map(cameras.map((camera) => [camera.id, openViews(plan, camera, seed)]));
  port.on('message', (message: unknown) => {
    const { camera, figures, look, frameNumber, yawDeg, pitchDeg } = orderSchema.parse(message);
    const renderer = views.get(camera)?.(yawDeg, pitchDeg);
    if (!renderer) throw new RangeError(`there is no camera ${camera}`);
    const pixels = new Uint8Array(renderer.camera.width * renderer.camera.height * 3);
    renderer.render(figures, look, frameNumber, pixels);
    port.postMessage({ kind: 'picture', camera, pixels }, [pixels.buffer]);
  });
  port.postMessage({ kind: 'ready' });
}
