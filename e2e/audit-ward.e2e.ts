// The trail of a running ward: gateway, wearables, witness and SIEM (Debian's rsyslog, TLS with certificates on both sides) as
// processes. The SIEM goes away while the ward is at work and the gateway is killed meanwhile; then everything is there, in
// order, and our verifier and Go's checksum database judge it. EDGE_AUDIT_READS sets the entries of the outage (2000).
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startSupervised, type SupervisedProcess } from '../apps/demo-rig/src/supervised-process.js';
import { putWardUser } from '../apps/ward-monitoring/src/access/ward-users.js';
import { openSigner } from '../libs/audit/src/lib/log/log-signer.js';
import { makeCertificates, rsyslogMissing, startRsyslog } from '../libs/audit/src/testing/rsyslog-bench.js';
import type { Report } from '../libs/audit/src/verify/verify-log.js';
import { buildOutsider, outsiderPresent } from './audit/outsider.js';
import { areSigned, readReceived } from './audit/received.js';
import { runCommand, runProgram } from './audit/run-program.js';
import { spoiltTrails } from './audit/spoilt-trails.js';
import { signIn } from './audit/ward-person.js';
import { startWitness } from './audit/witness-process.js';
import { absent, suite } from './check.js';
import { freePort } from './free-port.js';
import { holdsWithin } from './running-line.js';

const title = 'audit-ward';
const reads = Number(process.env['EDGE_AUDIT_READS'] ?? 2_000);
const missing = rsyslogMissing();
if (missing !== undefined) absent(title, missing);
if (!outsiderPresent) absent(title, 'Go with its module packages');

const source = (file: string): string => join(import.meta.dirname, '..', file);
const verifier = source('libs/audit/src/audit-verify.ts');
const origin = 'edge-blueprints.example/ward/north/w-4';
const patient = 'Canary Person';
/** Entries that may come after the last checkpoint that left the gateway. */
const tail = 40;

