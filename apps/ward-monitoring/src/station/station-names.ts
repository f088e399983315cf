import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { fileChange } from '../ward/file-change.js';
import { readStateFile, writeStateFile } from '../ward/state-files.js';

const nameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'use a-z, 0-9 and -, a letter first');
const fileSchema = z.strictObject({
  stations: z.array(z.strictObject({ name: nameSchema, keySha256: z.string().regex(/^[0-9a-f]{64}$/) })).max(64),
});

/** The stations that must be there, each with a key that only it has. */
export interface StationNames {
  names(): readonly string[];
  fits(name: string, key: string): boolean;
  /** Reads the file again where it is another one; one that cannot be used changes nothing. @returns what is wrong with it */
  refresh(): string | undefined;
}

export const noStationNames: StationNames = { names: () => [], fits: () => false, refresh: () => undefined };

/** @throws ConfigError `ward.state-invalid` */
export function openStationNames(file: string): StationNames {
  const read = () =>
    new Map((readStateFile(file, fileSchema)?.stations ?? []).map(({ name, keySha256 }) => [name, keySha256]));
  const isOther = fileChange(file);
  let keys = read();
  return {
    names: () => [...keys.keys()],
    fits(name, key) {
      const expected = keys.get(name);
      return expected !== undefined && timingSafeEqual(Buffer.from(expected, 'hex'), digest(key));
    },
    refresh() {
      try {
        if (isOther()) keys = read();
        return undefined;
      } catch (error) {
        return errorMessage(error);
      }
    },
  };
}

/** Adds a station, or gives it another key. @throws ConfigError `ward.station-invalid` */
export function putStation(file: string, name: string, key: string): void {
  const parsed = nameSchema.safeParse(name);
  if (!parsed.success) throw new ConfigError('ward.station-invalid', `${name}: ${z.prettifyError(parsed.error)}`);
  const others = listStations(file).filter((one) => one.name !== name);
  writeStateFile(file, { stations: [...others, { name, keySha256: digest(key).toString('hex') }] });
}

/** @throws ConfigError `ward.station-invalid` where there is no such station */
export function removeStation(file: string, name: string): void {
  const all = listStations(file);
  if (all.every((one) => one.name !== name))
    throw new ConfigError('ward.station-invalid', `There is no station ${name} in ${file}`);
  writeStateFile(file, { stations: all.filter((one) => one.name !== name) });
}

export function listStations(file: string): readonly { readonly name: string; readonly keySha256: string }[] {
  return readStateFile(file, fileSchema)?.stations ?? [];
}

const digest = (key: string): Buffer => createHash('sha256').update(key, 'utf8').digest();
