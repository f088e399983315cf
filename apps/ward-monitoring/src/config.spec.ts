import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '@edge-blueprints/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { readWardConfig } from './config.js';

const folder = mkdtempSync(join(tmpdir(), 'ward-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const least = {
  site: 'north',
  ward: 'w-4',
  beds: [{ bed: 'bed/01', label: 'Bed 1' }],
  broker: { kind: 'embedded', host: '127.0.0.1' },
  usersFile: 'users.json',
  stateFolder: 'state',
  audit: { folder: 'audit', keyFolder: 'keys' },
};
const problemOf = (value: unknown): string => {
  const file = join(folder, 'ward.json');
  writeFileSync(file, JSON.stringify(value));
  try {
    readWardConfig(file);
    return '';
  } catch (error) {
    return errorMessage(error);
  }
};

describe('the configuration of a ward', () => {
  it('reads the example, with every path made absolute', () => {
    const { broker, audit, usersFile, stateFolder, fhir } = readWardConfig(
      join(import.meta.dirname, '../config/ward.example.json'),
    );
    const tls = broker.kind === 'mqtt' ? Object.values(broker.tls ?? {}) : [];
    const siem = [audit.siem?.caFile, audit.siem?.certFile, audit.siem?.keyFile];
    const fhirKey = fhir.mode === 'server' && fhir.auth.kind === 'smart-backend' ? fhir.auth.privateKeyFile : undefined;
    const paths = [
      ...tls,
      ...siem,
      fhirKey,
      audit.folder,
      audit.keyFolder,
      audit.witness?.vkeyFile,
      usersFile,
      stateFolder,
    ];
    expect(paths).toHaveLength(12);
    expect(paths.every((path) => path?.startsWith('/') === true)).toBe(true);
  });

  it('needs site, ward, beds, broker, users, state and trail, and names every problem at once', () => {
    expect(problemOf(least)).toBe('');
    const text = problemOf({ ...least, site: 'North', beds: [], other: 1 });
    for (const part of ['site', 'beds', 'other']) expect(text).toContain(part);
  });

  it.each([
    ['a plain broker that other machines reach', { broker: { kind: 'embedded', host: '0.0.0.0' } }, 'broker.host'],
    ['a plain link to another machine', { broker: { kind: 'mqtt', url: 'mqtt://b.example.com:1883' } }, 'broker.tls'],
    ['TLS that the address does not speak', { broker: { kind: 'mqtt', url: 'mqtts://b:8883' } }, 'broker.url'],
    ['a patient in a bed that is not there', { admissions: [{ bed: 'bed/9', name: 'A', ageYears: 40 }] }, 'admissions'],
    ['a bed twice', { beds: [...least.beds, ...least.beds] }, 'beds'],
  ])('refuses %s', (_, more, path) => {
    expect(problemOf({ ...least, ...more })).toContain(path);
  });
});