await suite(title, async (check) => {
  const folder = mkdtempSync(join(tmpdir(), 'ward-trail-'));
  const path = (name: string): string => join(folder, name);
  const closers: (() => Promise<unknown>)[] = [];
  try {
    makeCertificates(folder);
    const received = () => readReceived(path('siem.log'));
    let siem = await startRsyslog(folder, path('siem.log'));
    closers.push(() => siem.stop());
    const signer = await openSigner({ folder: path('keys'), file: 'log.key', name: origin });
    const witness = await startWitness(path('witness'), signer.vkey, await freePort());
    closers.push(witness.stop);
    writeFileSync(path('witness.vkey'), witness.vkey);
    await putWardUser(path('users.json'), 'n.adams', 'nurse', '271828');
    await putWardUser(path('users.json'), 'a.auditor', 'auditor', '314159');
    const [page, mqtt] = [await freePort(), await freePort()];
    writeFileSync(path('ward.json'), JSON.stringify(wardConfig({ page, mqtt, siem: siem.port, witness: witness.url })));
    const startGateway = () => start('apps/ward-monitoring/src/main.ts', ['--config', path('ward.json')]);
    let gateway = await startGateway();
    closers.push(() => gateway.stop(20_000));
    const wearables = ['--broker', `mqtt://127.0.0.1:${mqtt}`, '--site', 'north', '--ward', 'w-4', '--patients', '2'];
    const rig = await start('libs/rigs/src/ward-main.ts', [...wearables, '--hz', '0', '--stories', 'none']);
    closers.push(() => rig.stop());

    let nurse = await signIn(page, 'n.adams', '271828');
    const fast = { riseS: 1, holdS: 600, fallS: 1, height: 1 };
    rig.send({ command: 'story', name: 'hypoxia', patients: [1], ...fast });
    const alarm = await nurse.alarmOf('bed/01', 40_000);
    check('an alarm is raised and acknowledged', alarm !== undefined && (await nurse.acknowledge(alarm)));
    const values = { temperature: '37.4', systolic: '120', diastolic: '70', consciousness: 'A' };
    check('observations are entered', await nurse.observe('bed/01', values));
    await nurse.readPatient(20);
    const inTime = await holdsWithin(10_000, () =>
      ['alarm.ack', 'patient.read'].every((one) => received().seqOf(one) >= 0),
    );
    const calm = received();
    check(
      `the SIEM has ${calm.seqs.length} entries in order, each once, within seconds`,
      inTime && calm.seqs.every((seq, i) => seq === i),
      calm.seqs.every((seq, i) => seq === i) ? '' : calm.seqs.join(' ').slice(0, 200),
    );
    check('each checkpoint it has is one that the log signed', areSigned(calm.notes, path('audit/log')));

    await siem.stop();
    await nurse.readPatient(reads / 2);
    gateway.kill();
    await gateway.exited;
    gateway = await startGateway();
    nurse = await signIn(page, 'n.adams', '271828');
    await nurse.readPatient(reads / 2);
    const waits = await holdsWithin(10_000, async () => (await nurse.view()).gateway.siemWaiting >= reads);
    const spool = readdirSync(path('audit/siem')).map((name) => [name, statSync(path(`audit/siem/${name}`)).size]);
    check(
      `the SIEM is away: ${(await nurse.view()).gateway.siemWaiting} entries wait in the trail, and the spool is a cursor`,
      waits && spool.length === 1 && Number(spool[0]?.[1]) < 100,
      JSON.stringify(spool),
    );
    siem = await startRsyslog(folder, path('siem.log'), siem.port);
    const caughtUp = await holdsWithin(30_000, () => received().highest >= reads + calm.highest);
    const all = received();
    check(
      `it comes back: its numbers go from 0 to ${all.highest} without a hole, through the kill of the gateway`,
      caughtUp && all.first.length === all.highest + 1 && all.first.every((seq, i) => seq === i),
      `${all.first.length} numbers`,
    );
    check(`what came twice (${all.seqs.length - all.first.length}) is the same entry`, all.isSteady);
    const acknowledged = all.seqOf('alarm.ack');
    const auditor = await signIn(page, 'a.auditor', '314159');
    check('the auditor’s page proves the acknowledgement, witness included', await auditor.proves(acknowledged));

    await rig.stop();
    const code = await gateway.stop(20_000);
    await siem.stop();
    const end = received();
    check('the gateway ends in order', code === 0, String(code));
    check('each checkpoint of both lives is one that the log signed', areSigned(end.notes, path('audit/log')));
    check('no patient is named in what the SIEM has', end.seqs.length > 0 && !end.text.includes(patient));

    const given = {
      siem: ['--anchor', path('siem.log'), '--max-unanchored', String(tail)],
      witness: ['--witness-vkey', path('witness.vkey'), '--max-unanchored', String(tail)],
      nothing: [],
    };
    const key = ['--vkey', signer.vkey];
    const log = ['--log', path('audit/log'), ...key];
    const told = await runCommand(verifier, [...log, ...given.siem, ...given.witness, '--json']);
    const report: Report = JSON.parse(told.out);
    const failures = Object.values(report.verdicts).flatMap(({ findings }) =>
      findings.filter(({ level }) => level === 'fail'),
    );
    check(
      `the verifier passes all five verdicts over ${report.size} entries, ${report.unanchored} of them not anchored, one stop declared`,
      told.code === 0 &&
        Object.values(report.verdicts).every(({ status }) => status === 'pass') &&
        report.boots === 2 &&
        report.declaredGaps === 1,
      `exit code ${told.code}; ${failures.map((one) => one.text).join(' | ')}`,
    );
    for (const spoilt of await spoiltTrails(path('audit/log'), signer)) {
      const place = path(`spoilt-${spoilt.code}`);
      for (const [name, bytes] of spoilt.files) {
        mkdirSync(dirname(join(place, name)), { recursive: true });
        writeFileSync(join(place, name), bytes);
      }
      const judged = await runCommand(verifier, ['--log', place, ...key, ...given[spoilt.given]]);
      check(`verdict ${spoilt.code}: ${spoilt.what}`, judged.code === spoilt.code, `exit code ${judged.code}`);
    }

    const program = buildOutsider(folder);
    const [evidence, altered] = [path('evidence'), path('altered')];
    await runCommand(source('libs/audit/src/audit-export.ts'), [
      ...['--log', path('audit/log'), '--seq', String(acknowledged), '--out', evidence],
    ]);
    const ours = await runCommand(verifier, ['--evidence', evidence, ...key]);
    const ofGo = await runProgram(program, [signer.vkey, evidence, path('audit/log')]);
    check(
      'the exported acknowledgement and the whole log hold for Go as for our verifier',
      ours.code === 0 && ofGo.code === 0 && ofGo.out.includes(`ok entry ${acknowledged} of `),
      ofGo.out,
    );
    cpSync(evidence, altered, { recursive: true });
    const entry = readFileSync(join(evidence, 'entry.json'), 'utf8');
    writeFileSync(join(altered, 'entry.json'), entry.replace('n.adams', 'n.other'));
    const refused = await runProgram(program, [signer.vkey, altered]);
    check('with another name in it, it does not', entry.includes('n.adams') && refused.code === 1, refused.out);
  } finally {
    for (const close of closers.reverse()) await close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
});

function start(entry: string, args: readonly string[]): Promise<SupervisedProcess> {
  const parts = { onEvent: () => undefined, onLog: () => undefined, readyTimeoutMs: 60_000 };
  return startSupervised({ name: entry, entry: source(entry), args, ...parts });
}

function wardConfig(at: {
  readonly page: number;
  readonly mqtt: number;
  readonly siem: number;
  readonly witness: string;
}) {
  return {
    ...{ site: 'north', ward: 'w-4', simulated: true, clock: 'trusted' },
    beds: ['01', '02'].map((bed) => ({ bed: `bed/${bed}`, label: `Bed ${bed}` })),
    admissions: [
      { bed: 'bed/01', device: 'w-0001', name: patient, ageYears: 70 },
      { bed: 'bed/02', device: 'w-0002', name: patient, ageYears: 60 },
    ],
    chain: [{ id: 'n.adams', role: 'nurse' }],
    broker: { kind: 'embedded', host: '127.0.0.1', port: at.mqtt },
    ...{ usersFile: './users.json', stateFolder: './state' },
    audit: {
      ...{ folder: './audit', keyFolder: './keys' },
      witness: { url: at.witness, vkeyFile: './witness.vkey' },
      siem: {
        ...{ host: '127.0.0.1', port: at.siem, serverName: 'siem.ward' },
        ...{ caFile: './ca.crt', certFile: './gateway.ward.crt', keyFile: './gateway.ward.key' },
      },
    },
    dashboard: { port: at.page, apiRate: { perSecond: 10_000, burst: 10_000 } },
  };
}
