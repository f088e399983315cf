import { isIP } from 'node:net';
import { z } from 'zod';

/** Where the page is served. Everything beyond loopback must be asked for by name. */
export const dashboardConfigSchema = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .meta({ description: 'Address to listen on; loopback unless allowRemote is true.' }),
    port: z
      .int()
      .min(0)
      .max(65535)
      .default(4200)
      .meta({ description: 'TCP port of the page; 0 lets the system choose.' }),
    allowRemote: z
      .boolean()
      .default(false)
      .meta({ description: 'Permits a host that other machines can reach. Needs an operator PIN of its own.' }),
    allowedHosts: z.array(z.string().min(1)).max(16).default([]).meta({
      description: 'Further host names under which browsers may open the page (checked against the Host header).',
    }),
    inlineStyles: z.boolean().default(false).meta({
      description:
        "Adds 'unsafe-inline' to style-src for component libraries that inject style elements; scripts are never inline.",
    }),
    tls: z
      .strictObject({
        certFile: z.string().min(1).meta({ description: 'Certificate chain in PEM, the server first.' }),
        keyFile: z.string().min(1).meta({ description: 'Private key in PEM, readable by this process only.' }),
      })
      .optional()
      .meta({ description: 'Serves HTTPS. Both files are read again when they change.' }),
    apiRate: z
      .strictObject({
        perSecond: z.number().min(0.1).max(10_000).default(100),
        burst: z.int().min(1).max(10_000).default(400),
      })
      .prefault({})
      .meta({ description: 'API requests that one session, or one address without a session, may make.' }),
  })
  .check((context) => {
    const { host, allowRemote } = context.value;
    if (!allowRemote && !isLoopback(host)) {
      context.issues.push({
        code: 'custom',
        input: host,
        path: ['host'],
        message: `${host} is reachable from other machines; use 127.0.0.1, or set allowRemote: true and an operator PIN`,
      });
    }
  });

export type DashboardConfig = z.infer<typeof dashboardConfigSchema>;

/** True for addresses and names that never leave the machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost') return true;
  return isIP(bare) === 4 ? bare.startsWith('127.') : bare === '::1';
}
