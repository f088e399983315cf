import { z } from 'zod';

const address = z.string().min(1).optional();

/** What `client-starter` is asked for, as the command line or a prompt gives it. Names are checked against the catalogue. */
export const starterOptionsSchema = z.strictObject({
  name: z.string(),
  blueprint: z.string(),
  target: z.array(z.string()).min(1),
  pattern: z.string().default('on-device'),
  directory: z.string().min(1).optional(),
  plcRole: address,
  mes: address,
  fhir: address,
  broker: address,
  fogNode: address,
});
export type StarterOptionsInput = z.input<typeof starterOptionsSchema>;
export type StarterOptions = Readonly<z.infer<typeof starterOptionsSchema>>;

/** Options that not every blueprint takes: its `starter.json` says which. */
export const integrationOptions = ['plcRole', 'mes', 'fhir', 'broker', 'fogNode'] as const;
export type IntegrationOption = (typeof integrationOptions)[number];

/** `@acme/line-3` lives in the folder `line-3`. */
export const plainName = (name: string): string => name.replace(/^@[^/]*\//, '');
