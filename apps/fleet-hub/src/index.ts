export { hubConfigSchema, readHubConfig } from './config.js';
export type { HubConfig } from './config.js';
export { openHub } from './hub/open-hub.js';
export type { Hub } from './hub/open-hub.js';
export type { HubDeps, HubProcessRole } from './hub/hub-deps.js';
export { initSiteCa, openSiteCa, siteCaFiles } from './identity/site-ca.js';
export type { CertificateFolder, SiteCa } from './identity/site-ca.js';
export { mosquittoFiles, writeMosquittoFiles } from './identity/mosquitto-files.js';
