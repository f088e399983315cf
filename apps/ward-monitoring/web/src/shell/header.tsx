import { Button } from '@mantine/core';
import { formatTime, PageHeader, useSession } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { useFeedPart } from '../feed/feed-context.js';
import { usePerson } from '../session/ward-session.js';
import { useSoundState } from '../sound/ward-sound.js';
import { strings } from '../strings.js';
import styles from './header.module.css';
import { routeHref } from './route.js';
import type { Route } from './route.js';

export function Header({ route, onHelp }: { readonly route: Route; onHelp(): void }): ReactNode {
  const ward = useFeedPart(({ view }) => view?.ward ?? '');
  const at = useFeedPart(({ view }) => view?.at ?? null);
  const simulated = useFeedPart(({ view }) => view?.simulated ?? false);
  const link = useFeedPart((state) => state.link);
  const sound = useSoundState();
  const person = usePerson();
  const session = useSession();
  const entries = [
    { name: strings.nav.ward, route: { page: 'ward' }, current: route.page === 'ward' || route.page === 'bed' },
    { name: strings.nav.handover, route: { page: 'handover' }, current: route.page === 'handover' },
    { name: strings.nav.history, route: { page: 'history' }, current: route.page === 'history' },
    { name: strings.nav.audit, route: { page: 'audit', search: '', entry: null }, current: route.page === 'audit' },
    // Little used: only who reviews them has it in the way.
    ...(person?.may.includes('review') === true
      ? ([
          { name: strings.nav.emergencies, route: { page: 'emergencies' }, current: route.page === 'emergencies' },
        ] as const)
      : []),
  ] as const;
  return (
    <PageHeader
      product={strings.product}
      place={ward}
      marks={simulated ? [{ word: strings.rig, detail: strings.rigDetail }] : []}
      entries={entries.map(({ name, route: to, current }) => ({ name, href: routeHref(to), current }))}
      onHelp={onHelp}
    >
      <span className={styles.state}>
        {strings.link[link]} · {strings.sound.short[sound]}
      </span>
      <time className={styles.time} dateTime={at ?? undefined}>
        {formatTime(at)}
      </time>
      <Button
        variant="default"
        size="sm"
        className={styles.session ?? ''}
        onClick={() => void (session.signedIn ? session.signOut().catch(() => undefined) : session.signIn())}
      >
        {person === null ? strings.shell.signIn : strings.shell.signOut(person.name)}
      </Button>
    </PageHeader>
  );
}
