import { CloseButton, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { kitStrings } from '../strings.js';
import styles from './dialog.module.css';

interface Props {
  readonly opened: boolean;
  readonly title: string;
  /** Above other dialogs: the sign-in that an act asks for. */
  readonly above?: boolean;
  onClose(): void;
  readonly children: ReactNode;
}

/** A dialog with one title row. The library's scroll lock writes a style element, which the page's policy forbids. */
export function Dialog({ opened, title, above = false, onClose, children }: Props): ReactNode {
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      lockScroll={false}
      centered
      size={above ? 420 : 640}
      zIndex={above ? 400 : 200}
    >
      <Modal.Overlay backgroundOpacity={0.6} />
      <Modal.Content aria-label={title}>
        <div className={styles.head}>
          <h2>{title}</h2>
          <CloseButton size={44} iconSize={22} aria-label={kitStrings.shell.close} onClick={onClose} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
