import { join } from 'node:path';
import type { PatientView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { readStateFile, writeStateFile } from './state-files.js';

export const patientSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  ageYears: z.int().min(0).max(130),
  pregnant: z.boolean().default(false),
});
const fileSchema = z.array(z.tuple([z.string(), z.strictObject({ name: z.string(), ageYears: z.int() })]));

/** Who lies in which bed: the one place that holds names. Never in topics, logs, entries of the trail or views. */
export interface IdentityBook {
  of(bed: string): PatientView | undefined;
  /** @throws DeviceError `ward.state-write` */
  put(bed: string, patient: PatientView | undefined): void;
}

export function openIdentityBook(folder: string): IdentityBook {
  const file = join(folder, 'identities.json');
  const byBed = new Map(readStateFile(file, fileSchema) ?? []);
  return {
    of: (bed) => byBed.get(bed),
    put(bed, patient) {
      if (patient === undefined) byBed.delete(bed);
      else byBed.set(bed, { name: patient.name, ageYears: patient.ageYears });
      writeStateFile(file, [...byBed]);
    },
  };
}
