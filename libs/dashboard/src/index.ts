export { createDashboardServer } from './lib/dashboard-server.js';
export type { DashboardDeps, DashboardOptions, DashboardServer } from './lib/dashboard-server.js';
export { dashboardConfigSchema, isLoopback } from './lib/dashboard-config.js';
export type { DashboardConfig } from './lib/dashboard-config.js';
export { json, problem } from './lib/api-route.js';
export type { ApiReply, ApiRequest, ApiRoute, ProblemStatus } from './lib/api-route.js';
export { createPinAccess } from './lib/pin-access.js';
export type { Access, AccessRole, AccessSession, RouteAccess, SignedInUser, SignInReply } from './lib/access.js';
