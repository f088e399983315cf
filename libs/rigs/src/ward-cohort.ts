import { parseArgs } from 'node:util';
import { errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { usualRates } from './lib/ward/patient/story-schedule.js';
import { virtualWard } from './lib/ward/virtual-ward.js';

const help = `Lives a rendered ward in virtual time and prints what truly happens in it, as one JSON line.

  ward-cohort [--patients 20] [--from 1] [--hours 24] [--seed 7] [--stories usual|none]

What a ward app makes of it is for the app to say: this counts the truth alone.
`;

const optionsSchema = z.strictObject({
  patients: z.coerce.number().int().min(1).max(2_000).default(20),
  from: z.coerce.number().int().min(1).max(1_000_000).default(1),
  hours: z.coerce.number().min(0.1).max(8_760).default(24),
  seed: z.coerce.number().int().min(0).max(2_000_000).default(7),
  stories: z.enum(['usual', 'none']).default('usual'),
});

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { help: wantsHelp, ...given } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      ...Object.fromEntries(Object.keys(optionsSchema.shape).map((name) => [name, text])),
    },
  }).values;
  if (wantsHelp === true) {
    process.stdout.write(help);
    return;
  }
  const { stories: wanted, ...options } = parseConfig(
    optionsSchema,
    given,
    'the command line of ward-cohort (see --help)',
  );
  const rates = { ...usualRates };
  if (wanted === 'none') for (const name of Object.keys(rates)) Object.assign(rates, { [name]: 0 });
  const stories = new Map<string, number>();
  const held = new Map<string, { ofStories: number; byThemselves: number; tooShort: number }>();
  const seconds = { all: 0, moving: 0, withoutSpo2: 0, spo2FarTooLow: 0, spo2FarTooLowUnnoticed: 0 };
  for await (const row of virtualWard({ ...options, rates }))
    for (const { spo2, vitals, activity, truth } of row) {
      seconds.all += 1;
      if (activity.motionG > 0.08) seconds.moving += 1;
      if (spo2.v === null) seconds.withoutSpo2 += 1;
      else if (spo2.v < vitals.spo2 - 4) {
        seconds.spo2FarTooLow += 1;
        if (spo2.q >= 40) seconds.spo2FarTooLowUnnoticed += 1;
      }
      for (const event of truth) {
        if (event.kind === 'story-began') stories.set(event.story, (stories.get(event.story) ?? 0) + 1);
        if (event.kind !== 'crossing-held' && event.kind !== 'crossing-ended') continue;
        const of = held.get(event.condition) ?? { ofStories: 0, byThemselves: 0, tooShort: 0 };
        held.set(event.condition, of);
        if (event.kind === 'crossing-held') of[event.story === undefined ? 'byThemselves' : 'ofStories'] += 1;
        else if (!event.held) of.tooShort += 1;
      }
    }
  const { user, system } = process.cpuUsage();
  const cpuSeconds = Number(((user + system) / 1e6).toFixed(1));
  const patientDays = Number((seconds.all / 86_400).toFixed(2));
  const counts = { stories: Object.fromEntries(stories), crossings: Object.fromEntries(held) };
  process.stdout.write(`${JSON.stringify({ ...options, patientDays, ...counts, seconds, cpuSeconds })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
