import { fleetIdPattern } from '@edge-blueprints/contracts';
import { z } from 'zod';

const name = z.string().regex(fleetIdPattern, 'use 1 to 64 of a-z, 0-9 and dash');
const file = z.string().min(1);
const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** What a station needs to know of its hub. */
export const uplinkConfigSchema = z
  .strictObject({
    url: z.string().meta({ description: 'Broker: mqtts://HOST:PORT; mqtt://HOST:PORT on loopback only' }),
    site: name.meta({ description: 'Site of this device, as in its certificate' }),
    device: name.meta({ description: 'Name of this device, as in its certificate' }),
    tls: z
      .strictObject({ caFile: file, certFile: file, keyFile: file })
      .nullable()
      .default(null)
      .meta({ description: 'Certificate of this device and of the site CA; read again at every connection' }),
    keepaliveSeconds: z
      .int()
      .min(5)
      .max(600)
      .default(30)
      .meta({ description: 'A dead connection is noticed after one and a half times this' }),
    reconnectMaxMs: z
      .int()
      .min(1_000)
      .max(600_000)
      .default(60_000)
      .meta({ description: 'Longest pause before the next try; each is drawn at random below its bound' }),
    eventsPerSecond: z.int().min(1).max(50_000).default(1_000).meta({ description: 'Pace of a backlog' }),
    ackTimeoutMs: z
      .int()
      .min(1_000)
      .max(300_000)
      .default(10_000)
      .meta({ description: 'How long to wait for the hub before sending again; doubled with each failure' }),
    outbox: z
      .strictObject({
        file: file.meta({ description: 'SQLite file; its folder is made where missing' }),
        maxBytes: z.int().min(1_000_000).default(500_000_000).meta({ description: 'Of all events that wait' }),
        criticalBytes: z
          .int()
          .min(65_536)
          .default(50_000_000)
          .meta({ description: 'Share of it for audit and alarms, which are never evicted' }),
        maxAgeDays: z
          .number()
          .min(0.01)
          .max(3_650)
          .default(30)
          .meta({ description: 'Older ones are given up, declared' }),
        groupMs: z
          .int()
          .min(1)
          .max(60_000)
          .default(1_000)
          .meta({ description: 'Metric events share a commit for so long' }),
        groupEvents: z.int().min(1).max(10_000).default(200).meta({ description: 'or until there are so many' }),
      })
      .meta({ description: 'What waits for the hub' }),
  })
  .superRefine(({ url, tls }, context) => {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    const problem = (message: string): void => context.addIssue({ code: 'custom', path: ['url'], message });
    if (!parsed || !/^mqtts?:$/.test(parsed.protocol) || parsed.hostname === '' || parsed.port === '')
      return problem('is not mqtts://HOST:PORT or mqtt://HOST:PORT');
    if (parsed.username !== '' || parsed.password !== '') problem('holds a user or password; use certificates');
    if ((parsed.protocol === 'mqtts:') !== (tls !== null))
      problem('mqtts:// goes with the certificates in `tls`, mqtt:// without');
    else if (tls === null && !loopback.includes(parsed.hostname))
      problem('without TLS only a broker on this machine is allowed');
  });

export type UplinkConfig = z.infer<typeof uplinkConfigSchema>;
