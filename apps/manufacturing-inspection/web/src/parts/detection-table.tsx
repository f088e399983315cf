import type { PartRecord } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { formatScore, nearThreshold, Panel } from '@edge-blueprints/web-kit';
import { imageUrl } from '../session/station-api.js';
import { strings } from '../strings.js';
import styles from './detection-table.module.css';
import { ScoreBar } from './score-bar.js';

interface Props {
  readonly record: PartRecord;
  readonly highlight: number;
  onHighlight(index: number): void;
}

/** Each detection against the threshold that applied to it, with the origin of the threshold. */
export function DetectionTable({ record, highlight, onHighlight }: Props): ReactNode {
  const { images } = record;
  // The surest first; the index stays the one of the record, to which crops refer.
  const detections = [...record.detections.entries()]
    .filter(([, detection]) => nearThreshold(detection))
    .sort(([, a], [, b]) => b.score - a.score);
  return (
    <Panel title={strings.part.detections}>
      {detections.length === 0 ? (
        <p className={styles.soft}>{strings.part.noDetections}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{strings.part.class}</th>
              <th scope="col">{strings.part.score}</th>
              <th scope="col">{strings.part.threshold}</th>
              <th scope="col" className={styles.wide}>
                <span className="hidden-text">{strings.part.effect}</span>
              </th>
              <th scope="col">{strings.part.provenance}</th>
            </tr>
          </thead>
          <tbody>
            {detections.map(([index, detection]) => {
              const crop = images.find((image) => image.role === 'crop' && image.detection === index);
              return (
                <tr
                  key={index}
                  data-highlight={index === highlight || undefined}
                  onMouseEnter={() => onHighlight(index)}
                  onMouseLeave={() => onHighlight(-1)}
                >
                  <th scope="row">
                    <button
                      type="button"
                      className={styles.class}
                      aria-pressed={index === highlight}
                      onFocus={() => onHighlight(index)}
                      onBlur={() => onHighlight(-1)}
                      onClick={() => onHighlight(index)}
                    >
                      <span className={styles.crop}>
                        {crop && (
                          <img
                            src={imageUrl(crop.sha256)}
                            alt={strings.part.crop(detection.label)}
                            width={44}
                            height={44}
                          />
                        )}
                      </span>
                      {detection.label}
                    </button>
                  </th>
                  <td className={styles.score}>{formatScore(detection.score)}</td>
                  <td>{formatScore(detection.threshold)}</td>
                  <td className={styles.wide}>
                    <ScoreBar detection={detection} />
                  </td>
                  <td className={styles.provenance}>{detection.provenance}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
