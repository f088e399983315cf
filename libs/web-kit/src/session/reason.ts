/** The station refuses shorter and longer reasons. */
export const reasonLength = { least: 3, most: 500 } as const;

export function isReason(text: string): boolean {
  const length = text.trim().length;
  return length >= reasonLength.least && length <= reasonLength.most;
}
