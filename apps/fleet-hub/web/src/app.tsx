import { AlarmAnnouncer, HelpDialog, PageFrame, usePageShortcuts } from '@edge-blueprints/web-kit';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { AlertsView } from './alerts/alerts-view.js';
import { AuditView } from './audit/audit-view.js';
import { DeviceView } from './device/device-view.js';
import { DriftView } from './drift/drift-view.js';
import { useConnection, useFeedPart } from './feed/feed-context.js';
import { announcedAlerts } from './alerts/announced-alerts.js';
import { FleetView } from './fleet/fleet-view.js';
import { fleetRoute, parseRoute } from './hub-route.js';
import type { Route } from './hub-route.js';
import { LabelsView } from './labels/labels-view.js';
import { FleetBar } from './shell/fleet-bar.js';
import { Header } from './shell/header.js';
import { usePageEntry } from './shell/use-page-entry.js';
import { strings } from './strings.js';
import { navigate, useRoute } from './use-hub-route.js';
import { StoresView } from './stores/stores-view.js';
import { UsersView } from './users/users-view.js';

const kiosk = new URLSearchParams(window.location.search).has('kiosk');

function Page({ route }: { readonly route: Route }): ReactNode {
  usePageEntry(route);
  switch (route.page) {
    case 'fleet':
      return <FleetView filter={route.filter} as={route.as} />;
    case 'device':
      return <DeviceView key={`${route.site}/${route.device}`} site={route.site} device={route.device} />;
    case 'drift':
      return <DriftView site={route.site} device={route.device} />;
    case 'labels':
      return <LabelsView />;
    case 'alerts':
      return <AlertsView state={route.state} />;
    case 'audit':
      return <AuditView search={route.search} />;
    case 'stores':
      return <StoresView />;
    case 'users':
      return <UsersView />;
  }
}

const keys: Readonly<Record<string, () => void>> = {
  '1': () => navigate(fleetRoute),
  '2': () => navigate({ page: 'drift', site: null, device: null }),
  '3': () => navigate({ page: 'labels' }),
  '4': () => navigate({ page: 'alerts', state: 'open' }),
  '5': () => navigate({ page: 'audit', search: '' }),
  '6': () => navigate({ page: 'stores' }),
  '7': () => navigate({ page: 'users' }),
  m: () => {
    const route = parseRoute(window.location.hash);
    if (route.page === 'fleet') navigate({ ...route, as: route.as === 'table' ? 'matrix' : 'table' });
  },
  '/': () => document.querySelector<HTMLElement>('[data-search]')?.focus(),
};

export function App(): ReactNode {
  const route = useRoute();
  const connection = useConnection();
  const alerts = useFeedPart((state) => state.alerts);
  const [help, setHelp] = useState(false);
  const shortcuts = usePageShortcuts('hub-shortcuts', () => setHelp(true), keys);
  const announced = useMemo(() => announcedAlerts(alerts), [alerts]);
  return (
    <>
      <PageFrame
        page={route.page}
        connection={connection}
        kiosk={kiosk}
        head={
          <>
            <Header route={route} onHelp={() => setHelp(true)} />
            <FleetBar />
          </>
        }
        foot={<AlarmAnnouncer alarms={announced} />}
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
    </>
  );
}
