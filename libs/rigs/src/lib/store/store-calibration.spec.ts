import { cameraCalibrationSchema } from '@edge-blueprints/contracts';
import { pixelToFloor } from '@edge-blueprints/vision';
import { describe, expect, it } from 'vitest';
import { projectPoint } from './scene/pinhole-camera.js';
import { storeCameraNames } from './store-cameras.js';
import { calibrateStore } from './store-process.js';
import { createStore } from './store-simulation.js';
import { insidePolygon } from './walkers/floor-geometry.js';

describe('the calibrations of the store', () => {
  it('hold what a survey can give: centimetres off the truth, all over their authority', () => {
    const store = createStore({ seed: 7 });
    const calibrations = calibrateStore(store, 7, 0);
    for (const name of storeCameraNames) {
      const calibration = cameraCalibrationSchema.parse(calibrations[name]);
      expect(calibration.heldOut.p95M).toBeGreaterThan(0.01);
      expect(calibration.heldOut.p95M).toBeLessThan(0.12);
      let worstM = 0;
      for (let x = 0.3; x < 14; x += 0.4)
        for (let y = 0.3; y < 10; y += 0.4) {
          const pixel = projectPoint(store.cameras[name], [x, y, 0]);
          if (!pixel || !insidePolygon([x, y], store.authorities[name])) continue;
          if (pixel.x < 0 || pixel.x >= 640 || pixel.y < 0 || pixel.y >= 360) continue;
          const floor = pixelToFloor(calibration.homography, [pixel.x, pixel.y]) ?? [Infinity, Infinity];
          worstM = Math.max(worstM, Math.hypot(floor[0] - x, floor[1] - y));
        }
      expect(worstM).toBeGreaterThan(0.001);
      expect(worstM).toBeLessThan(0.1);
    }
    expect(calibrateStore(store, 7, 0)).toEqual(calibrations);
  });
});
