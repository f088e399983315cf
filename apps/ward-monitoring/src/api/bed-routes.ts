import type { AuditTrail } from '@edge-blueprints/contracts';
import { json, problem } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import type { AssociationBook } from '../ingest/association-book.js';
import { isDecimal } from '../scores/news2/decimal.js';
import { manualObservationSchema } from '../scores/observations/manual-observation.js';
import type { ObservationDesk } from '../scores/observations/observation-desk.js';
import type { ActOutcome } from '../scores/signed-act.js';
import { type IdentityBook, patientSchema } from '../ward/identity-book.js';
import type { WardListener } from '../ward/ward-listener.js';
import { type HistorySeries, historyMinutes, type VitalHistory } from '../ward/vital-history.js';
import { problemWords } from '../scores/problem-words.js';
import { bedOf, outcomeReply, type WardRoute } from './guard.js';

export interface BedRouteParts {
  readonly observations: ObservationDesk;
  readonly book: AssociationBook;
  readonly history: VitalHistory;
  readonly identities: IdentityBook;
  readonly trail: AuditTrail;
  /** Journal clock and wall clock. */
  readonly now: () => number;
  readonly wallMs: () => number;
  /** Puts what changed on the disk. @throws DeviceError `ward.state-write` */
  readonly save: () => void;
  /** Another patient in a bed, or none. */
  readonly onPatient: (bed: string) => void;
  readonly onObservation: WardListener['observation'];
}

const typed = z.string().trim().max(8);
const observationsSchema = z.strictObject({
  respiration: typed.optional(),
  oxygenSaturation: typed.optional(),
  supplementalOxygen: typed.optional(),
  systolic: typed.optional(),
  diastolic: typed.optional(),
  pulse: typed.optional(),
  consciousness: typed.optional(),
  temperature: typed.optional(),
});
const associationSchema = z.strictObject({
  device: z.string().min(1).max(64).nullable(),
  reason: z.string().max(200).default(''),
});
const scaleSchema = z.strictObject({ scale: z.union([z.literal(1), z.literal(2)]), reason: z.string().max(200) });
const hoursSchema = z.coerce.number().int().min(1).max(24).default(12);
const names = {
  respiration: 'respirationPerMinute',
  oxygenSaturation: 'saturationPercent',
  supplementalOxygen: 'breathing',
  systolic: 'systolicMmHg',
  pulse: 'pulsePerMinute',
  consciousness: 'consciousness',
  temperature: 'temperatureCelsius',
} as const;
const words: ReadonlySet<string> = new Set(['supplementalOxygen', 'consciousness']);
const series = [
  'pulse',
  'oxygenSaturation',
  'respiration',
  'systolic',
  'temperature',
  'scoreLo',
  'scoreHi',
] as const satisfies readonly HistorySeries[];
const stepMinutes = 5;

