/** A typed number; a comma is read as the decimal point. Null for what is none. */
export function typedNumber(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  const value = Number(trimmed);
  return trimmed === '' || !Number.isFinite(value) ? null : value;
}
