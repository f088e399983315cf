import { PictureCanvas, useStoredPicture } from '@edge-blueprints/web-kit';
import type { LabelTaskView } from '@edge-blueprints/contracts';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { pictureUrl } from '../session/hub-api.js';
import { strings } from '../strings.js';
import styles from './label-pictures.module.css';

const text = strings.labels;

/** The part with what the model found, and the template beside it. */
export function LabelPictures({ task, boxes }: { readonly task: LabelTaskView; readonly boxes: boolean }): ReactNode {
  return (
    <div className={styles.pictures}>
      <One task={task} role="test" boxes={boxes} />
      <One task={task} role="template" boxes={false} />
    </div>
  );
}

interface OneProps {
  readonly task: LabelTaskView;
  readonly role: 'test' | 'template';
  readonly boxes: boolean;
}

function One({ task, role, boxes }: OneProps): ReactNode {
  const offered = task.pictures.find((picture) => picture.role === role);
  const stored = useStoredPicture(offered === undefined ? null : pictureUrl(task.id, role));
  const { detections } = task.candidate;
  const overlay = useMemo(() => (boxes ? { detections, highlight: -1, labels: true } : null), [boxes, detections]);
  const missing =
    stored.state === 'gone'
      ? text.gone
      : stored.state === 'none'
        ? role === 'test'
          ? text.noPicture
          : text.noTemplate
        : null;
  return (
    <figure className={styles.figure}>
      <PictureCanvas
        picture={stored.state === 'ready' ? stored.picture : null}
        overlay={overlay}
        label={`${text[role]}, ${text.part(task.candidate.partId)}`}
      >
        {missing !== null && <p>{missing}</p>}
      </PictureCanvas>
      <figcaption>{text[role]}</figcaption>
    </figure>
  );
}
