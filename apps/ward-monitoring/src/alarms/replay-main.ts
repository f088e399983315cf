// `replay-main.ts --journal FILE [--alarm ID]`: why did it, or did it not, alarm? Reads only; the gateway may run.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { explainJournal, readJournal } from './explain-journal.js';

const help = `node tools/run.mjs apps/ward-monitoring/src/alarms/replay-main.ts --journal PATH [options]

  --journal PATH    a segment (alarms-00000001.journal) or the folder of all of them
  --alarm ID        only this alarm, as the station and the trail name it
  --subject NAME    only this bed, device or the ward: bed/07, device/w-0012, ward
  --condition NAME  only this condition: spo2-low
  --json            the answer as JSON

Exit code 0 answered, 1 the journal does not lead to the states that it holds or cannot be read to its end, 2 wrong use,
3 nothing in the journal answers.
`;

const { values } = parseArgs({
  options: {
    journal: { type: 'string' },
    alarm: { type: 'string' },
    subject: { type: 'string' },
    condition: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) process.stdout.write(help);
else if (values.journal === undefined || !existsSync(values.journal)) {
  console.error(`--journal must name a file or folder that exists; it is ${values.journal ?? 'absent'}.\n${help}`);
  process.exitCode = 2;
} else {
  const { entries, unreadBytes } = readJournal(values.journal);
  const { alarm, subject, condition } = values;
  const answer = explainJournal(entries, {
    ...(alarm === undefined ? {} : { alarmId: alarm }),
    ...(subject === undefined ? {} : { subject }),
    ...(condition === undefined ? {} : { condition }),
  });
  if (answer === undefined) {
    console.error(`${values.journal} does not begin with a state, so nothing can be replayed. Is it an alarm journal?`);
    process.exitCode = 1;
  } else {
    const { lines, digest, notReproduced } = answer;
    const verdict = `${answer.entries} entries replayed, state ${digest}${notReproduced.length === 0 ? '' : `; NOT reproduced at entries ${notReproduced.join(', ')}`}${unreadBytes === 0 ? '' : `; ${unreadBytes} bytes cannot be read (the tail of an interrupted append, or damage)`}`;
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ lines, entries: answer.entries, digest, notReproduced, unreadBytes }, null, 2)}\n`
        : `${[...lines, verdict].join('\n')}\n`,
    );
    const isSound = notReproduced.length === 0 && unreadBytes === 0;
    process.exitCode = isSound ? (lines.length === 0 ? 3 : 0) : 1;
  }
}
