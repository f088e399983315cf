import { z } from 'zod';
import { idSchema } from './facts.js';

const words = z.string().min(1);

/** What a box of the picture is; decides its look. */
export const partKinds = ['sensor', 'process', 'store', 'machine', 'system', 'people'] as const;
/** Who keeps it: the device, the site around it, or somebody outside. */
export const zones = ['device', 'site', 'outside'] as const;

/** The reference architecture as data; the picture is drawn from it (`drawArchitecture`). */
export const architectureSchema = z
  .strictObject({
    parts: z
      .array(
        z.strictObject({
          id: idSchema,
          title: words.max(22),
          detail: words.max(32).optional(),
          kind: z.enum(partKinds),
          zone: z.enum(zones),
          /** Place from the left, 0 first; parts of one zone and column stand below each other. */
          column: z.int().min(0).max(5),
        }),
      )
      .min(2),
    flows: z
      .array(z.strictObject({ from: idSchema, to: idSchema, what: words.max(34), both: z.boolean().default(false) }))
      .min(1),
  })
  .superRefine(({ parts, flows }, context) => {
    const ids = parts.map(({ id }) => id);
    for (const [i, { id }] of parts.entries()) {
      if (ids.indexOf(id) !== i)
        context.addIssue({ code: 'custom', path: ['parts', i, 'id'], message: `${id} stands twice` });
    }
    for (const [i, flow] of flows.entries()) {
      for (const end of ['from', 'to'] as const) {
        if (ids.includes(flow[end])) continue;
        const message = `there is no part ${flow[end]}; parts are ${ids.join(', ')}`;
        context.addIssue({ code: 'custom', path: ['flows', i, end], message });
      }
    }
    for (const [i, { from, to }] of flows.entries()) {
      const [a, b] = [from, to].map((end) => parts.find(({ id }) => id === end)?.column ?? 0);
      if (Math.abs((a ?? 0) - (b ?? 0)) <= 1) continue;
      const message = `${from} and ${to} are more than a column apart, the line would cross what stands between; move one of them`;
      context.addIssue({ code: 'custom', path: ['flows', i], message });
    }
    for (const [i, { id }] of parts.entries()) {
      if (flows.some(({ from, to }) => from === id || to === id)) continue;
      context.addIssue({
        code: 'custom',
        path: ['parts', i],
        message: `${id} has no flow; draw one or leave the part out`,
      });
    }
  });
export type Architecture = z.infer<typeof architectureSchema>;
