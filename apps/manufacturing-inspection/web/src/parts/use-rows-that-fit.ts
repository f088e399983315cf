import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/** How many rows of a fixed height a box holds, so that a list never shows half a row or hides a link. */
export function useRowsThatFit<T extends HTMLElement>(
  rowPx: number,
): { readonly box: RefObject<T | null>; readonly rows: number } {
  const box = useRef<T>(null);
  const [rows, setRows] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setRows(Math.floor((entry?.contentRect.height ?? 0) / rowPx)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowPx]);
  return { box, rows };
}
