import { readFileSync } from 'node:fs';
import { parseConfig, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import * as plc from '../index.js';
import { controlBlockArea, statusBlockArea } from './register-map.js';
import { bitTable, controlRows, registerTable, statusRows } from './register-tables.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('README', () => {
  it.each([
    ['control block', registerTable(controlRows)],
    ['status block', registerTable(statusRows)],
    ['bits', bitTable()],
  ])('shows the table of the %s as it is in the register map', (_, table) => {
    expect(readme).toContain(table);
  });

  it.each([
    ['control', controlRows, controlBlockArea.words],
    ['status', statusRows, statusBlockArea.words],
  ] as const)('describes every word of the %s block once', (_, rows, words) => {
    const described = rows.flatMap((row) => Array.from({ length: row.words }, (_unused, index) => row.word + index));
    expect(described).toEqual(Array.from({ length: words }, (_unused, index) => index));
  });

  it('starts with an example that works', async () => {
    const config = parseConfig(plc.plcConfigSchema, { role: 'server', port: 0 }, 'station.json');
    const counterStore = plc.createMemoryCounterStore();
    const link = await plc.createPlcLink(config, { clock: systemClock, logger: silentLogger, counterStore });
    expect(link.status()).toMatchObject({ role: 'server', state: 'offline', connected: false });
    await link.close();
  });
});
