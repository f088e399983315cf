import { Button } from '@mantine/core';
import { useSession } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { pictureUrl } from '../session/store-api.js';
import { strings } from '../strings.js';
import styles from './calibration.module.css';

const text = strings.calibration;

interface Props {
  readonly camera: string;
  onPick(pixel: readonly [number, number]): void;
}

/** The people-free background, asked for by an operator each time. */
export function ClickPicture({ camera, onPick }: Props): ReactNode {
  const session = useSession();
  const [turn, setTurn] = useState(0);
  const [isFailed, setFailed] = useState(false);
  const look = (): void => {
    const show = (): Promise<void> => {
      setFailed(false);
      setTurn((n) => n + 1);
      return Promise.resolve();
    };
    void session.act(show);
  };
  const pick = (event: MouseEvent<HTMLImageElement>): void => {
    const image = event.currentTarget;
    const box = image.getBoundingClientRect();
    onPick([
      ((event.clientX - box.left) / box.width) * image.naturalWidth,
      ((event.clientY - box.top) / box.height) * image.naturalHeight,
    ]);
  };
  return (
    <div className={styles.picture}>
      {turn > 0 && !isFailed && (
        <img
          src={pictureUrl(camera, turn)}
          alt={text.pictureAlt(camera)}
          onClick={pick}
          onError={() => setFailed(true)}
        />
      )}
      {isFailed && <p role="alert">{text.pictureFailed}</p>}
      <Button variant="default" size="sm" onClick={look}>
        {turn === 0 ? text.load : text.reload}
      </Button>
      <p className={styles.soft}>{text.pictureNote}</p>
    </div>
  );
}
