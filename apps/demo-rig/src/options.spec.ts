import { describe, expect, it } from 'vitest';
import { defaultBundle } from './default-bundle.js';
import { help, readOptions } from './options.js';

describe('readOptions', () => {
  it('has defaults for all that a newcomer leaves out', () => {
    expect(readOptions([])).toMatchObject({
      camera: 'socket',
      role: 'server',
      rate: 2,
      defectRate: 0.3,
      seed: 7,
      hub: true,
      port: 4200,
      modbusPort: 1502,
    });
    expect(readOptions(['--frames', 'photos'])).toMatchObject({ rate: 5, frames: 'photos' });
    expect(readOptions(['--help'])).toBe('help');
  });

  it('reports all wrong values at once', () => {
    expect(() => readOptions(['--rate', 'fast', '--role', 'master', '--defect-rate', '2'])).toThrow(
      /role[\s\S]*rate[\s\S]*defectRate/,
    );
  });

  it('refuses what it does not know', () => {
    expect(() => readOptions(['--speed', '3'])).toThrow(expect.objectContaining({ code: 'demo.options' }));
  });

  it('takes the bundle for real pictures with --frames, and any that is named', () => {
    expect(readOptions([])).toMatchObject({ bundle: defaultBundle });
    expect(readOptions(['--frames', 'photos'])).toMatchObject({ bundle: 'models/bundles/pcb-defects' });
    expect(readOptions(['--frames', 'photos', '--bundle', 'mine'])).toMatchObject({ bundle: 'mine' });
    expect(help).toContain(`default ${defaultBundle};`);
  });

  it('refuses a folder of pictures for a camera that cannot tell them apart', () => {
    expect(() => readOptions(['--camera', 'rtsp', '--frames', 'photos'])).toThrow(/--frames needs --camera socket/);
  });

  it('explains every option that it takes', () => {
    for (const name of [
      'seconds',
      'report',
      'frames',
      'camera',
      'rate',
      'defect-rate',
      'seed',
      'role',
      'port',
      'modbus-port',
      'bundle',
      'variant',
      'patients',
      'data',
      'verbose',
    ]) {
      expect(help).toContain(`--${name}`);
    }
  });
});
