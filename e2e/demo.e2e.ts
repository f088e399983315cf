// `npm start` unattended, in both Modbus roles: what a newcomer sees, and what the report says.
import { suite } from './check.js';
import { startDemo } from './demo-process.js';

interface Report {
  readonly readySeconds: number;
  readonly parts: {
    readonly presented: number;
    readonly accepted: number;
    readonly bad: number;
    readonly escapesOfTheSystem: number;
    readonly escapes: { readonly count: number };
    readonly falseRejects: { readonly count: number; readonly of: number };
    readonly falseRejectsByModel: number;
    readonly noVerdict: number;
    readonly late: number;
  };
  readonly captureToCoilMs: { readonly count: number; readonly p50Ms: number | null };
  readonly mes: {
    readonly station: { readonly delivered: number; readonly pending: number; readonly dropped: number };
    readonly receiver: { readonly received: number; readonly conflicts: number; readonly invalid: number };
  };
}

for (const role of ['server', 'client'] as const) {
  await suite(`demo, station as Modbus ${role}`, async (check) => {
    const demo = await startDemo([
      '--app',
      'manufacturing',
      '--seconds',
      '20',
      '--rate',
      '4',
      '--role',
      role,
      '--report',
      '{folder}/report.json',
    ]);
    const code = await demo.exited;
    check('ends with exit code 0', code === 0, code === 0 ? '' : demo.output());
    const { parts, mes, captureToCoilMs, readySeconds } = (await demo.readJson('report.json')) as Report;
    check('was ready within 30 s', readySeconds < 30, `${readySeconds.toFixed(1)} s`);
    check(
      'judged boards, good and bad',
      parts.presented >= 50 && parts.bad > 5,
      `${parts.presented} boards, ${parts.bad} bad`,
    );
    check(
      'let no bad board through that the model caught',
      parts.escapesOfTheSystem === 0,
      `${parts.escapes.count} escapes`,
    );
    // A machine that other work holds up rejects boards that waited too long; how many says something about the machine.
    const { noVerdict, late, falseRejects, falseRejectsByModel, accepted } = parts;
    check(
      'accepted most of the good boards',
      accepted > (parts.presented - parts.bad) / 2,
      `${accepted} accepted; ${noVerdict} without verdict, ${late} late, ${falseRejects.count} false rejects, ${falseRejectsByModel} of them by the model`,
    );
    check(
      'measured capture to coil',
      captureToCoilMs.count >= 50 && captureToCoilMs.p50Ms !== null,
      `p50 ${captureToCoilMs.p50Ms?.toFixed(2)} ms`,
    );
    check(
      'told the MES every part once',
      mes.station.pending === 0 &&
        mes.station.dropped === 0 &&
        mes.receiver.received === mes.station.delivered &&
        mes.receiver.conflicts + mes.receiver.invalid === 0,
      `${mes.station.delivered} delivered, ${mes.receiver.received} received`,
    );
    const left = await demo.orphans();
    check('left no process behind', left.length === 0, left.join('\n'));
    await demo.remove();
  });
}
