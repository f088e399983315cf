// The line's camera as an RTSP stream that knows nothing of parts: joined by time, through a camera that dies in between.
import { spawnSync } from 'node:child_process';
import type { Box } from '@edge-blueprints/contracts';
import type { LinePart } from '../apps/demo-rig/src/run-ledger.js';
import { absent, suite } from './check.js';
import { holdsWithin, pause, withRunningLine, type RunningLine } from './running-line.js';

const title = 'RTSP camera';
if (spawnSync('ffmpeg', ['-version']).status !== 0) absent(title, 'ffmpeg');

await suite(title, (check) =>
  withRunningLine(['--camera', 'rtsp', '--rate', '2'], async (run) => {
    const started = Date.now() - 120_000;
    const { demo, api, ledger, fallen, lineEvents, judge } = run;
    const enough = await holdsWithin(120_000, () => ledger.presented() >= 36);
    const first = await judge();
    check('at least 30 boards came to the gate', enough, `${first.presented} boards, ${first.bad} bad`);
    check(
      'most of them were joined with a picture of the stream',
      first.presented - first.noVerdict > 20 && first.accepted > 3,
      `${first.accepted} accepted, ${first.noVerdict} without verdict, ${first.falseRejects.count} false rejects, ${first.falseRejectsByModel} of them by the model`,
    );
    check(
      'bad boards were rejected',
      first.bad - first.escapes.count > 5,
      `${first.bad - first.escapes.count} of ${first.bad}`,
    );

    const connectedPid = (): number | undefined => {
      const last = lineEvents.filter(({ event }) => event === 'rtsp').at(-1);
      return typeof last?.['pid'] === 'number' ? last['pid'] : undefined;
    };
    const pid = connectedPid();
    if (pid !== undefined) {
      for (let stall = 0; stall < 12; stall += 1) {
        process.kill(pid, 'SIGSTOP');
        await pause(350 + 50 * (stall % 6));
        process.kill(pid, 'SIGCONT');
        await pause(900);
        demo.processes.plc.send({ command: 'reset' });
      }
    }
    const mixedUp = await shownAsAnother(run, started);
    check(
      'no part is judged by the picture of another one, also when the stream stalls and catches up',
      mixedUp.compared > 15 && mixedUp.wrong.length === 0,
      `${mixedUp.compared} compared, wrong: ${mixedUp.wrong.join(' ')}`,
    );

    demo.processes.line.send({ command: 'fault', name: 'camera-gone', on: true });
    const gone = await holdsWithin(15_000, async () => !(await api.view()).camera.connected);
    check('the station reports that the camera is gone', gone, (await api.view()).lineStateReason);
    const atGate = fallen.length;
    // What was captured before may still be judged in order; the rest must not pass.
    const goneAtMs = lineEvents.findLast(({ event }) => event === 'rtsp')?.['atMs'];
    await holdsWithin(8_000, () => fallen.length >= atGate + 4);
    const since = typeof goneAtMs === 'number' ? goneAtMs : Infinity;
    const without = fallen.filter(({ capturedAtMs }) => capturedAtMs > since);
    check(
      'no board passes without a camera',
      without.every(({ bin }) => bin === 'reject'),
      `${without.length} boards came to the gate without a picture`,
    );
    demo.processes.line.send({ command: 'fault', name: 'camera-gone', on: false });
    demo.processes.plc.send({ command: 'reset' });
    const back = await holdsWithin(30_000, async () => (await api.view()).camera.connected);
    check('the stream comes back by itself', back);

    // SIGKILL without warning, as a crashed encoder.
    const second = connectedPid();
    if (second !== undefined) process.kill(second, 'SIGKILL');
    const replaced = await holdsWithin(40_000, async () => {
      return connectedPid() !== undefined && connectedPid() !== second && (await api.view()).camera.connected;
    });
    check(
      'a killed encoder is replaced',
      pid !== undefined && second !== undefined && replaced,
      `process ${second}, then ${connectedPid()}`,
    );
    demo.processes.plc.send({ command: 'reset' });
    const accepted = fallen.filter(({ bin }) => bin === 'accept').length;
    const again = await holdsWithin(60_000, () => fallen.filter(({ bin }) => bin === 'accept').length > accepted + 1);
    check('good boards pass again', again);

    const judged = await judge();
    check(
      'no bad board passed that the model caught',
      judged.escapesOfTheSystem === 0,
      `${judged.presented} boards, ${judged.bad} bad, ${judged.escapes.count} escapes, ${judged.escapesModelMissed} missed by the model`,
    );
  }),
);

/** Parts whose recorded defects are not their own but those of a part before or after: the wrong picture. */
async function shownAsAnother({ api, fallen }: RunningLine, sinceEpochMs: number) {
  const records = await api.partsSince(sinceEpochMs);
  const wrong: string[] = [];
  let compared = 0;
  fallen.forEach(({ partId, truth }, at) => {
    const found = records.get(partId)?.detections.filter(({ counted }) => counted) ?? [];
    if (found.length === 0) return;
    compared += 1;
    const shows = (defects: LinePart['truth']): boolean =>
      (defects ?? []).some((defect) => found.some(({ box }) => near(box, defect.box)));
    const others = fallen.slice(Math.max(0, at - 3), at + 4);
    if (!shows(truth) && others.some((part) => shows(part.truth))) wrong.push(partId);
  });
  return { compared, wrong };
}

/** The middles are within some pixels of each other; two defects of a board lie farther apart. */
function near(a: Box, b: Box): boolean {
  const shift = (low: 'xMin' | 'yMin', high: 'xMax' | 'yMax'): number =>
    Math.abs(a[low] + a[high] - b[low] - b[high]) / 2;
  return shift('xMin', 'xMax') < 15 && shift('yMin', 'yMax') < 15;
}
