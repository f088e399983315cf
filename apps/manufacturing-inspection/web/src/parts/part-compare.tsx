import { Button, SegmentedControl, Switch } from '@mantine/core';
import type { PartRecord } from '@edge-blueprints/contracts';
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { isForPage, Panel, PictureCanvas, useFlicker, useStoredPicture } from '@edge-blueprints/web-kit';
import type { StoredPicture } from '@edge-blueprints/web-kit';
import { imageUrl } from '../session/station-api.js';
import { shortcutsOn } from '../shell/use-shortcuts.js';
import { strings } from '../strings.js';
import { imageOf } from './evidence-picture.js';
import { foundText } from './found-text.js';
import styles from './part-compare.module.css';

const modes = ['test', 'template', 'side', 'flicker'] as const;
type Mode = (typeof modes)[number];

interface Props {
  readonly record: PartRecord;
  readonly highlight: number;
  readonly className?: string | undefined;
}

/** The part against its golden template: what differs moves when the two alternate. */
export function PartCompare({ record, highlight, className }: Props): ReactNode {
  const test = useStoredPicture(storedUrl(record, 'test'));
  const template = useStoredPicture(storedUrl(record, 'template'));
  const hasTemplate = template.state !== 'none';
  const [mode, setMode] = useState<Mode>('test');
  const [boxes, setBoxes] = useState(true);
  const flicker = useFlicker(mode === 'flicker');
  const overlay = useMemo(
    () => (boxes ? { detections: record.detections, highlight, labels: mode === 'test' } : null),
    [boxes, record.detections, highlight, mode],
  );

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!shortcutsOn() || !isForPage(event)) return;
      if (event.key === 'b') setBoxes((shown) => !shown);
      else if (event.key === 'f' && hasTemplate) setMode((held) => (held === 'flicker' ? 'test' : 'flicker'));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [hasTemplate]);

  const show = (which: 'test' | 'template'): ReactNode => {
    const stored = which === 'test' ? test : template;
    return (
      <figure className={styles.figure}>
        <PictureCanvas
          picture={stored.state === 'ready' ? stored.picture : null}
          overlay={overlay}
          label={strings.live.alt(
            record.partId,
            strings.part.modes[which],
            which === 'test' ? foundText(record.detections) : '',
          )}
        >
          {missing(stored, which)}
        </PictureCanvas>
        <figcaption>{strings.part.modes[which]}</figcaption>
      </figure>
    );
  };
  const single =
    mode === 'flicker' ? (flicker.second ? 'template' : 'test') : mode === 'template' ? 'template' : 'test';
  return (
    <Panel
      className={className}
      title={strings.part.picture}
      aside={
        <>
          <Button
            variant="default"
            size="sm"
            className={styles.swap ?? ''}
            disabled={mode !== 'flicker'}
            onClick={flicker.toggle}
          >
            {flicker.reduced ? strings.part.swap : flicker.running ? strings.part.pause : strings.part.play}
          </Button>
          <Switch
            label={strings.part.boxes}
            size="md"
            checked={boxes}
            onChange={(event) => setBoxes(event.currentTarget.checked)}
          />
        </>
      }
    >
      <div className={styles.modes}>
        <SegmentedControl
          aria-label={strings.part.mode}
          value={mode}
          onChange={(value) => setMode(modes.find((each) => each === value) ?? 'test')}
          data={modes.map((value) => ({
            value,
            label: strings.part.modes[value],
            disabled: value !== 'test' && !hasTemplate,
          }))}
        />
      </div>
      {mode === 'side' ? (
        <div className={styles.side}>
          {show('test')}
          {show('template')}
        </div>
      ) : (
        show(single)
      )}
    </Panel>
  );
}

function storedUrl(record: PartRecord, role: 'test' | 'template'): string | null {
  const image = imageOf(record, role);
  return image === null ? null : imageUrl(image.sha256);
}

function missing(stored: StoredPicture, which: 'test' | 'template'): ReactNode {
  if (stored.state === 'gone') return <p>{strings.part.imageGone}</p>;
  if (stored.state === 'none') return <p>{which === 'test' ? strings.part.noImage : strings.part.noTemplate}</p>;
  return null;
}
