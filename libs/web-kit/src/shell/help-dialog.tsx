import { Kbd, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from './dialog.js';
import { kitStrings as strings } from '../strings.js';
import styles from './help-dialog.module.css';
import type { Shortcuts } from './page-shortcuts.js';

interface Props {
  readonly opened: boolean;
  onClose(): void;
  readonly shortcuts: Shortcuts;
  /** Key and meaning. */
  readonly rows: readonly (readonly [string, string])[];
  readonly note?: string;
}

export function HelpDialog({ opened, onClose, shortcuts, rows, note }: Props): ReactNode {
  return (
    <Dialog opened={opened} onClose={onClose} title={strings.shell.help}>
      <dl className={styles.keys}>
        {rows.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <Switch
        className={styles.switch ?? ''}
        label={strings.shortcuts.enabled}
        size="md"
        checked={shortcuts.enabled}
        onChange={(event) => shortcuts.setEnabled(event.currentTarget.checked)}
      />
      {note !== undefined && <p className={styles.note}>{note}</p>}
    </Dialog>
  );
}
