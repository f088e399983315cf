import type { StationView } from '@edge-blueprints/contracts';
import { formatCount, withLocalTimes } from '@edge-blueprints/web-kit';
import type { Connection } from '@edge-blueprints/web-kit';
import type { Route } from '../shell/route.js';
import { strings } from '../strings.js';
import { goldenAsks } from '../golden/golden-asks.js';
import { dropRows, hasLoss } from '../systems/drop-rows.js';

/** `stop`: a fault stopped the line, or parts are rejected unseen. `act`: somebody here has to do something. */
export type Severity = 'stop' | 'act';

export interface Alarm {
  /** Stable while the cause lasts, so that a live region says it once. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  /** Where the evidence is. */
  readonly route: Route;
}

const health: Route = { page: 'health' };
const frameSilenceMs = 10_000;

type Rule = (view: StationView) => Alarm | null | readonly Alarm[];

function alarm(id: string, severity: Severity, title: string, detail: string, route: Route = health): Alarm {
  return { id, severity, title, detail, route };
}

const text = strings.alarms;

const rules: readonly Rule[] = [
  (view) => {
    if (view.lineState === 'Aborted') return alarm('line-aborted', 'stop', text.aborted, view.lineStateReason);
    if (view.lineState === 'Held') return alarm('line-held', 'act', text.held, view.lineStateReason);
    return null;
  },
  ({ plc }) => (plc.connected ? null : alarm('plc-gone', 'stop', text.plcGone, text.plcGoneDetail)),
  ({ plc }) =>
    plc.connected && !plc.peerHeartbeatAlive ? alarm('plc-frozen', 'stop', text.plcFrozen, text.plcFrozenDetail) : null,
  ({ plc }) => (plc.connected && !plc.mapAccepted ? alarm('plc-map', 'stop', text.plcMap, text.plcMapDetail) : null),
  ({ plc }) => (plc.state === 'error' ? alarm('plc-error', 'stop', text.plcError, text.plcErrorDetail) : null),
  ({ camera }) =>
    camera.connected ? null : alarm('camera-gone', 'stop', text.cameraGone, text.cameraGoneDetail(camera.id)),
  ({ camera, lineState, at }) =>
    camera.connected &&
    lineState === 'Execute' &&
    camera.lastFrameAt !== null &&
    Date.parse(at) - Date.parse(camera.lastFrameAt) > frameSilenceMs
      ? alarm('camera-silent', 'act', text.cameraSilent, text.cameraSilentDetail)
      : null,
  (view) => {
    const { golden } = view;
    if (golden.state === 'failed') return alarm('golden-failed', 'stop', text.goldenFailed, golden.detail);
    if (golden.state === 'bypassed') return alarm('golden-bypassed', 'act', text.goldenBypassed, golden.detail);
    if (goldenAsks(view) !== null) return alarm('golden-due', 'act', text.goldenDue, golden.detail);
    return null;
  },
  ({ engine }) =>
    engine.state === 'failed' || engine.state === 'disposed'
      ? alarm('engine-failed', 'stop', text.engineFailed, engine.degradationReason || text.engineFailedDetail)
      : null,
  ({ engine }) =>
    engine.state !== 'failed' && engine.degradationLevel > 0
      ? alarm('engine-degraded', 'act', text.engineDegraded, engine.degradationReason)
      : null,
  (view) =>
    view.recent.length > 0 && view.captureToActBudgetMs <= 0
      ? alarm('budget-gone', 'act', text.budgetGone, text.budgetGoneDetail)
      : null,
  ({ mes }) =>
    mes.state === 'failing'
      ? alarm('mes-failing', 'act', text.mesFailing, text.mesFailingDetail(mes.pending, mes.lastError))
      : null,
  ({ mes }) =>
    mes.dropped > 0 ? alarm('mes-dropped', 'act', text.mesDropped, text.mesDroppedDetail(mes.dropped)) : null,
  ({ drops }) =>
    hasLoss(dropRows(drops)) ? alarm('records-lost', 'act', text.recordsLost, text.recordsLostDetail) : null,
  ({ pChart }) => {
    const last = pChart[pChart.length - 1];
    return last && last.signals.length > 0
      ? alarm('p-chart', 'act', text.pChart, text.pChartDetail(last.signals.map((rule) => strings.spc.rule(rule))), {
          page: 'evidence',
          verdict: 'reject',
        })
      : null;
  },
  ({ uplink }) =>
    uplink?.criticalFull === true
      ? alarm('hub-full', 'act', text.hubFull, text.hubFullDetail(formatCount(uplink.pending.critical)))
      : null,
  // Last: drift asks for a look at pictures or lamps, never before what the line needs now.
  ({ drift }) =>
    (drift?.alarms ?? []).map(({ alarm: id, feature, explanation }) =>
      alarm(id, 'act', text.drift(feature), withLocalTimes(explanation)),
    ),
];

/** Everything that asks somebody to act, stops first. A view that is no longer true raises nothing but its own loss. */
export function alarmsOf(view: StationView | null, connection: Connection): readonly Alarm[] {
  if (connection === 'lost') return [alarm('connection-lost', 'stop', text.connectionLost, text.connectionLostDetail)];
  if (view === null) return [];
  const raised = rules.flatMap((rule) => rule(view) ?? []);
  return [...raised.filter((each) => each.severity === 'stop'), ...raised.filter((each) => each.severity === 'act')];
}
