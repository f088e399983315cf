import type { Box } from '@edge-blueprints/contracts';

/** Shared area over united area of two boxes, 0 to 1. A box without area overlaps nothing. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.xMax, b.xMax) - Math.max(a.xMin, b.xMin);
  const height = Math.min(a.yMax, b.yMax) - Math.max(a.yMin, b.yMin);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

function areaOf(box: Box): number {
  return (box.xMax - box.xMin) * (box.yMax - box.yMin);
}
