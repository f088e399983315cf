import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parseConfig } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { readStationConfig, stationConfigSchema } from './config.js';

const exampleFile = join(import.meta.dirname, '../config/station.example.json');
const example = (): Record<string, unknown> => JSON.parse(readFileSync(exampleFile, 'utf8'));
const parse = (changes: Record<string, unknown>) =>
  parseConfig(stationConfigSchema, { ...example(), ...changes }, 'station.json');

describe('station configuration', () => {
  it('accepts the example and makes its paths absolute', () => {
    const config = readStationConfig(exampleFile);
    expect(config.decide).toMatchObject({ onAbstain: 'reject', partDeadlineMs: 200 });
    expect(
      [config.templates?.folder ?? '', config.bundle.folder, config.record.folder, config.page.folder].every(
        isAbsolute,
      ),
    ).toBe(true);
    expect(config.bundle.folder).toMatch(/models[\\/]bundles[\\/]pcb-defects-rendered$/);
  });

  it('reports unknown keys and every other problem at once, with their places', () => {
    const broken = { frame: { width: 640, height: -1, fps: 20 }, record: { folder: 'x', maxBytes: 1 }, colour: 'blue' };
    expect(() => parse(broken)).toThrow(expect.objectContaining({ code: 'config.invalid' }));
    for (const expected of [/frame\.height/, /"fps"/, /record\.maxBytes/, /"colour"/])
      expect(() => parse(broken)).toThrow(expected);
  });

  it('knows no way to let an abstain pass', () => {
    expect(() => parse({ decide: { onAbstain: 'pass' } })).toThrow(/decide\.onAbstain/);
    expect(parse({ decide: {} }).decide.onAbstain).toBe('reject');
  });

  it('refuses a required golden check without a set, and a deadline behind the time-out of the PLC link', () => {
    expect(() => parse({ golden: {} })).toThrow(/golden\.folder/);
    expect(parse({ golden: { required: false } }).golden.folder).toBeNull();
    expect(() => parse({ decide: { partDeadlineMs: 5000 } })).toThrow(/inspectionTimeoutMs/);
  });

  it('names a file that is not there or not JSON', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const file = join(folder, 'station.json');
    expect(() => readStationConfig(file)).toThrow(
      expect.objectContaining({ code: 'config.unreadable', message: expect.stringContaining('station.json') }),
    );
    writeFileSync(file, '{');
    expect(() => readStationConfig(file)).toThrow(expect.objectContaining({ code: 'config.unreadable' }));
    rmSync(folder, { recursive: true });
  });
});
