import {
  auditSchema,
  cloudEventSchema,
  deviceInfoSchema,
  driftAlarmSchema,
  driftReportSchema,
  gapSchema,
  labelCandidateSchema,
  metricsReportSchema,
  partInspectedSchema,
  partOverruledSchema,
  retailReleaseSchema,
} from '@edge-blueprints/contracts';
import type { FleetEventType } from '@edge-blueprints/contracts';
import { z } from 'zod';

const event = <T extends FleetEventType, D extends z.ZodType>(type: T, data: D) =>
  cloudEventSchema.extend({ type: z.literal(type), data });

/** Every event that the hub takes in: the envelope together with the data of its type. */
export const knownEventSchema = z.discriminatedUnion('type', [
  event('edge-blueprints.device-info.v1', deviceInfoSchema),
  event('edge-blueprints.part-inspected.v1', partInspectedSchema),
  event('edge-blueprints.part-overruled.v1', partOverruledSchema),
  event('edge-blueprints.metrics.v1', metricsReportSchema),
  event('edge-blueprints.drift-report.v1', driftReportSchema),
  event('edge-blueprints.drift-alarm.v1', driftAlarmSchema),
  event('edge-blueprints.label-candidate.v1', labelCandidateSchema),
  event('edge-blueprints.gap.v1', gapSchema),
  event('edge-blueprints.audit.v1', auditSchema),
  event('edge-blueprints.retail-release.v1', retailReleaseSchema),
]);
export type KnownEvent = Readonly<z.infer<typeof knownEventSchema>>;
export type KnownEventOf<T extends FleetEventType> = Extract<KnownEvent, { readonly type: T }>;
