import { createDashboardServer } from '@edge-blueprints/dashboard';
import { stationChannels } from '@edge-blueprints/contracts';
import type { WardView } from '@edge-blueprints/contracts';
import { closeInReverse } from '@edge-blueprints/pipeline';
import { ruleOf } from './alarms/alarm-config.js';
import { createAlarmDesk } from './alarms/alarm-desk.js';
import { isAcknowledged } from './alarms/is-acknowledged.js';
import { wardRoutes } from './api/ward-routes.js';
import type { WardConfig } from './config.js';
import { createDataPath } from './data-path.js';
import { watchStalls, type GatewayFigures } from './gateway-figures.js';
import { createAssociationBook } from './ingest/association-book.js';
import { createIngest } from './ingest/ingest.js';
import { createLimitBook } from './limits/limit-book.js';
import { createWardWatch } from './limits/ward-watch.js';
import { openWardAdvisories } from './open-advisories.js';
import { openWardBroker } from './open-broker.js';
import { openPeople } from './open-people.js';
import { openRecord } from './open-record.js';
import { openSelf } from './open-self.js';
import { openRecordLinks } from './record-links.js';
import { createObservationDesk } from './scores/observations/observation-desk.js';
import { createStations, type StationsStatus } from './station/stations.js';
import { admitConfigured } from './ward/admissions.js';
import { createBedside } from './ward/bedside.js';
import { buildHandover, shiftStart } from './ward/handover.js';
import { openIdentityBook } from './ward/identity-book.js';
import { createSnapshotWriter, readSnapshot } from './ward/snapshot.js';
import { openTrendFile } from './ward/trend-file.js';
import { createVitalHistory } from './ward/vital-history.js';
import { createWardConditions } from './ward/ward-conditions.js';
import type { HeardWard, OpenWardListener } from './ward/ward-listener.js';
import { createWardViews } from './ward/ward-view.js';
import type { WardSurroundings } from './ward-surroundings.js';
import { startWardLoop } from './ward-loop.js';

export interface WardGateway {
  readonly pagePort: number;
  /** Of the embedded broker; null where another one is used. */
  readonly mqttPort: number | null;
  stations(): StationsStatus;
  figures(): GatewayFigures;
  close(): Promise<void>;
}

type Closers = (() => void | Promise<void>)[];

/** Opens what hears the ward beside the path, for example its FHIR record. */
export type OpenListener = (ward: HeardWard) => Promise<OpenWardListener>;

/** Opens the whole gateway of one ward; what was opened is closed again where a later part fails. */
export async function openWardGateway(
  config: WardConfig,
  surroundings: WardSurroundings,
  openListener?: OpenListener,
): Promise<WardGateway> {
  const closers: Closers = [];
  try {
    return await assemble(config, surroundings, openListener, closers);
  } catch (error) {
    await closeInReverse(closers);
    throw error;
  }
}

