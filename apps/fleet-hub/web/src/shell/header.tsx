import { Button } from '@mantine/core';
import { DataAge, formatCount, PageHeader, PersonIcon } from '@edge-blueprints/web-kit';
import type { PageEntry } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useConnection, useFeedPart } from '../feed/feed-context.js';
import { fleetRoute, routeHref } from '../hub-route.js';
import type { Route } from '../hub-route.js';
import { AccountDialog } from '../session/account-dialog.js';
import { useSession } from '../session/session-context.js';
import { strings } from '../strings.js';
import styles from './header.module.css';

interface Props {
  readonly route: Route;
  onHelp(): void;
}

export function Header({ route, onHelp }: Props): ReactNode {
  const connection = useConnection();
  const fleet = useFeedPart((state) => state.fleet);
  const receivedAtMs = useFeedPart((state) => state.receivedAtMs);
  const simulated = useFeedPart((state) => state.devices.some((row) => row.simulated));
  const session = useSession();
  const [account, setAccount] = useState(false);
  const who = strings.session.as(session.name, strings.roles[session.role]);
  const entry = (name: string, to: Route, pages: readonly Route['page'][], count?: number): PageEntry => ({
    name,
    href: routeHref(to),
    current: pages.includes(route.page),
    ...(count === undefined || count === 0 ? {} : { beside: formatCount(count) }),
  });
  const marks = [
    ...(simulated ? [{ word: strings.rig, detail: strings.rigDetail }] : []),
    ...(session.secure ? [] : [{ word: strings.shell.plain, detail: strings.shell.plainDetail }]),
  ];
  return (
    <PageHeader
      product={strings.product}
      place=""
      marks={marks}
      entries={[
        entry(strings.nav.fleet, fleetRoute, ['fleet', 'device']),
        entry(strings.nav.drift, { page: 'drift', site: null, device: null }, ['drift']),
        entry(strings.nav.stores, { page: 'stores' }, ['stores']),
        entry(strings.nav.labels, { page: 'labels' }, ['labels'], fleet?.openLabels),
        entry(strings.nav.alerts, { page: 'alerts', state: 'open' }, ['alerts'], fleet?.openAlerts),
        entry(strings.nav.audit, { page: 'audit', search: '' }, ['audit']),
        ...(session.may('admin') ? [entry(strings.nav.users, { page: 'users' }, ['users'])] : []),
      ]}
      onHelp={onHelp}
    >
      <DataAge connection={connection} viewAt={fleet?.at ?? null} receivedAtMs={receivedAtMs} />
      <Button
        variant="default"
        size="sm"
        className={styles.account ?? ''}
        aria-label={strings.account.open(who)}
        title={strings.account.open(who)}
        onClick={() => setAccount(true)}
      >
        <PersonIcon />
        <span className={styles.who}>{who}</span>
      </Button>
      {account && <AccountDialog onClose={() => setAccount(false)} />}
    </PageHeader>
  );
}
