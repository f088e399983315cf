import { isLoopback } from '@edge-blueprints/dashboard';
import { z } from 'zod';

const name = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/, 'is not a name of a-z, 0-9 and dash')
  .meta({ description: 'Shown beside each alert.' });
const minSeverity = z.enum(['warning', 'alarm']).default('warning').meta({ description: 'Sends this and above.' });
const timeoutMs = z.int().min(100).max(60_000).default(10_000).meta({ description: 'For one try.' });
const host = z.string().min(1).max(255);
const port = z.int().min(1).max(65_535);
const variable = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'is not the name of an environment variable');
const caFile = z.string().min(1).nullable().default(null).meta({ description: 'CA in PEM; null for the system ones.' });

export const webhookOutputSchema = z
  .strictObject({
    kind: z.literal('webhook'),
    name,
    url: z.url({ protocol: /^https?$/ }).max(1_024),
    secretEnv: variable.nullable().default(null).meta({
      description: 'Environment variable with the key of the HMAC-SHA256 signature; null sends unsigned.',
    }),
    allowPlain: z.boolean().default(false).meta({ description: 'Permits http:// beyond loopback.' }),
    minSeverity,
    timeoutMs,
  })
  .check((context) => {
    const { url, allowPlain } = context.value;
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed?.protocol === 'http:' && !allowPlain && !isLoopback(parsed.hostname))
      context.issues.push({
        code: 'custom',
        input: url,
        path: ['url'],
        message: 'sends alerts unencrypted; use https://, or set allowPlain: true',
      });
  });

export const emailOutputSchema = z.strictObject({
  kind: z.literal('email'),
  name,
  host,
  port: port.default(587),
  tls: z.enum(['implicit', 'starttls', 'none']).default('starttls').meta({
    description: 'implicit: TLS from the first byte (465). starttls: upgraded, or not sent. none: loopback relays.',
  }),
  caFile,
  user: z.string().min(1).max(128).nullable().default(null),
  passwordEnv: variable.nullable().default(null),
  from: z.email(),
  to: z.array(z.email()).min(1).max(20),
  minSeverity,
  timeoutMs,
});

export const syslogOutputSchema = z.strictObject({
  kind: z.literal('syslog'),
  name,
  transport: z.enum(['udp', 'tcp', 'tls']).default('tcp'),
  host,
  port: port.default(514),
  caFile,
  facility: z.int().min(0).max(23).default(16).meta({ description: 'RFC 5424 table 1; 16 is local0.' }),
  minSeverity,
  timeoutMs,
});

/** How what is wrong becomes an alert, and where alerts go. */
export const alertsConfigSchema = z.strictObject({
  groupFrom: z.int().min(2).max(1_000).default(10).meta({
    description: 'So many devices of one site with the same trouble make one alert of the site.',
  }),
  settleMs: z.int().min(0).max(60_000).default(2_000).meta({
    description: 'Trouble must stand so long before it is told; until then devices of a site gather.',
  }),
  clearAfterMs: z.int().min(0).max(3_600_000).default(30_000).meta({
    description: 'Trouble must be over so long before its alert is cleared; a flapping device makes one alert.',
  }),
  keepDays: z.int().min(1).max(3_650).default(180).meta({ description: 'Cleared alerts are kept so long.' }),
  outputs: z
    .array(z.discriminatedUnion('kind', [webhookOutputSchema, emailOutputSchema, syslogOutputSchema]))
    .max(16)
    .default([])
    .check((context) => {
      const names = context.value.map((output) => output.name);
      const twice = names.filter((each, i) => names.indexOf(each) !== i);
      if (twice.length > 0)
        context.issues.push({ code: 'custom', input: names, message: `names are used twice: ${twice.join(', ')}` });
    }),
});

export type AlertsConfig = Readonly<z.infer<typeof alertsConfigSchema>>;
export type AlertOutputConfig = AlertsConfig['outputs'][number];
export type WebhookOutputConfig = Readonly<z.infer<typeof webhookOutputSchema>>;
export type EmailOutputConfig = Readonly<z.infer<typeof emailOutputSchema>>;
export type SyslogOutputConfig = Readonly<z.infer<typeof syslogOutputSchema>>;
