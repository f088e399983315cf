import { chartColours } from '@edge-blueprints/web-kit';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { drawMatrix, glyphSheet } from './draw-matrix.js';
import type { GlyphSheet, MatrixColours, MatrixScene } from './draw-matrix.js';

/** Keeps a canvas of the visible part drawn: after a change of the scene and while it scrolls, once a frame at most. */
export function useMatrixCanvas(
  scroller: RefObject<HTMLElement | null>,
  size: { readonly width: number; readonly height: number },
  scene: MatrixScene,
): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(scene);
  latest.current = scene;
  const sheet = useRef<{ readonly key: string; readonly sheet: GlyphSheet; readonly colours: MatrixColours } | null>(
    null,
  );
  const asked = useRef<number | null>(null);
  const scheme = useComputedColorScheme('dark');
  const draw = useRef<() => void>(() => undefined);

  draw.current = () => {
    if (asked.current !== null) return;
    asked.current = requestAnimationFrame(() => {
      asked.current = null;
      const element = canvas.current;
      const box = scroller.current;
      const context = element?.getContext('2d');
      if (!element || !box || !context || box.clientWidth === 0) return;
      const ratio = window.devicePixelRatio || 1;
      const width = box.clientWidth;
      const height = box.clientHeight;
      fit(element, width, height, ratio);
      const key = `${latest.current.layout.pitch} ${ratio} ${scheme}`;
      if (sheet.current?.key !== key) {
        const colours = matrixColours(element);
        sheet.current = { key, colours, sheet: glyphSheet(latest.current.layout.pitch, ratio, colours) };
      }
      const view = { width, height, top: box.scrollTop, ratio };
      drawMatrix(context, latest.current, view, sheet.current.sheet, sheet.current.colours);
    });
  };

  useEffect(() => draw.current());
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const onScroll = (): void => draw.current();
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => box.removeEventListener('scroll', onScroll);
  }, [scroller, size.width]);
  useEffect(
    () => () => {
      if (asked.current !== null) cancelAnimationFrame(asked.current);
      asked.current = null;
    },
    [],
  );
  return canvas;
}

/** Setting the size of a canvas empties it, so it is set only when it changes. Style properties are allowed by the policy. */
function fit(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width === w && canvas.height === h) return;
  canvas.width = w;
  canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

function matrixColours(element: Element): MatrixColours {
  const { ink, soft, stop, act, accent, panel } = chartColours(element);
  const ok = getComputedStyle(element).getPropertyValue('--pass').trim();
  return { ink, soft, stop, act, accent, panel, ok };
}
