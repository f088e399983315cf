export { hubConfigSchema, readHubConfig } from './config.js';
export type { HubConfig } from './config.js';
export { openHub } from './hub/open-hub.js';
export type { Hub } from './hub/open-hub.js';
export type { HubDeps, HubProcessRole } from './hub/hub-deps.js';