async function assemble(
  config: WardConfig,
  surroundings: WardSurroundings,
  openListener: OpenListener | undefined,
  closers: Closers,
): Promise<WardGateway> {
  const { clock, log: logger, newId, random, machineBoot } = surroundings;
  const boot = `${newId()}${newId()}`;
  const record = await openRecord(config, boot, surroundings, closers);
  const { log: trail, now, wallOf, alarmBook, clockWatch } = record;
  const links = await openRecordLinks(config.audit, trail, { epochMs: clock.epochMs, logger });
  closers.push(links.close);

  const restored = readSnapshot(config.stateFolder);
  const { mostDevices } = config.ingest;
  const mostBeds = config.beds.length;
  const observations = createObservationDesk({
    ...{ trail, settings: config.observations, restored: restored?.beds ?? [] },
  });
  const book = createAssociationBook({ trail, mostDevices, restored: restored?.associations ?? [] });
  const limits = createLimitBook({ trail, ward: config.limits, mostBeds, restored: restored?.limits ?? [] });
  const ingest = createIngest({
    ...{ site: config.site, ward: config.ward, settings: config.ingest, book, trail },
    restored: restored?.clocks ?? [],
  });
  const save = createSnapshotWriter(config.stateFolder, { desk: observations, book, limits, ingest });
  closers.push(save);
  const identities = openIdentityBook(config.stateFolder);
  const watch = createWardWatch({
    ...{ settings: config.watch, desk: observations, book, limits },
    delayMs: (condition) => ruleOf(config.alarms, 'ward', condition).delayMs,
    isAnswered: (bed, condition) => isAcknowledged(alarms.view().alarms, bed, condition),
  });
  const bedside = createBedside({ staleMs: config.watch.watch.staleMs, mostDevices });
  const history = createVitalHistory(mostBeds);
  const trends = openTrendFile(config.stateFolder, history, logger);
  const patientSince = (subject: string) => observations.score(subject, now())?.startedMs;
  await trends.restore(patientSince, now());
  closers.push(trends.save);
  const people = openPeople(config, trail, now, surroundings);
  const { users, access, breakGlass, secondPerson } = people;

  const listener = await openListener?.({
    ...{ site: config.site, ward: config.ward, now, trail },
    patientSince,
    chainOf: () => config.chain,
  });
  if (listener !== undefined) closers.push(listener.close);

  let latest: WardView | undefined;
  const { silentAfterMs, fewest } = config.stations;
  const stations = createStations({
    ...{ now, trail, view: () => latest, silentAfterMs, names: people.stationNames },
    onDelivery: (delivery) => listener?.delivery(delivery),
  });
  const alarms = await createAlarmDesk({
    journal: record.journal,
    audit: trail,
    now,
    start: {
      ...{ boot, machineBoot },
      monotonicMs: Math.floor(clock.monotonicMs()),
      epochMs: Math.floor(clock.epochMs()),
    },
    config: config.alarms,
    publish(transitions) {
      alarmBook.take(transitions, wallOf);
      stations.tell(transitions);
      listener?.transitions(transitions);
    },
  });
  closers.push(() => alarms.settled());
  const recovered = alarms.view().alarms;
  watch.adopt(recovered, now());
  if (JSON.stringify(alarms.state().rosters['ward'] ?? []) !== JSON.stringify(config.chain))
    alarms.assign({ subject: 'ward', chain: config.chain });
  await admitConfigured(config.admissions, { observations, book, limits, identities, now });
  save();

  const records = observations.snapshot;
  const modelParts: Parameters<typeof openWardAdvisories>[1] = {
    ...{ alarms, trail, records, now },
    onOutcome: (bed, outcome, atMs) => listener?.advisory(bed, outcome, atMs),
  };
  const advisories = await openWardAdvisories(config.model, modelParts, { logger, closers });
  const advisoryOf = (bed: string) => advisories?.view(bed) ?? null;
  const path = createDataPath({
    ...{ ingest, watch, observations, alarms, bedside, history, advisories, listener, clockWatch, now },
  });
  const broker = await openWardBroker(config, { clock, random, log: logger, onMessage: path.receive });
  closers.push(broker.close);
  const views = createWardViews({
    ...{ beds: config.beds, desk: observations, book, bedside, history, limits, advisoryOf, beyond: watch.beyond },
  });
  let [rateMs, received, samplesPerS] = [now(), 0, 0];
  const look = (): WardView => {
    const nowMs = now();
    const counted = ingest.counters();
    if (nowMs - rateMs >= 2_000) {
      samplesPerS = Math.round((1_000 * (counted.accepted - received)) / (nowMs - rateMs));
      [rateMs, received] = [nowMs, counted.accepted];
    }
    const desk = alarms.view();
    latest = views.build(
      {
        ...{ site: config.site, ward: config.ward, simulated: config.simulated, nowMs },
        wallMs: clock.epochMs(),
        gateway: {
          boot,
          clockSynced: clockWatch.state().synced,
          auditFailed: desk.unrecordedSinceMs !== undefined,
          brokerLost: !broker.connected(),
          fhirWaiting: listener?.waiting() ?? 0,
          siemWaiting: links.siemWaiting(),
          samplesPerS,
          dropped: counted.rejected + Math.max(0, counted.lost - counted.recovered) + desk.dropped,
        },
        offset: stations.status().offset,
        ...{ proposals: secondPerson.waiting(), breakGlass: breakGlass.open() },
      },
      desk,
    );
    return latest;
  };
  look();

  const server = await createDashboardServer(
    {
      config: config.dashboard,
      staticFolder: config.pageFolder,
      access,
      // A wall display has no session; what it hears names nobody.
      liveAccess: 'public',
      plainRemote: 'refused',
      inbound: stations.inbound,
      routes: wardRoutes({
        ...{ users, trail, nowMs: clock.monotonicMs, alarms, observations, book, history, identities, now, save },
        ...{ limits, breakGlass, secondPerson, standing: breakGlass.standing },
        shelveOverMinutes: config.secondPerson.shelveOverMinutes,
        beds: new Set(config.beds.map(({ bed }) => bed)),
        wallMs: clock.epochMs,
        view: () => latest ?? look(),
        records: alarmBook.records,
        handover: () => {
          const wallMs = clock.epochMs();
          const fromMs = shiftStart(wallMs, config.shiftStartHours);
          return buildHandover(latest ?? look(), alarmBook.records(), history, { wallMs, fromMs });
        },
        onObservation: (entry) => listener?.observation(entry),
        onPatient(bed) {
          bedside.clear(bed);
          history.clear(bed);
          advisories?.clear(bed);
        },
        log: trail,
        vkeys: [record.vkey, ...(links.witnessVkey === undefined ? [] : [links.witnessVkey])],
      }),
    },
    { logger, nowMs: clock.monotonicMs },
  );
  closers.push(server.close);
  const judge = createWardConditions({
    ...{ alarms, recovered, awayMs: record.awayMs, nowMs: now() },
    ...{ fewestStations: fewest, stationSilentMs: silentAfterMs },
  });
  const self = openSelf(config, {
    ...{ trail, clockWatch, freeRoom: surroundings.freeRoom, now },
    waiting: () => ({ 'The SIEM': links.siemWaiting(), 'The FHIR server': listener?.waiting() ?? 0 }),
  });
  closers.push(
    startWardLoop({
      logger,
      ...{ now, save },
      alarms,
      everySecond() {
        const brokerLost = !broker.connected();
        path.tick({ brokerLost });
        people.tick();
        const { live: liveStations, missing: missingStations } = stations.status();
        judge({ ...self(), brokerLost, trail: trail.status().fault, liveStations, missingStations }, now());
        server.publish(stationChannels.beat, now());
      },
      everyView() {
        stations.tick();
        server.publish(stationChannels.view, look());
      },
      everyTrend: () => void trends.save(),
      heartbeat: () => broker.heartbeat({ online: true, boot, atMs: now() }),
    }),
  );
  const stalls = watchStalls();
  closers.push(stalls.close);
  return {
    pagePort: server.port,
    mqttPort: broker.port,
    stations: stations.status,
    figures: () => ({
      stations: stations.status(),
      ingest: ingest.counters(),
      longestStallMs: stalls.longestMs(),
      heapBytes: process.memoryUsage().heapUsed,
    }),
    close: () => closeInReverse(closers.splice(0)),
  };
}
