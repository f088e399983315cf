import { createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { runRigProcess } from './lib/process/rig-process.js';
import { storyNames } from './lib/ward/patient/story.js';
import { openRecords } from './lib/ward/replay/open-records.js';
import { startWard } from './lib/ward/ward.js';
import { wardCommandSchema, wardFaultNames, wardOptionsSchema, type WardCommand } from './lib/ward/ward-options.js';

const help = `A rendered ward: patients whose true state is known, each with a wearable that speaks MQTT.

  ward-main --broker mqtt://HOST:PORT [--patients 12] [--seed 7] ...

  --broker URL           mqtt://HOST:PORT, or mqtts://HOST:PORT with --tls
  --site S, --ward W     names in the topics (site-01, ward-a); devices are w-0001, w-0002, ...
  --patients N           12
  --seed N               the same seed gives the same patients (7)
  --speed N              seconds of the patients' lives in one second; samples stay at their rate (1)
  --start-hour N         hour of the day at the start (9)
  --stories TEXT         usual (as often as on a ward), none, or entries NUMBER:STORY@SECONDS separated by commas
  --rate N               samples a second of pulse and SpO2 (1)
  --respiration-seconds N  between two samples of respiration; 0 for none (1)
  --hz N                 acceleration, one batch a sample; 0 for none (25)
  --replay-per-second N  samples that a device sends again in a second after it was cut off (20)
  --tls DIR              ca.crt and for each device SITE.DEVICE.crt and .key
  --radio on|off         a relay for each device, so that links can be cut (on)
  --icu DIR              stays of the CinC Challenge 2012 (set-a-*.csv) instead of rendered trends
  --pulse FILE@HZ        patient 1 has the pulse of this photoplethysmogram
  --measured on|off      events for the first samples beyond a usual limit, with the moment in which they were sent (off)
  --truth FILE           gets every truth event as a JSON line
  --report-ms N          between two progress events (5000)
  --supervised           stop when standard input ends

Stories: ${storyNames.join(', ')}.

Events are JSON lines on standard output: ready (with the roster), truth (stories and crossings of the usual limits, from the
values without noise), measured, round (what a nurse measures), progress, totals. Commands are JSON lines on standard input; "patients" is
a list of numbers or "all":
  {"command":"story","name":NAME,"patients":[7],"riseS":5,"holdS":60,"fallS":5,"height":1}
  {"command":"mend","patients":[7]}               ends every story at once
  {"command":"fault","name":NAME,"patients":"all","on":true}   ${wardFaultNames.join(', ')} (with "jumpMs")
  {"command":"malformed","patients":[7]}          sixteen broken messages on its own topics
  {"command":"hostile","patients":[7]}            eleven messages that this device may not send
  {"command":"reboot","patients":[7]}             with another boot number; what it kept is lost
  {"command":"measure","patients":[7]}            a nurse measures out of turn: one event "round" each
  {"command":"moment"}                            event "moment": true values and NEWS2 of every patient
  {"command":"truth","sinceMs":MS}                event "truths"
  {"command":"report","perPatient":true}
  {"command":"stop"}
`;

async function main(): Promise<void> {
  const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const names = Object.keys(wardOptionsSchema.shape);
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      supervised: { type: 'boolean', default: false },
      ...Object.fromEntries(names.map((name) => [kebab(name), { type: 'string' } as const])),
    },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return;
  }
  const given: Readonly<Record<string, unknown>> = values;
  const named = Object.fromEntries(
    names.flatMap((name) => (given[kebab(name)] === undefined ? [] : [[name, given[kebab(name)]]])),
  );
  const options = parseConfig(wardOptionsSchema, named, 'the command line of ward-main (see --help)');
  await runRigProcess<WardCommand>('ward', values.supervised === true, async ({ clock, logger, emit }) => {
    const recorded = await openRecords(options);
    const truth = options.truth === undefined ? undefined : createWriteStream(options.truth, { flags: 'w' });
    truth?.on('error', (error) => logger.error('rig.ward-truth-file', { reason: errorMessage(error) }));
    const ward = await startWard(options, {
      clock,
      log: logger,
      emit,
      recorded,
      onTruth: (events) => void truth?.write(events.map((event) => `${JSON.stringify(event)}\n`).join('')),
    });
    const timer = setInterval(() => emit({ event: 'progress', ...ward.totals() }), options.reportMs);
    return {
      ready: { ports: {}, roster: ward.roster },
      commands: wardCommandSchema,
      obey: (command) => ward.obey(command),
      async close() {
        clearInterval(timer);
        await ward.close();
        emit({ event: 'totals', ...ward.totals() });
        await new Promise<void>((resolve) => (truth ? truth.end(() => resolve()) : resolve()));
      },
    };
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
