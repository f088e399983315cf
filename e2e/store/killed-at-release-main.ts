// The releasing part of a store node: an hour goes to ledger and outbox, then it is killed when the ledger has the next hour and
// the outbox has not. Arguments: the node's configuration, and the bookmark that tells when the outbox has the first hour.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, silentLogger, storePlanSchema, type StoreView } from '@edge-blueprints/contracts';
import { readStoreConfig } from '../../apps/retail-analytics/src/config.js';
import { allowancesOf } from '../../apps/retail-analytics/src/privacy/budget-accounts.js';
import { openBudgetLedger } from '../../apps/retail-analytics/src/privacy/budget-ledger.js';
import { createSystemBits } from '../../apps/retail-analytics/src/privacy/random-bits.js';
import { createReleaser } from '../../apps/retail-analytics/src/privacy/releaser.js';
import { createReleaseDesk } from '../../apps/retail-analytics/src/store/release-desk.js';
import { openStoreTelemetry } from '../../apps/retail-analytics/src/telemetry/store-telemetry.js';

const hourMs = 3_600_000;
const [configFile = '', bookmark = ''] = process.argv.slice(2);
const config = readStoreConfig(configFile);
const { privacy } = config;
const plan = storePlanSchema.parse(JSON.parse(readFileSync(config.plan, 'utf8')));
const first = Math.floor(Date.now() / hourMs) - 4;
let nowMs = first * hourMs;
const clock = { epochMs: () => nowMs, monotonicMs: () => nowMs };
const bits = createSystemBits();
const { id: store, simulated } = config.store;
const ledger = openBudgetLedger({ store, config: privacy.ledger, allowances: allowancesOf(privacy), clock, bits });
const releaser = createReleaser({ store, simulated, config: privacy, ledger, bits, clock });
const telemetry = await openStoreTelemetry(config, {
  ...{ clock, random: createRandom(1), log: silentLogger, version: '0.0.0' },
  model: { bundle: 'none', version: '1.0.0', variant: 'fp32', provider: 'none' },
  // Asked for by a report, and none is due in this short life.
  view: (): StoreView => {
    throw new Error('There is no view.');
  },
  drops: () => ({}),
});
telemetry.catchUp([]);
let hour = first;
const desk = createReleaseDesk({
  measures: {
    due: () => [{ fromEpochMs: hour * hourMs, toEpochMs: (hour + 1) * hourMs, planRevision: plan.revision }],
    cut: () => [],
    take: (window) => ({ ...window, tracks: [], coverage: 1, qualityReasons: [] }),
  },
  releaser,
  plan,
  before: [],
  onRelease: (release) => {
    if (hour > first) process.kill(process.pid, 'SIGKILL');
    telemetry.released(release);
  },
  onRefusal: ({ reason }) => {
    throw new Error(reason);
  },
});
const endHour = (): void => {
  nowMs = (hour + 1) * hourMs;
  desk.tick(nowMs);
};
endHour();
const isStored = (): boolean => existsSync(bookmark) && /"entered": "/.test(readFileSync(bookmark, 'utf8'));
while (!isStored()) await pause(10);
hour += 1;
endHour();
process.exit(1);
