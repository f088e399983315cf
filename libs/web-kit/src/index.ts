export { chartColours, chartFont } from './charts/chart-colours.js';
export type { ChartColours } from './charts/chart-colours.js';
export { DistributionChart, DistributionLegend } from './charts/distribution-chart.js';
export { LineChart } from './charts/line-chart.js';
export { AlarmAnnouncer } from './feed/alarm-announcer.js';
export type { AnnouncedAlarm } from './feed/alarm-announcer.js';
export { ConnectionLost } from './feed/connection-lost.js';
export { connectionAt, stampAgeMs } from './feed/staleness.js';
export type { Connection, ConnectionFacts, SilenceLimits } from './feed/staleness.js';
export { StateBar, StateBarWaiting } from './feed/state-bar.js';
export type { StateBarAlarm } from './feed/state-bar.js';
export { useAtNow, useNow } from './feed/use-now.js';
export { createViewFeed } from './feed/view-feed.js';
export type { ViewFeed, ViewFeedState, ViewSocket } from './feed/view-feed.js';
export { KpiTile } from './figures/kpi-tile.js';
export { RangeBar } from './figures/range-bar.js';
export { default as tableStyles } from './figures/tables.module.css';
export { StateWord } from './figures/state-word.js';
export { default as kpiStyles } from './figures/kpi-tiles.module.css';
export {
  formatAge,
  formatChance,
  formatCount,
  formatDateTime,
  formatFigure,
  formatMs,
  formatPercent,
  formatScore,
  formatShortTime,
  formatTime,
  shortDigest,
  withLocalTimes,
} from './format.js';
export { fitPicture } from './picture/box-scaling.js';
export type { Fit } from './picture/box-scaling.js';
export type { Overlay, Picture } from './picture/draw-picture.js';
export { nearThreshold } from './picture/near-threshold.js';
export { PictureCanvas } from './picture/picture-canvas.js';
export { useFlicker } from './picture/use-flicker.js';
export { useStoredPicture } from './picture/use-stored-picture.js';
export type { StoredPicture } from './picture/use-stored-picture.js';
export { ApiError, asApiError } from './session/api-error.js';
export { Consequences } from './session/consequences.js';
export { default as formStyles } from './session/form.module.css';
export { createJsonClient } from './session/json-client.js';
export type { Fetch, JsonCall, JsonClientOptions } from './session/json-client.js';
export { PinSession, useSession } from './session/pin-session.js';
export type { PinApi, Session } from './session/pin-session.js';
export { isReason, reasonLength } from './session/reason.js';
export { ReasonInput } from './session/reason-input.js';
export { RequestFault } from './session/request-fault.js';
export type { SignInWords } from './session/sign-in-dialog.js';
export { useRequest } from './session/use-request.js';
export type { Request } from './session/use-request.js';
export { DataAge } from './shell/data-age.js';
export { Dialog } from './shell/dialog.js';
export { Facts } from './shell/facts.js';
export type { Fact } from './shell/facts.js';
export { FaultBoundary } from './shell/fault-boundary.js';
export { hashParts, useHashRoute } from './shell/hash-route.js';
export { HelpDialog } from './shell/help-dialog.js';
export { ArrowIcon, HelpIcon, PersonIcon, SchemeIcon } from './shell/icons.js';
export { Mark } from './shell/mark.js';
export type { MarkKind } from './shell/mark.js';
export { PageFrame } from './shell/page-frame.js';
export { PageHeader } from './shell/page-header.js';
export type { PageEntry } from './shell/page-header.js';
export { isForPage, shortcutsEnabled, usePageShortcuts } from './shell/page-shortcuts.js';
export type { Shortcuts } from './shell/page-shortcuts.js';
export { Panel } from './shell/panel.js';
export { startPage } from './shell/start-page.js';
export { kitStrings } from './strings.js';
