import { z } from 'zod';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** Health data leaves the machine encrypted or not at all. */
const serverUrl = z
  .url({ protocol: /^https?$/, error: 'write an address such as https://fhir.example/r4' })
  .refine((text) => !URL.canParse(text) || text.startsWith('https:') || loopback.test(new URL(text).hostname), {
    error: 'use https; plain http is for a server on this machine only',
  });

const authSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** SMART Backend Services. The key is a file of this machine, never a value of the configuration. */
  z.strictObject({
    kind: z.literal('smart-backend'),
    tokenUrl: serverUrl,
    clientId: z.string().min(1).max(200),
    scope: z.string().min(1).max(500).default('system/*.cu'),
    keyId: z.string().min(1).max(200),
    privateKeyFile: z.string().min(1),
  }),
]);

const hourMs = 3_600_000;

/** Where the ward writes its FHIR resources. `off` writes and queues nothing. */
export const fhirConfigSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('off') }),
  z.strictObject({
    mode: z.literal('server'),
    baseUrl: serverUrl,
    auth: authSchema.default({ kind: 'none' }),
    timeoutMs: z.int().min(1_000).max(120_000).default(15_000),
    bundleEntries: z.int().min(1).max(100).default(50),
    /** An AuditEvent (IHE BALP) for each resource written: of all but the minute summaries, of all, or of none. */
    audit: z.enum(['records', 'all', 'none']).default('records'),
    queue: z
      .strictObject({
        maxBytes: z.int().min(1_000_000).max(50_000_000_000).default(1_000_000_000),
        maxAgeMs: z
          .int()
          .min(hourMs)
          .max(90 * 24 * hourMs)
          .default(7 * 24 * hourMs),
        maxAsideBytes: z.int().min(100_000).max(1_000_000_000).default(50_000_000),
      })
      .prefault({}),
  }),
]);
export type FhirConfig = Readonly<z.infer<typeof fhirConfigSchema>>;
export type FhirServerTarget = Extract<FhirConfig, { mode: 'server' }>;
