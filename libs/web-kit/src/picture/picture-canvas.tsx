import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { drawPicture } from './draw-picture.js';
import type { Overlay, Picture } from './draw-picture.js';
import styles from './picture-canvas.module.css';

interface Props {
  readonly picture: Picture | null;
  readonly overlay: Overlay | null;
  /** What the picture shows, for people who do not see it. */
  readonly label: string;
  readonly children?: ReactNode;
}

/** A picture with its boxes in a square of constant size: the frame stands before the picture comes. */
export function PictureCanvas({ picture, overlay, label, children }: Props): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [side, setSide] = useState(0);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setSide(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || side === 0) return;
    const ratio = window.devicePixelRatio || 1;
    if (element.width !== Math.round(side * ratio)) {
      element.width = Math.round(side * ratio);
      element.height = Math.round(side * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (picture === null) context.clearRect(0, 0, side, side);
    else drawPicture(context, side, side, picture, overlay);
  }, [picture, overlay, side]);

  return (
    <div className={styles.frame}>
      <canvas ref={canvas} className={styles.canvas} role="img" aria-label={label} />
      {children}
    </div>
  );
}
