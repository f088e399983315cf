import {
  AlarmAnnouncer,
  HelpDialog,
  PageFrame,
  PinSession,
  useHashRoute,
  usePageShortcuts,
} from '@edge-blueprints/web-kit';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useStatus } from './feed/store-status.js';
import { CamerasView } from './cameras/cameras-view.js';
import { HoursView } from './hours/hours-view.js';
import { NowView } from './now/now-view.js';
import { PlanDraftProvider } from './plan-editor/plan-draft.js';
import { PlanView } from './plan-editor/plan-view.js';
import { PrivacyView } from './privacy/privacy-view.js';
import { useApi } from './session/store-api.js';
import { Header } from './shell/header.js';
import { pages, parseRoute, routeHref } from './shell/route.js';
import type { Route } from './shell/route.js';
import { StoreBar } from './shell/store-bar.js';
import { ZonesView } from './zones/zones-view.js';
import { strings } from './strings.js';

const kiosk = new URLSearchParams(window.location.search).has('kiosk');
const keys = Object.fromEntries(
  pages.map((page, i) => [String(i + 1), () => void (window.location.hash = routeHref({ page }))]),
);

const views: Readonly<Record<Route['page'], () => ReactNode>> = {
  now: NowView,
  hours: HoursView,
  zones: ZonesView,
  cameras: CamerasView,
  plan: PlanView,
  privacy: PrivacyView,
};

export function App(): ReactNode {
  const { page } = useHashRoute(parseRoute);
  const { connection, view, alarms } = useStatus();
  const [help, setHelp] = useState(false);
  const shortcuts = usePageShortcuts('store-shortcuts', () => setHelp(true), keys);
  const store = view?.plan.name ?? strings.product;
  useEffect(() => {
    document.title = `${strings.nav[page]} · ${store}`;
    window.scrollTo(0, 0);
  }, [page, store]);
  const View = views[page];
  return (
    <PinSession api={useApi()} words={strings.signIn}>
      <PageFrame
        page={page}
        connection={connection}
        kiosk={kiosk}
        head={
          <>
            <Header route={{ page }} onHelp={() => setHelp(true)} />
            <StoreBar />
          </>
        }
        foot={<AlarmAnnouncer alarms={alarms} />}
      >
        <PlanDraftProvider>
          <View />
        </PlanDraftProvider>
      </PageFrame>
      <HelpDialog
        opened={help}
        onClose={() => setHelp(false)}
        shortcuts={shortcuts}
        rows={strings.help.rows}
        note={strings.help.kiosk}
      />
    </PinSession>
  );
}
