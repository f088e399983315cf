import { isJsonObject, mapStrings, type Json } from '../merge-patch.js';
import type { StarterChoice, TargetChoice } from '../check-options.js';
import { starterConfig } from '../starter-config.js';

export interface StationPlace {
  readonly name: string;
  /** 2 for the first station that was added to a starter. */
  readonly number: number;
}

/**
 * The configuration of a further station: that of the first one with the station's own name, folders and ports, so that both can run
 * on one device.
 */
export function stationConfig(root: string, choice: StarterChoice, target: TargetChoice, station: StationPlace): Json {
  const { ports, folders } = choice.recipe.station;
  const own = (text: string): string => {
    const folder = folders.find((each) => text === each || text.startsWith(`${each}/`));
    return folder === undefined ? text : `${folder}/${station.name}${text.slice(folder.length)}`;
  };
  const config = mapStrings(starterConfig(root, choice, target, station.name), own);
  return ports
    .filter(({ where }) => where === undefined || valueAt(config, where.at) === where.is)
    .reduce((json, { at }) => shifted(json, at.split('/').slice(1), station.number - 1), config);
}

/** undefined where nothing stands. */
export const valueAt = (json: Json, pointer: string): Json | undefined =>
  pointer
    .split('/')
    .slice(1)
    .reduce<Json | undefined>((part, key) => (isJsonObject(part) ? part[key] : undefined), json);

/** A port of 0 (any free one) stays so. */
function shifted(json: Json, [key, ...rest]: readonly string[], by: number): Json {
  if (key === undefined) return typeof json === 'number' && json > 0 ? json + by : json;
  if (!isJsonObject(json)) return json;
  const inner = json[key];
  return inner === undefined ? json : { ...json, [key]: shifted(inner, rest, by) };
}
