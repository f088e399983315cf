import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorMessage, parseConfig } from '@edge-blueprints/contracts';
import type { WardPatient } from '@edge-blueprints/rigs';
import { z } from 'zod';
import { openAlarmJournal } from '../../alarms/alarm-journal.js';
import { drawLoad } from './load-plot.js';
import { printStudy } from './print-study.js';
import { studyFigures } from './study-figures.js';
import { asSet, bare, withDelays } from './study-settings.js';
import { clinicalStories, eventCounts, eventHours, everydayPatients, patientsWith } from './study-patients.js';
import { runWard, type WardRun } from './study-ward.js';

const help = `Alarm load of the rendered ward against its sensitivity, through the gateway's own path in virtual time.

  npm run ward-study -- [--patients 40] [--days 1] [--seeds 21,22] [--events 50] [--stories LIST]
                        [--settings own|compared]
                        [--plot FILE.svg] [--out FILE.json] [--journal DIR]

Each seed is a ward of --patients with stories as often as in life, which gives the load, and --events other patients to each of
whom one story of the body happens, in the proportions of life, which give the sensitivity together with the events of the first.
--stories takes some of ${clinicalStories.join(', ')};
a sepsis is half a day long. --settings compared (the default) also tells what the ward would hear without delays, and with nothing
smoothed at all. --plot adds shorter and longer delays. --journal keeps what the alarm engine was told, a folder for each ward of
the first seed; alarms/replay-main.ts says of it why it did, or did not, alarm.
`;

const number = z.coerce.number();
const optionsSchema = z.strictObject({
  patients: number.int().min(1).max(2_000).default(40),
  days: number.min(0.01).max(30).default(1),
  seeds: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'numbers with commas between them')
    .default('21,22'),
  events: number.int().min(0).max(2_000).default(50),
  stories: z
    .string()
    .default(clinicalStories.join(','))
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(clinicalStories)).min(1)),
  settings: z.enum(['own', 'compared']).default('compared'),
  plot: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
  journal: z.string().min(1).optional(),
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
  const options = parseConfig(optionsSchema, given, 'the command line of ward-study (see --help)');
  const { patients, days, events } = options;
  const seeds = options.seeds.split(',').map(Number);
  const settings = options.settings === 'own' ? [asSet] : [asSet, withDelays(0), bare];
  if (options.plot !== undefined) settings.push(...[0.5, 2, 4, 8, 16].map(withDelays));
  const hours = 24 * days;
  const began = Date.now();
  const say = (words: string): void => void process.stderr.write(`${words}\n`);
  const everyday: WardRun[] = [];
  const eventful: WardRun[] = [];
  for (const [index, seed] of seeds.entries()) {
    const run = async (name: string, people: readonly WardPatient[], wardHours: number): Promise<WardRun> => {
      const folder = index === 0 && options.journal !== undefined ? join(options.journal, name) : undefined;
      const journal =
        folder === undefined
          ? {}
          : { journal: await openAlarmJournal({ folder, newJournal: name, segmentBytes: 2 ** 30 }) };
      return await runWard({
        seed,
        settings,
        patients: people,
        hours: wardHours,
        ...journal,
        onHour: (hour) =>
          say(
            `seed ${seed} (${index + 1} of ${seeds.length}), ${name}, ${people.length} patients: ${hour} of ${wardHours} h`,
          ),
      });
    };
    everyday.push(await run('everyday', everydayPatients(seed, patients, hours), hours));
    for (const [story, count] of eventCounts(events, options.stories))
      if (count > 0) eventful.push(await run(story, patientsWith(story, seed, count), eventHours(story)));
  }
  const order = settings.map(({ name }) => name);
  const figures = order.map((name, index) => studyFigures(name, index, everyday, eventful));
  const { user, system } = process.cpuUsage();
  const sum = (runs: readonly WardRun[], of: (run: WardRun) => number): number =>
    runs.reduce((s, run) => s + of(run), 0);
  const all = [...everyday, ...eventful];
  const size = {
    seeds,
    everydayPatientDays: sum(everyday, (run) => run.patientDays),
    eventfulPatientDays: sum(eventful, (run) => run.patientDays),
    settings: order,
    messages: sum(all, (run) => run.messages),
    refused: sum(all, (run) => run.refused),
    cpuSeconds: Math.round((user + system) / 1e6),
    elapsedSeconds: Math.round((Date.now() - began) / 1_000),
  };
  process.stdout.write(
    `${size.everydayPatientDays} patient-days as in life and ${events * seeds.length} patients with one event; seeds ${options.seeds}; ${size.messages} messages; ${size.cpuSeconds} s of CPU\n\n${printStudy(figures)}`,
  );
  if (options.plot !== undefined)
    await save(options.plot, drawLoad(byDelay(figures), 'Alarm load against sensitivity, by the delays of the limits'));
  if (options.out !== undefined) await save(options.out, `${JSON.stringify({ options, size, figures }, null, 2)}\n`);
}

const timesOf = (setting: string): number =>
  setting === asSet.name ? 1 : setting === withDelays(0).name ? 0 : Number(setting.split(' ').at(-1));

/** The setting of the ward first, then the others with growing delays. */
function byDelay<T extends { readonly setting: string }>(figures: readonly T[]): readonly T[] {
  return figures.filter(({ setting }) => setting !== bare.name).sort((a, b) => timesOf(a.setting) - timesOf(b.setting));
}

async function save(file: string, words: string): Promise<void> {
  await writeFile(`${file}.new`, words);
  await rename(`${file}.new`, file);
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
