import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { Panel, PictureCanvas } from '@edge-blueprints/web-kit';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import { FoundList } from './found-list.js';
import styles from './live-panel.module.css';
import { useLivePicture } from './use-live-picture.js';
import { VerdictTag } from './verdict-tag.js';
import { foundText } from './found-text.js';

export function LivePanel({ className }: { readonly className?: string | undefined }): ReactNode {
  const live = useLivePicture();
  const part = live?.part ?? null;
  const overlay = useMemo(
    () => (part === null ? null : { detections: part.detections, highlight: -1, labels: true }),
    [part],
  );
  return (
    <Panel
      className={className}
      title={strings.live.title}
      aside={part !== null && <a href={routeHref({ page: 'part', resultId: part.resultId })}>{strings.live.open}</a>}
    >
      <div className={styles.body}>
        <div className={styles.picture}>
          <PictureCanvas
            picture={live?.picture ?? null}
            overlay={overlay}
            label={
              part === null
                ? strings.live.waiting
                : strings.live.alt(part.partId, strings.verdict[part.verdict], foundText(part.detections))
            }
          >
            {part === null && (
              <p>
                <strong>{strings.live.waiting}</strong>
                <span>{strings.live.waitingDetail}</span>
              </p>
            )}
          </PictureCanvas>
        </div>
        <div className={styles.caption}>
          <span className={styles.part}>{part?.partId ?? strings.none}</span>
          {part !== null && <VerdictTag verdict={part.verdict} />}
        </div>
        <FoundList detections={part?.detections ?? null} />
      </div>
    </Panel>
  );
}
