import { AlarmAnnouncer, HelpDialog, PageFrame } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { FeedStatusContext } from './feed/feed-status.js';
import { useFeedStatus } from './feed/use-feed-status.js';
import { LineBar } from './line/line-bar.js';
import { SessionProvider } from './session/session-provider.js';
import { Header } from './shell/header.js';
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
        <PageFrame
          page={route.page}
          connection={status.connection}
          kiosk={kiosk}
          head={
            <>
              <Header route={route} onHelp={() => setHelp(true)} />
              <LineBar />
            </>
          }
          foot={<AlarmAnnouncer alarms={status.alarms} />}
        >
          <Page route={route} />
        </PageFrame>
        <HelpDialog
          opened={help}
          onClose={() => setHelp(false)}
          shortcuts={shortcuts}
          rows={strings.help.rows}
          note={strings.help.kiosk}
        />
      </SessionProvider>
    </FeedStatusContext.Provider>
  );
}
