import type { StationView } from '@edge-blueprints/contracts';
import { formatCount, shortDigest } from '@edge-blueprints/web-kit';
import { goldenAsks } from '../golden/golden-asks.js';
import { strings } from '../strings.js';
import { dropRows, hasLoss, totalDrops } from './drop-rows.js';
import { hubDetail, hubInShort, hubState } from './hub-state.js';

export interface SystemRow {
  readonly name: string;
  readonly word: string;
  readonly detail: string;
  /** More than the row has room for; the panel of the system on the health page says it too. */
  readonly title?: string;
  /** Asks for an act; `stop` when the line cannot run with it. */
  readonly state: 'ok' | 'act' | 'stop' | 'off';
}

export const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The parts around the model, one line each: name, state, the one detail that a shift lead asks for. No hub, no row. */
export function systemRows(view: StationView): readonly SystemRow[] {
  const { plc, camera, engine, mes, golden, uplink } = view;
  const causes = dropRows(view.drops);
  const drops = totalDrops(causes);
  const plcOk = plc.connected && plc.peerHeartbeatAlive && plc.mapAccepted && plc.state !== 'error';
  return [
    {
      name: strings.systems.plc,
      word: plc.connected ? strings.plc.states[plc.state] : strings.plc.notConnected,
      detail: !plc.connected
        ? ''
        : !plc.mapAccepted
          ? strings.plc.mapRefused
          : plc.peerHeartbeatAlive
            ? strings.plc.heartbeatAlive
            : strings.plc.heartbeatDead,
      state: plcOk ? 'ok' : 'stop',
    },
    {
      name: strings.systems.camera,
      word: camera.connected ? strings.camera.connected : strings.camera.notConnected,
      detail: camera.id,
      state: camera.connected ? 'ok' : 'stop',
    },
    {
      name: strings.systems.engine,
      word: capitalised(engine.state),
      detail:
        engine.degradationLevel > 0
          ? engine.degradationReason
          : `${engine.variant}, ${engine.provider}, ${shortDigest(engine.modelDigest)}`,
      state: engine.state === 'failed' ? 'stop' : engine.degradationLevel > 0 ? 'act' : 'ok',
    },
    {
      name: strings.systems.golden,
      word: strings.golden.states[golden.state],
      detail: golden.detail,
      state: goldenAsks(view) ?? (golden.state === 'passed' ? 'ok' : 'off'),
    },
    {
      name: strings.systems.mes,
      word: strings.mes.states[mes.state],
      detail: strings.mes.summary(formatCount(mes.delivered), formatCount(mes.pending)),
      state: mes.state === 'failing' || mes.dropped > 0 ? 'act' : mes.state === 'off' ? 'off' : 'ok',
    },
    ...(uplink === null
      ? []
      : [
          {
            name: strings.systems.hub,
            word: uplink.criticalFull ? strings.hub.full : strings.hub.states[uplink.state],
            detail: hubInShort(uplink),
            title: hubDetail(uplink),
            state: hubState(uplink),
          },
        ]),
    {
      name: strings.systems.drops,
      word: drops === 0 ? strings.drops.noneShort : formatCount(drops),
      detail: causes
        .filter((row) => row.count > 0 && row.kind !== 'routine')
        .map((row) => `${row.name} ${formatCount(row.count)}`)
        .join(', '),
      state: hasLoss(causes) ? 'act' : drops === 0 ? 'ok' : 'off',
    },
  ];
}
