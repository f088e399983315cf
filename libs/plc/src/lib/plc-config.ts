import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const port = (meaning: string) => z.int().min(0).max(65_535).meta({ description: meaning });

const shared = {
  unitId: z.int().min(0).max(247).default(1).meta({ description: 'Modbus unit id' }),
  wordOrder: z
    .enum(['high-first', 'low-first'])
    .default('high-first')
    .meta({ description: 'Which word of a 32-bit value comes first' }),
  watchdogMs: z
    .int()
    .min(50)
    .max(5000)
    .default(250)
    .meta({ description: 'PLC_HEARTBEAT must change within this time, ms' }),
  inspectionTimeoutMs: z
    .int()
    .min(10)
    .max(60_000)
    .default(2000)
    .meta({ description: 'A part without a verdict after this time gets ERROR, ms' }),
  ackWaitMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(250)
    .meta({ description: 'How long `publish` waits for the PLC before it reports `published`, ms' }),
  triggerCapacity: z
    .int()
    .min(1)
    .max(64)
    .default(16)
    .meta({ description: 'Announced parts that may wait to be taken' }),
  simulated: z.boolean().default(false).meta({ description: 'Sets the SIMULATED bit, which a real PLC must refuse' }),
  bypassKey: z
    .int()
    .min(1)
    .max(0xffff_ffff)
    .nullable()
    .default(null)
    .meta({ description: 'u32 key of the golden-part bypass; null refuses every bypass' }),
  bypassMaxMs: z
    .int()
    .min(1000)
    .max(86_400_000)
    .default(1_800_000)
    .meta({ description: 'Longest bypass before it ends by itself, ms' }),
};

const peer = z
  .string()
  .refine((text) => peerOf(text) !== null, 'must be an IP address or a network such as 10.0.8.0/24');

/** The station as Modbus TCP server that a PLC polls. */
export const plcServerConfigSchema = z.strictObject({
  role: z.literal('server'),
  host: z.string().default('127.0.0.1').meta({ description: 'Address to listen on' }),
  port: port('TCP port to listen on; 502 needs privileges, 0 takes a free one').default(1502),
  ...shared,
  allowedPeers: z
    .array(peer)
    .default([])
    .meta({ description: 'Addresses and networks that may connect, besides the machine itself' }),
  maxConnections: z.int().min(1).max(64).default(8).meta({ description: 'Connections at a time' }),
  idleTimeoutMs: z
    .int()
    .min(1000)
    .max(3_600_000)
    .default(30_000)
    .meta({ description: 'A silent connection is closed after this time, ms' }),
});

/** The station as Modbus TCP client that writes the PLC's registers and coils. */
export const plcClientConfigSchema = z.strictObject({
  role: z.literal('client'),
  host: z.string().default('127.0.0.1').meta({ description: 'Address of the PLC' }),
  port: port('TCP port of the PLC').default(502),
  ...shared,
  pollMs: z.int().min(1).max(1000).default(5).meta({ description: 'Pause between reads of the control block, ms' }),
  activePollMs: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .meta({ description: 'The same while a trigger or a result waits for its acknowledgement, ms' }),
  timeoutMs: z.int().min(10).max(10_000).default(250).meta({ description: 'Longest wait for one answer, ms' }),
  connectTimeoutMs: z
    .int()
    .min(50)
    .max(30_000)
    .default(2000)
    .meta({ description: 'Longest wait for a connection, ms' }),
  backoffMinMs: z.int().min(10).max(10_000).default(100).meta({ description: 'First pause before a reconnect, ms' }),
  backoffMaxMs: z
    .int()
    .min(100)
    .max(60_000)
    .default(2000)
    .meta({ description: 'Longest pause before a reconnect, ms' }),
});

export const plcConfigSchema = z.discriminatedUnion('role', [plcServerConfigSchema, plcClientConfigSchema]);

export type PlcServerConfig = z.infer<typeof plcServerConfigSchema>;
export type PlcClientConfig = z.infer<typeof plcClientConfigSchema>;
export type PlcConfig = z.infer<typeof plcConfigSchema>;

/** The machine itself and the listed peers. Entries must have passed the schema. */
export function allowedPeerList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addAddress('::1', 'ipv6');
  for (const entry of entries) {
    const known = peerOf(entry);
    if (known !== null) list.addSubnet(known.address, known.prefix, known.family);
  }
  return list;
}

function peerOf(
  entry: string,
): { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' } | null {
  const [address = '', prefixText, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return null;
  const bits = version === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? bits : /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : -1;
  if (prefix < 0 || prefix > bits) return null;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}
