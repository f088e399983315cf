import type { StationView } from '@edge-blueprints/contracts';
import { formatCount, shortDigest } from '../format.js';
import { strings } from '../strings.js';

export interface SystemRow {
  readonly name: string;
  readonly word: string;
  readonly detail: string;
  /** Asks for an act; `stop` when the line cannot run with it. */
  readonly state: 'ok' | 'act' | 'stop' | 'off';
}

export const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export function totalDrops(drops: Readonly<Record<string, number>>): number {
  return Object.values(drops).reduce((sum, count) => sum + count, 0);
}

/** The parts around the model, one line each: name, state, the one detail that a shift lead asks for. */
export function systemRows(view: StationView): readonly SystemRow[] {
  const { plc, camera, engine, mes, golden } = view;
  const drops = totalDrops(view.drops);
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
      state:
        golden.state === 'passed'
          ? 'ok'
          : golden.state === 'failed'
            ? 'stop'
            : golden.state === 'running'
              ? 'off'
              : 'act',
    },
    {
      name: strings.systems.mes,
      word: strings.mes.states[mes.state],
      detail: `${formatCount(mes.delivered)} / ${formatCount(mes.pending)} ${strings.mes.pending.toLowerCase()}`,
      state: mes.state === 'failing' || mes.dropped > 0 ? 'act' : mes.state === 'off' ? 'off' : 'ok',
    },
    {
      name: strings.systems.drops,
      word: drops === 0 ? strings.drops.noneShort : formatCount(drops),
      detail: Object.entries(view.drops)
        .filter(([, count]) => count > 0)
        .map(([cause, count]) => `${cause} ${formatCount(count)}`)
        .join(', '),
      state: drops === 0 ? 'ok' : 'act',
    },
  ];
}
