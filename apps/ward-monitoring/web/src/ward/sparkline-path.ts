/** SVG path of a short series in a box; gaps stay gaps. The scale never magnifies noise: it spans at least `leastSpan`. */
export function sparklinePath(
  values: readonly (number | null)[],
  box: { readonly width: number; readonly height: number; readonly leastSpan: number },
): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const low = Math.min(...known);
  const high = Math.max(...known);
  const span = Math.max(high - low, box.leastSpan);
  const bottom = (low + high - span) / 2;
  const stepX = box.width / Math.max(values.length - 1, 1);
  let path = '';
  let pen = false;
  values.forEach((value, i) => {
    if (value === null) pen = false;
    else {
      const y = box.height - ((value - bottom) / span) * box.height;
      path += `${pen ? 'L' : 'M'}${(i * stepX).toFixed(1)} ${y.toFixed(1)}`;
      pen = true;
    }
  });
  return path;
}
