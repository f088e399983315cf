import { useState } from 'react';
import type { ReactNode } from 'react';
import { FeedStatusContext } from './feed/feed-status.js';
import { useFeedStatus } from './feed/use-feed-status.js';
import { AlarmAnnouncer } from './line/alarm-announcer.js';
import { StateBar } from './line/state-bar.js';
import { SessionProvider } from './session/session-provider.js';
import styles from './app.module.css';
import { Header } from './shell/header.js';
import { HelpDialog } from './shell/help-dialog.js';
import type { Route } from './shell/route.js';
import { usePageEntry } from './shell/use-page-entry.js';
import { useRoute } from './shell/use-route.js';
import { useShortcuts } from './shell/use-shortcuts.js';
import { strings } from './strings.js';
import { EvidenceView } from './views/evidence-view.js';
import { HealthView } from './views/health-view.js';
import { OverviewView } from './views/overview-view.js';
import { PartView } from './views/part-view.js';
import { ThresholdsView } from './views/thresholds-view.js';

const kiosk = new URLSearchParams(window.location.search).has('kiosk');

function Page({ route }: { readonly route: Route }): ReactNode {
  usePageEntry(route);
  switch (route.page) {
    case 'overview':
      return <OverviewView />;
    case 'evidence':
      return <EvidenceView verdict={route.verdict} />;
    case 'part':
      return <PartView key={route.resultId} resultId={route.resultId} />;
    case 'thresholds':
      return <ThresholdsView classIndex={route.classIndex} />;
    case 'health':
      return <HealthView />;
  }
}

export function App(): ReactNode {
  const route = useRoute();
  const status = useFeedStatus();
  const [help, setHelp] = useState(false);
  const shortcuts = useShortcuts(() => setHelp(true));
  return (
    <FeedStatusContext.Provider value={status}>
      <SessionProvider>
        <div className={kiosk ? `${styles.app} ${styles.kiosk}` : styles.app} data-connection={status.connection}>
          <a className={styles.skip} href="#content" onClick={skipToContent}>
            {strings.skip}
          </a>
          <Header route={route} onHelp={() => setHelp(true)} />
          <StateBar />
          <main id="content" tabIndex={-1} className={styles.main} data-page={route.page}>
            <Page route={route} />
          </main>
          <AlarmAnnouncer />
        </div>
        <HelpDialog opened={help} onClose={() => setHelp(false)} shortcuts={shortcuts} />
      </SessionProvider>
    </FeedStatusContext.Provider>
  );
}

/** The hash belongs to the router, so the skip link moves the focus itself. */
function skipToContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
