/**
 * A development aid: serves the built page with an invented store behind it, so that the page can be worked on without
 * cameras or a model. `node tools/run.mjs apps/retail-analytics/web/dev/fixture-server.ts [port]`.
 * POST /dev/scenario/<name> changes the story: calm, trouble, empty, silent.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { body, json, problem, serveFixture } from '../../../../tools/web-look/fixture-server.js';
import { errorCode, errorMessage, storePlanSchema } from '@edge-blueprints/contracts';
import type { StorePlan } from '@edge-blueprints/contracts';
import { checkStorePlan } from '../../src/floor/check-plan.js';
import { inventedCalibration, inventedPlan, inventedReleases, inventedView, scenarios } from './invented-store.js';
import type { Scenario } from './invented-store.js';

const port = Number(process.argv[2] ?? 4230);
const pin = '1234';
const viewEveryMs = 250;
const dist = join(import.meta.dirname, '..', 'dist');
const releases = inventedReleases(Date.now());
let scenario: Scenario = 'calm';
let signedIn = false;
let plan: StorePlan = inventedPlan;

async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const path = url.pathname;
  if (path.startsWith('/dev/scenario/')) {
    scenario = scenarios.find((each) => path.endsWith(`/${each}`)) ?? 'calm';
    plan = inventedPlan;
    signedIn = false;
    return json(response, { scenario });
  }
  if (path === '/api/view') return json(response, inventedView(scenario, Date.now(), releases, plan));
  if (path === '/api/session') return json(response, { signedIn });
  if (path === '/api/sign-in' || path === '/api/sign-out') {
    signedIn = path === '/api/sign-in' && (await body(request))['pin'] === pin;
    return signedIn || path === '/api/sign-out'
      ? json(response, { signedIn })
      : problem(response, 401, 'session.wrong-pin', 'This PIN is not known. Ask the store manager.');
  }
  if (path === '/api/plan') return editPlan(request, response);
  if (path.startsWith('/api/calibration/')) {
    if (request.method === 'GET') return json(response, inventedCalibration);
    const sent = await body(request);
    const points = Array.isArray(sent['points']) ? sent['points'] : [];
    if (!path.endsWith('/check')) return json(response, inventedCalibration);
    const residualsCm = points.map((_, i) => 1.2 + ((i * 7) % 5) * 0.6);
    return json(response, {
      residualsCm,
      heldOutCm: residualsCm.map((cm) => cm * 1.8),
      medianCm: 4.1,
      p95Cm: 6.5,
      deployable: true,
    });
  }
  if (path === '/api/releases') {
    const from = Date.parse(url.searchParams.get('from') ?? '') || 0;
    const metric = url.searchParams.get('metric');
    return json(
      response,
      releases.filter((each) => Date.parse(each.windowTo) > from && (metric === null || each.metric === metric)),
    );
  }
  return problem(response, 404, 'api.not-found', `There is no ${request.method ?? ''} ${path}`);
}

/** With the node's own check of plans, so that refusals are the real ones. */
async function editPlan(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!signedIn) return problem(response, 401, 'session.needed', 'Sign in first');
  const parsed = storePlanSchema.safeParse((await body(request))['plan']);
  if (!parsed.success) return problem(response, 400, 'request.invalid', z.prettifyError(parsed.error));
  if (parsed.data.revision !== plan.revision)
    return problem(
      response,
      409,
      'store.plan-outdated',
      `The store measures by revision ${plan.revision}; load it again`,
    );
  try {
    checkStorePlan(parsed.data, 'plan.json');
  } catch (error) {
    return problem(response, 400, errorCode(error), errorMessage(error));
  }
  plan = { ...parsed.data, revision: plan.revision + 1 };
  return json(response, plan);
}

const sockets = serveFixture({ port, dist, api, greeting: (url) => `Invented store at ${url} (PIN ${pin})` });
setInterval(() => {
  if (scenario !== 'silent') sockets.volatile.emit('view', inventedView(scenario, Date.now(), releases, plan));
}, viewEveryMs).unref();