/** What is done and asked at one bed. */
export function bedRoutes(parts: BedRouteParts): readonly WardRoute[] {
  const { observations, book, history, identities, trail, now, save } = parts;
  const invalid = (error: z.ZodError) => problem(400, 'ward.body-invalid', problemWords(error));
  const finished = (outcome: ActOutcome) => {
    if (outcome.outcome === 'done') save();
    return outcomeReply(outcome);
  };

  return [
    {
      method: 'post',
      path: '/api/beds/:bed/observations',
      needs: 'observations',
      async handle(request, actor) {
        const bed = bedOf(request);
        const parsed = observationsSchema.safeParse(request.body);
        if (!parsed.success) return invalid(parsed.error);
        const { diastolic, ...rest } = parsed.data;
        const dotted = (name: string, value: string): string => (words.has(name) ? value : value.replace(',', '.'));
        const given = Object.entries(names).flatMap(([name, as]) => {
          const value = Object.entries(rest).find(([key]) => key === name)?.[1];
          return value === undefined || value === '' ? [] : [[as, dotted(name, value)] as const];
        });
        const pressure = diastolic === undefined || diastolic === '' ? undefined : dotted('diastolic', diastolic);
        if (pressure !== undefined && !(isDecimal(pressure) && Number(pressure) >= 10 && Number(pressure) <= 200))
          return json({ outcome: 'refused', why: `diastolic ${pressure} is not plausible (10 to 200 mmHg)` });
        const atMs = now();
        const outcome = await observations.record(bed, Object.fromEntries(given), actor, atMs);
        if (outcome.outcome === 'done') {
          const observation = manualObservationSchema.safeParse(Object.fromEntries(given));
          if (observation.success)
            parts.onObservation({
              ...{ bed, observation: observation.data, by: actor.id, atMs },
              ...(pressure === undefined ? {} : { diastolicMmHg: pressure }),
            });
          for (const name of ['systolic', 'temperature'] as const) {
            const value = rest[name];
            if (value !== undefined && value !== '') history.add(bed, name, atMs, Number(dotted(name, value)));
          }
          // Not part of NEWS2: it is kept with the trail's payloads.
          if (pressure !== undefined)
            await trail.record([
              {
                type: 'observation.diastolic',
                actor,
                subject: { pseudonym: bed },
                action: 'record diastolic pressure',
                outcome: 'success',
                payload: { diastolicMmHg: pressure, atMs },
              },
            ]);
        }
        return finished(outcome);
      },
    },
    {
      method: 'post',
      path: '/api/beds/:bed/association',
      needs: 'association',
      async handle(request, actor) {
        const bed = bedOf(request);
        const parsed = associationSchema.safeParse(request.body);
        if (!parsed.success) return invalid(parsed.error);
        const { device } = parsed.data;
        if (device !== null) return finished(await book.associate(device, bed, actor, now()));
        const own = book.current().filter((one) => one.bed === bed);
        if (own.length === 0) return json({ outcome: 'refused', why: `No device is at ${bed}` });
        let outcome: ActOutcome = { outcome: 'done' };
        for (const one of own) {
          const next = await book.dissociate(one.device, actor, now());
          if (next.outcome === 'refused') outcome = next;
        }
        save();
        return outcomeReply(outcome);
      },
    },
    {
      method: 'post',
      path: '/api/beds/:bed/scale',
      needs: 'scale',
      async handle(request, actor) {
        const bed = bedOf(request);
        const parsed = scaleSchema.safeParse(request.body);
        if (!parsed.success) return invalid(parsed.error);
        return finished(await observations.setScale(bed, parsed.data.scale, parsed.data.reason, actor, now()));
      },
    },
    {
      method: 'get',
      path: '/api/beds/:bed/history',
      needs: 'history',
      handle(request) {
        const bed = bedOf(request);
        const hours = hoursSchema.safeParse(request.query['hours']);
        if (!hours.success) return invalid(hours.error);
        const steps = Math.min(hours.data * 60, historyMinutes) / stepMinutes;
        const read = (name: HistorySeries) => history.read(bed, name, now(), stepMinutes, steps);
        const stepMs = stepMinutes * 60_000;
        return json({
          bed,
          fromMs: parts.wallMs() - (steps - 1) * stepMs,
          stepMs,
          series: Object.fromEntries(series.map((name) => [name, read(name)])),
        });
      },
    },
    {
      method: 'get',
      path: '/api/beds/:bed/patient',
      needs: 'patient',
      async handle(request, actor) {
        const bed = bedOf(request);
        // Written before it is shown: what cannot be written is not shown.
        await trail.record([
          { type: 'patient.read', actor, subject: { pseudonym: bed }, action: 'read identity', outcome: 'success' },
        ]);
        const patient = identities.of(bed);
        return patient === undefined ? problem(404, 'ward.no-patient', `${bed} has no patient`) : json(patient);
      },
    },
    {
      method: 'post',
      path: '/api/beds/:bed/patient',
      needs: 'association',
      async handle(request, actor) {
        const bed = bedOf(request);
        const parsed = patientSchema.safeParse(request.body);
        if (!parsed.success) return invalid(parsed.error);
        const outcome = await observations.startPatient(bed, parsed.data, actor, now());
        if (outcome.outcome === 'done') {
          parts.onPatient(bed);
          identities.put(bed, parsed.data);
        }
        return finished(outcome);
      },
    },
    {
      method: 'delete',
      path: '/api/beds/:bed/patient',
      needs: 'association',
      async handle(request, actor) {
        const bed = bedOf(request);
        const outcome = await observations.endPatient(bed, actor, now());
        if (outcome.outcome === 'done') {
          parts.onPatient(bed);
          identities.put(bed, undefined);
        }
        return finished(outcome);
      },
    },
  ];
}
