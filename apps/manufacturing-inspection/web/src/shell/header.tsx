import { ActionIcon, Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStatus } from '../feed/feed-status.js';
import { useSession } from '../session/session-provider.js';
import { strings } from '../strings.js';
import { DataAge } from './data-age.js';
import styles from './header.module.css';
import { HelpIcon, SchemeIcon } from './icons.js';
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
  const { view } = useStatus();
  const session = useSession();
  const scheme = useComputedColorScheme('dark');
  const { setColorScheme } = useMantineColorScheme();
  return (
    <header className={styles.header}>
      <div className={styles.brand}>
        <span className={styles.product}>{strings.product}</span>
        <span className={styles.station} title={view === null ? undefined : strings.shell.version(view.version)}>
          {view?.station ?? ''}
        </span>
        {view?.simulated === true && (
          <span className={styles.rig} title={strings.rigDetail}>
            {strings.rig}
            <span className="hidden-text">. {strings.rigDetail}</span>
          </span>
        )}
      </div>
      <nav className={styles.nav} aria-label={strings.nav.label}>
        {entries.map((entry) => (
          <a
            key={entry.name}
            href={routeHref(entry.route)}
            aria-current={entry.pages.includes(route.page) ? 'page' : undefined}
          >
            {entry.name}
          </a>
        ))}
      </nav>
      <div className={styles.tools}>
        <DataAge />
        <Button
          variant="default"
          size="sm"
          className={styles.session ?? ''}
          onClick={() => void (session.signedIn ? session.signOut().catch(() => undefined) : session.signIn())}
        >
          {session.signedIn ? strings.shell.signOut : strings.shell.signIn}
        </Button>
        <ActionIcon
          aria-label={strings.shell.theme}
          title={strings.shell.theme}
          onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
        >
          <SchemeIcon />
        </ActionIcon>
        <ActionIcon aria-label={strings.shell.help} title={strings.shell.help} onClick={onHelp}>
          <HelpIcon />
        </ActionIcon>
      </div>
    </header>
  );
}
