/** @returns null for what is not a number as people write it, with a point or a comma */
export function decimalOf(typed: string): number | null {
  return /^\d{1,3}([.,]\d)?$/.test(typed.trim()) ? Number(typed.trim().replace(',', '.')) : null;
}
