import { AlarmAnnouncer, HelpDialog, PageFrame, useHashRoute, usePageShortcuts } from '@edge-blueprints/web-kit';
import { useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { AuditView } from './audit/audit-view.js';
import { BedPage } from './bed/bed-view.js';
import { EmergenciesPage } from './emergencies/emergencies-view.js';
import { FeedContext, useAlarms, useFeedPart } from './feed/feed-context.js';
import { HandoverPage } from './handover/handover-view.js';
import { HistoryPage } from './history/history-view.js';
import { WardSessionProvider } from './session/ward-session.js';
import { Header } from './shell/header.js';
import { PrimaryAlarm } from './shell/primary-alarm.js';
import { parseRoute, routeHref } from './shell/route.js';
import type { Route } from './shell/route.js';
import { WaitingActs } from './shell/waiting-acts.js';
import { MonitoringLost, WardBanners } from './shell/ward-banners.js';
import { SoundLocked, useWardSound } from './sound/ward-sound.js';
import { strings } from './strings.js';
import styles from './app.module.css';
import { WardPage } from './ward/ward-view.js';

const wall = new URLSearchParams(window.location.search).has('wall');
const goto = (route: Route): void => void (window.location.hash = routeHref(route));
const keys: Readonly<Record<string, () => void>> = wall
  ? {}
  : {
      '1': () => goto({ page: 'ward' }),
      '2': () => goto({ page: 'handover' }),
      '3': () => goto({ page: 'history' }),
      '4': () => goto({ page: 'audit', search: '', entry: null }),
      '5': () => goto({ page: 'emergencies' }),
    };

function Page({ route }: { readonly route: Route }): ReactNode {
  switch (route.page) {
    case 'bed':
      return <BedPage key={route.bed} bed={route.bed} />;
    case 'handover':
      return <HandoverPage />;
    case 'history':
      return <HistoryPage />;
    case 'emergencies':
      return <EmergenciesPage />;
    case 'audit':
      return <AuditView search={route.search} entry={route.entry} />;
    default:
      return <WardPage wall={wall} />;
  }
}

export function App(): ReactNode {
  const hash = useHashRoute(parseRoute);
  const route: Route = wall ? { page: 'ward' } : hash;
  const [help, setHelp] = useState(false);
  const shortcuts = usePageShortcuts('ward-shortcuts', () => setHelp(true), keys);
  const link = useFeedPart((state) => state.link);
  const alarms = useAlarms();
  const feed = useContext(FeedContext);
  const state = useMemo(() => () => feed?.state() ?? emptyState, [feed]);
  useWardSound(state);
  const ward = useFeedPart(({ view }) => view?.ward ?? strings.product);
  const label = route.page === 'bed' ? strings.subject(route.bed) : strings.nav[route.page];
  useEffect(() => {
    document.title = `${link === 'lost' ? `${strings.lost.title} · ` : ''}${label} · ${ward}`;
  }, [label, ward, link]);
  useEffect(() => void window.scrollTo(0, 0), [label]);
  const announced = useMemo(
    () =>
      alarms.map((alarm) => ({
        id: `${alarm.alarmId}/${alarm.priority}`,
        severity: alarm.priority === 'PH' ? ('stop' as const) : ('act' as const),
        title: `${strings.priorities[alarm.priority]}, ${strings.subject(alarm.subject)}, ${strings.conditions[alarm.condition]}`,
        detail: alarm.text,
      })),
    [alarms],
  );
  return (
    <WardSessionProvider>
      <PageFrame
        page={route.page}
        connection={link === 'lost' ? 'lost' : link === 'connecting' ? 'connecting' : 'live'}
        kiosk={wall}
        head={
          <>
            {!wall && <Header route={route} onHelp={() => setHelp(true)} />}
            <SoundLocked />
            {link === 'lost' ? <MonitoringLost /> : <PrimaryAlarm wall={wall} />}
            <WardBanners />
            <WaitingActs wall={wall} />
          </>
        }
        foot={
          <>
            <footer className={styles.foot}>{strings.notDevice}</footer>
            <AlarmAnnouncer alarms={announced} />
          </>
        }
      >
        <Page route={route} />
      </PageFrame>
      <HelpDialog
        opened={help}
        onClose={() => setHelp(false)}
        shortcuts={shortcuts}
        rows={strings.help}
        note={strings.helpNote}
      />
    </WardSessionProvider>
  );
}

const emptyState = {
  view: null,
  receivedAtMs: null,
  alarms: [],
  link: 'connecting',
  beatMs: null,
  missed: 0,
} as const;
