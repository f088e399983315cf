/** JSON as it comes out of a file. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export const isJsonObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `patch` says replaces what `base` says; null removes, objects are merged. @see https://www.rfc-editor.org/rfc/rfc7396 */
export function mergePatch(base: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged = new Map<string, Json>(isJsonObject(base) ? Object.entries(base) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

/** Every string of the JSON through `change`, keys left alone. */
export function mapStrings(json: Json, change: (text: string) => Json): Json {
  if (typeof json === 'string') return change(json);
  if (Array.isArray(json)) return json.map((each: Json) => mapStrings(each, change));
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, mapStrings(value, change)]));
}
