import { Button } from '@mantine/core';
import { DataAge, PageHeader } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { useStatus } from '../feed/feed-status.js';
import { useSession } from '../session/session-provider.js';
import { strings } from '../strings.js';
import styles from './header.module.css';
import { routeHref } from './route.js';
import type { Route } from './route.js';

interface Props {
  readonly route: Route;
  onHelp(): void;
}

const entries: readonly { readonly name: string; readonly route: Route; readonly pages: readonly Route['page'][] }[] = [
  { name: strings.nav.overview, route: { page: 'overview' }, pages: ['overview'] },
  { name: strings.nav.evidence, route: { page: 'evidence', verdict: 'reject' }, pages: ['evidence', 'part'] },
  { name: strings.nav.thresholds, route: { page: 'thresholds', classIndex: null }, pages: ['thresholds'] },
  { name: strings.nav.health, route: { page: 'health' }, pages: ['health'] },
];

export function Header({ route, onHelp }: Props): ReactNode {
  const { connection, view, receivedAtMs } = useStatus();
  const session = useSession();
  return (
    <PageHeader
      product={strings.product}
      place={view?.station ?? ''}
      placeTitle={view === null ? undefined : strings.shell.version(view.version)}
      marks={view?.simulated === true ? [{ word: strings.rig, detail: strings.rigDetail }] : []}
      entries={entries.map((entry) => ({
        name: entry.name,
        href: routeHref(entry.route),
        current: entry.pages.includes(route.page),
      }))}
      onHelp={onHelp}
    >
      <DataAge connection={connection} viewAt={view?.at ?? null} receivedAtMs={receivedAtMs} />
      <Button
        variant="default"
        size="sm"
        className={styles.session ?? ''}
        onClick={() => void (session.signedIn ? session.signOut().catch(() => undefined) : session.signIn())}
      >
        {session.signedIn ? strings.shell.signOut : strings.shell.signIn}
      </Button>
    </PageHeader>
  );
}
