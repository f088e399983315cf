import { Button } from '@mantine/core';
import { DataAge, PageHeader, useSession } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { useStatus } from '../feed/store-status.js';
import { strings } from '../strings.js';
import styles from './header.module.css';
import { pages, routeHref } from './route.js';
import type { Route } from './route.js';

interface Props {
  readonly route: Route;
  onHelp(): void;
}

export function Header({ route, onHelp }: Props): ReactNode {
  const { connection, view, receivedAtMs } = useStatus();
  const session = useSession();
  return (
    <PageHeader
      product={strings.product}
      place={view?.plan.name ?? ''}
      placeTitle={view === null ? undefined : strings.shell.revision(view.plan.revision)}
      marks={view?.simulated === true ? [{ word: strings.rig, detail: strings.rigDetail }] : []}
      entries={pages.map((page) => ({
        name: strings.nav[page],
        href: routeHref({ page }),
        current: page === route.page,
      }))}
      onHelp={onHelp}
    >
      <DataAge
        connection={connection}
        viewAt={view === null ? null : new Date(view.atEpochMs).toISOString()}
        receivedAtMs={receivedAtMs}
      />
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
