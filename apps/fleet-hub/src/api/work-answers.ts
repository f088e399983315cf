import { labelCandidateSchema } from '@edge-blueprints/contracts';
import type {
  AlertOutputTestView,
  AuditEntryView,
  AuditProofView,
  HubSessionView,
  HubUserView,
  LabelAccuracyView,
  LabelQueueView,
  LabelTaskView,
} from '@edge-blueprints/contracts';
import { z } from 'zod';
import { time } from './fleet-answers.js';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const estimate = z.strictObject({ value: share, low: share, high: share }).nullable();
export const roleSchema = z.enum(['viewer', 'operator', 'admin']);

export const problemSchema = z.strictObject({ code: z.string(), message: z.string() });

export const sessionSchema = z.strictObject({
  user: z.strictObject({ name: z.string(), role: roleSchema }).nullable(),
  csrfToken: z.string().nullable(),
  secure: z.boolean(),
}) satisfies z.ZodType<HubSessionView>;

export const labelTaskSchema = z.strictObject({
  id: z.int(),
  site: z.string(),
  device: z.string(),
  at: time,
  candidate: labelCandidateSchema.omit({ pictures: true }),
  pictures: z.array(z.strictObject({ role: z.enum(['test', 'template']), width: z.int(), height: z.int() })),
  label: z.strictObject({ truth: z.enum(['good', 'bad']), by: z.string(), at: time, note: z.string() }).nullable(),
}) satisfies z.ZodType<LabelTaskView>;

export const labelQueueSchema = z.strictObject({
  open: count,
  done: count,
  tasks: z.array(labelTaskSchema),
}) satisfies z.ZodType<LabelQueueView>;

export const labelAccuracySchema = z.strictObject({
  bundleVersion: z.string().meta({ description: 'Empty while nothing is labelled.' }),
  labelled: count,
  accuracy: estimate,
  escapeShare: estimate,
  falseRejectShare: estimate,
  estimated: estimate.meta({ description: 'Without labels: an estimate, never a measurement.' }),
}) satisfies z.ZodType<LabelAccuracyView>;

export const auditEntrySchema = z.strictObject({
  id: z.int(),
  at: time,
  who: z.string(),
  action: z.string(),
  target: z.string(),
  detail: z.string(),
}) satisfies z.ZodType<AuditEntryView>;

export const auditProofSchema = z.strictObject({
  entries: count,
  first: z.int().nullable(),
  last: z.int().nullable(),
  brokenAt: z.int().nullable(),
}) satisfies z.ZodType<AuditProofView>;

export const outputTestSchema = z.strictObject({
  output: z.string(),
  state: z.enum(['sent', 'failed']),
  detail: z.string(),
}) satisfies z.ZodType<AlertOutputTestView>;

export const userSchema = z.strictObject({
  name: z.string(),
  role: roleSchema,
  disabled: z.boolean(),
  createdAt: time,
  lastSignInAt: time.nullable(),
}) satisfies z.ZodType<HubUserView>;
