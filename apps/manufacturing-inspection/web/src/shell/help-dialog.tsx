import { Kbd, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from './dialog.js';
import { strings } from '../strings.js';
import styles from './help-dialog.module.css';
import type { Shortcuts } from './use-shortcuts.js';

interface Props {
  readonly opened: boolean;
  onClose(): void;
  readonly shortcuts: Shortcuts;
}

export function HelpDialog({ opened, onClose, shortcuts }: Props): ReactNode {
  return (
    <Dialog opened={opened} onClose={onClose} title={strings.help.title}>
      <dl className={styles.keys}>
        {strings.help.rows.map(([key, meaning]) => (
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
        label={strings.help.enabled}
        size="md"
        checked={shortcuts.enabled}
        onChange={(event) => shortcuts.setEnabled(event.currentTarget.checked)}
      />
      <p className={styles.kiosk}>{strings.help.kiosk}</p>
    </Dialog>
  );
}
