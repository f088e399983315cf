import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import uPlot from 'uplot';
import { chartColours } from './chart-colours.js';
import type { ChartColours } from './chart-colours.js';
import styles from './line-chart.module.css';

interface Props {
  readonly data: uPlot.AlignedData;
  /** Called once for each colour scheme; must not change otherwise, since a new one builds the chart again. */
  readonly options: (colours: ChartColours) => Omit<uPlot.Options, 'width' | 'height'>;
  /** The chart in one sentence. */
  readonly label: string;
}

/** uPlot in a box that keeps its size: the chart is built once and fed. */
export function LineChart({ data, options, label }: Props): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(data);
  latest.current = data;
  const scheme = useComputedColorScheme('dark');

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const size = (): { width: number; height: number } => ({
      width: element.clientWidth,
      height: element.clientHeight,
    });
    const made = new uPlot({ ...options(chartColours(element)), ...size() }, latest.current, element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [options, scheme]);

  useEffect(() => chart.current?.setData(data), [data]);

  return <div ref={box} className={styles.box} role="img" aria-label={label} />;
}
