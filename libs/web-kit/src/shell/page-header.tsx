import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { kitStrings } from '../strings.js';
import { HelpIcon, SchemeIcon } from './icons.js';
import styles from './page-header.module.css';

export interface PageEntry {
  readonly name: string;
  readonly href: string;
  readonly current: boolean;
  /** Small text behind the name, such as a count. */
  readonly beside?: string;
}

interface Props {
  readonly product: string;
  /** Which station, hub, ... this is. */
  readonly place: string;
  readonly placeTitle?: string | undefined;
  /** Permanent quiet marks behind the name: simulated data, no TLS. */
  readonly marks: readonly { readonly word: string; readonly detail: string }[];
  readonly entries: readonly PageEntry[];
  readonly children: ReactNode;
  onHelp(): void;
}

export function PageHeader({ product, place, placeTitle, marks, entries, children, onHelp }: Props): ReactNode {
  const scheme = useComputedColorScheme('dark');
  const { setColorScheme } = useMantineColorScheme();
  return (
    <header className={styles.header}>
      <div className={place === '' ? `${styles.brand} ${styles.bare}` : styles.brand}>
        <span className={styles.product}>{product}</span>
        <span className={styles.place} title={placeTitle}>
          {place}
        </span>
        {marks.map(({ word, detail }) => (
          <span key={word} className={styles.mark} title={detail}>
            {word}
            <span className="hidden-text">. {detail}</span>
          </span>
        ))}
      </div>
      <nav className={styles.nav} aria-label={kitStrings.shell.views}>
        {entries.map((entry) => (
          <a key={entry.href} href={entry.href} aria-current={entry.current ? 'page' : undefined}>
            {entry.name}
            {entry.beside !== undefined && <span className={styles.beside}>{entry.beside}</span>}
          </a>
        ))}
      </nav>
      <div className={styles.tools}>
        {children}
        <ActionIcon
          aria-label={kitStrings.shell.theme}
          title={kitStrings.shell.theme}
          onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
        >
          <SchemeIcon />
        </ActionIcon>
        <ActionIcon aria-label={kitStrings.shell.help} title={kitStrings.shell.help} onClick={onHelp}>
          <HelpIcon />
        </ActionIcon>
      </div>
    </header>
  );
}
