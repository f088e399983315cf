import { rename, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { createTrendPlot } from './lib/ward/trend-plot.js';
import { openRecords } from './lib/ward/replay/open-records.js';
import { patientCharacter } from './lib/ward/patient/patient-character.js';
import { createWardPatient } from './lib/ward/patient/ward-patient.js';
import { readStories } from './lib/ward/told-stories.js';

const help = `Draws what a rendered patient of the ward lives through, and what the wearable sees of it.

  ward-plot --out FILE.svg [--seed 7] [--patient 3] [--hours 12] [--start-hour 9] [--stories TEXT] [--icu DIR]

--stories: usual, none, or NUMBER:STORY@SECONDS separated by commas (default: a hypoxia, a fall, atrial fibrillation and an
opioid overdose of this patient). --icu DIR: the stay of the CinC Challenge 2012 that ward-main --icu gives this patient.
`;

const optionsSchema = z.strictObject({
  out: z.string('where the picture goes is needed').min(1),
  seed: z.coerce.number().int().min(0).max(2_000_000).default(7),
  patient: z.coerce.number().int().min(1).max(2_000).default(3),
  hours: z.coerce.number().min(0.1).max(168).default(12),
  'start-hour': z.coerce.number().min(0).max(24).default(9),
  stories: z.string().max(4_000).optional(),
  icu: z.string().min(1).optional(),
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
  const options = parseConfig(optionsSchema, given, 'the command line of ward-plot (see --help)');
  const { seed, patient: number, hours } = options;
  const n = number;
  const usual = `${n}:hypoxia@3600,${n}:fall@9000,${n}:atrial-fibrillation@14400,${n}:probe-off@19800,${n}:opioid@25200`;
  const recorded = await openRecords({ patients: number, icu: options.icu });
  const character = patientCharacter(seed, number);
  const patient = createWardPatient({
    seed,
    number,
    dtS: 1,
    startHour: options['start-hour'],
    stories: readStories(options.stories ?? usual, seed, hours)(character),
    recorded: recorded(number),
  });
  const startMs = options['start-hour'] * 3_600_000;
  const plot = createTrendPlot({
    title: `${character.bed}, ${character.ageYears} years, SpO2 scale ${character.scale}, ${character.oxygen}; seed ${seed}`,
    startMs,
    hours,
  });
  for (let second = 0; second < hours * 3_600; second++) plot.add(patient.step(startMs + second * 1_000));
  await writeFile(`${options.out}.new`, plot.svg());
  await rename(`${options.out}.new`, options.out);
  process.stdout.write(`${options.out}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
