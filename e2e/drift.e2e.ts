// The same line twice, same seed: once in steady light, once in light that fades by 0.2 % a board. Only the second may raise
// an alarm, and it must come within 180 boards and explain itself.
import { driftAlarmSchema, type DriftView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { suite } from './check.js';
import { holdsWithin, withRunningLine, type RunningLine } from './running-line.js';

const boards = 300;
const within = 180;
const settings = ['--seed', '7', '--rate', '6', '--defect-rate', '0.3'];
const viewSchema = z.looseObject({ alarms: z.array(driftAlarmSchema) });

const driftOf = async ({ demo }: RunningLine): Promise<DriftView> => {
  const answer: unknown = await (await fetch(`${demo.url}/api/drift`)).json();
  viewSchema.parse(answer);
  return answer as DriftView;
};

await suite('drift', async (check) => {
  await withRunningLine(settings, async (run) => {
    const alarms: string[] = [];
    const enough = await holdsWithin(150_000, async () => {
      const view = await driftOf(run);
      alarms.push(...view.alarms.map(({ explanation }) => explanation));
      return view.parts >= boards;
    });
    const view = await driftOf(run);
    check(`${boards} boards in steady light were watched`, enough, `${view.parts} parts, state ${view.state}`);
    check('none of them raised an alarm', alarms.length === 0 && view.state === 'stable', alarms[0] ?? '');
    for (const { feature, effect, effectThreshold, pValue } of view.features)
      console.log(
        `     ${feature.padEnd(11)} effect ${effect.toFixed(2)} of ${effectThreshold}, p ${pValue.toPrecision(2)}`,
      );
  });

  await withRunningLine(settings, async (run) => {
    await holdsWithin(60_000, async () => (await driftOf(run)).parts >= 60);
    const before = (await driftOf(run)).parts;
    run.demo.processes.line.send({ command: 'fault', name: 'light-fade', on: true });
    let view = await driftOf(run);
    await holdsWithin(90_000, async () => {
      view = await driftOf(run);
      return view.alarms.some(({ feature }) => feature === 'brightness') || view.parts - before > 2 * within;
    });
    const alarm = view.alarms.find(({ feature }) => feature === 'brightness');
    check(
      `fading light raises an alarm within ${within} boards`,
      alarm !== undefined && view.parts - before <= within,
      `after ${view.parts - before}`,
    );
    check(
      'the alarm names the feature, since when and how much',
      /^brightness has changed since 20.*mean 0\.\d+, reference/.test(alarm?.explanation ?? ''),
      alarm?.explanation,
    );
    const example = alarm?.examples[0];
    const record = await fetch(`${run.demo.url}/api/parts/${encodeURIComponent(example ?? '')}`);
    check(
      'its examples are parts that can be looked at',
      example !== undefined && record.status === 200,
      `${alarm?.examples.length} examples`,
    );
    const brightness = view.features.find(({ feature }) => feature === 'brightness');
    const share = (brightness?.distribution?.current ?? []).reduce((sum, part) => sum + part, 0);
    check(
      'the page can lay both distributions over each other',
      Math.abs(share - 1) < 1e-9,
      `${brightness?.distribution?.edges.length} edges`,
    );
    check('the verdicts went on meanwhile', (await run.api.view()).inspected >= view.parts);
  });
});
