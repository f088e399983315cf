// A ward's gateway in its own process, a real broker, wearables and a station: killed, lied to, cut off, without disk, server or model.
// EDGE_WARD_KILLS sets the number of kills (15), EDGE_WARD_OUTAGE_S how long the broker is away (16); EDGE_WARD_FAULTS=off is for kills alone.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@edge-blueprints/contracts';
import { mosquittoMissing, startMosquitto } from '../libs/telemetry/src/lib/uplink/testing/mosquitto.js';
import { absent, suite, type Check } from './check.js';
import { holdsWithin } from './running-line.js';
import { brokerGone, roughWay } from './ward/cut-off.js';
import { openGateway, run, vkeyOf, writeWard } from './ward/faulty-ward.js';
import { nothingLostOrTwice, throughFaults } from './ward/fhir-faults.js';
import { openFhirFront } from './ward/fhir-front.js';
import { bundleGateway } from './ward/gateway-program.js';
import { openHandDevices } from './ward/hand-device.js';
import { killedGateway } from './ward/killed.js';
import { liedTo } from './ward/lied-to.js';
import { isSeen, patients, rigTotals, startRig, type LiveWard } from './ward/live-ward.js';
import { replayed } from './ward/replayed.js';
import { openRoughLink } from './ward/rough-link.js';
import { openStation, type Heard } from './ward/ward-station.js';
import { withoutDisk, withoutModel } from './ward/without.js';

const kills = Number(process.env['EDGE_WARD_KILLS'] ?? 15);
/** Replayed at the end. */
const alarms = 100;
const outageMs = Number(process.env['EDGE_WARD_OUTAGE_S'] ?? 16) * 1_000;
const models = join(import.meta.dirname, '../models/bundles');
if (mosquittoMissing) absent('ward', 'mosquitto');

if (kills > 0)
  await suite('ward, killed', async (check) => {
    const folder = mkdtempSync(join(tmpdir(), 'ward-killed-'));
    const [broker, program] = await Promise.all([startMosquitto(), bundleGateway()]);
    try {
      const config = await writeWard(folder, 12, broker.port);
      const devices = openHandDevices(broker.port, 12, 400);
      const heard: Heard[] = [];
      const gateway = await killedGateway(
        { program: program.file, folder, config, devices, kills, heard, alarms },
        check,
      );
      await gateway.stop();
      await devices.close();
      replayed(folder, heard, alarms, check);
    } finally {
      program.remove();
      await broker.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

const faults = async (check: Check): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'ward-faults-'));
  const server = run('libs/clinical-io/src/fhir-server-main.ts', ['--supervised']);
  const [broker, program] = await Promise.all([startMosquitto(), bundleGateway()]);
  const rig = startRig(broker.port);
  const link = await openRoughLink(broker.port, createRandom(4));
  const upstream = String((await server.event('ready', 60_000))['baseUrl']);
  const front = await openFhirFront(upstream);
  try {
    const bundle = join(folder, 'model');
    cpSync(join(models, 'vitals-anomaly'), bundle, { recursive: true });
    const config = await writeWard(folder, patients, link.port, {
      fhir: { mode: 'server', baseUrl: front.baseUrl, timeoutMs: 1_000, bundleEntries: 10 },
      model: { folder: bundle, trustedKeysFile: join(models, 'trusted-keys.json') },
    });
    front.set('refused');
    const gateway = await openGateway(program.file, config);
    let live: LiveWard = { folder, broker, link, rig, gateway, station: await openStation(gateway.origin, 0) };
    const seen = await holdsWithin(60_000, () => rigTotals(rig)?.connected === patients && isSeen(live));
    check('every patient of the rig is seen', seen);
    await liedTo(live, check);
    await throughFaults(gateway, front, check);
    await brokerGone(live, outageMs, check);
    await roughWay(live, check);
    await withoutDisk(live, check);
    live = await withoutModel(live, { program: program.file, config, bundle }, check);
    await rig.stop(() => void rig.child.stdin?.end('{"command":"stop"}\n'));
    await nothingLostOrTwice(live.gateway, front, upstream, check);
    live.station.close();
    check('it stops cleanly at the end', (await live.gateway.stop()) === 0);
    writeFileSync(join(folder, 'log.vkey'), vkeyOf(folder));
    const verifier = run('libs/audit/src/audit-verify.ts', [
      '--log',
      join(folder, 'audit/log'),
      '--vkey',
      join(folder, 'log.vkey'),
      '--json',
    ]);
    // 20: whole in itself, and nobody outside was asked to keep checkpoints.
    const verdict = await verifier.stop(() => undefined);
    check(
      'the trail of all this is whole',
      verdict === 20,
      `the verifier ends with ${verdict}; 20 is sound without a witness`,
    );
  } finally {
    rig.child.kill('SIGKILL');
    server.child.kill('SIGKILL');
    await front.close();
    await link.close();
    program.remove();
    await broker.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
if (process.env['EDGE_WARD_FAULTS'] !== 'off') await suite('ward, faults', faults);
