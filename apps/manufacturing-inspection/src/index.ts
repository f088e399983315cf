export { readStationConfig, stationConfigSchema } from './config.js';
export type { StationConfig } from './config.js';
