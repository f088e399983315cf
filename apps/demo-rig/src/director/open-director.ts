import { join } from 'node:path';
import { parseConfig, silentLogger } from '@edge-blueprints/contracts';
import type { UplinkView } from '@edge-blueprints/contracts';
import {
  createDashboardServer,
  createPinAccess,
  dashboardConfigSchema,
  json,
  problem,
} from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { storyOf } from './story.js';
import { createStoryTeller } from './story-teller.js';
import type { StoryCommand } from './story.js';

export interface DirectorOptions {
  readonly port: number;
  readonly pin: string;
  readonly pages: readonly { readonly title: string; readonly text: string; readonly url: string }[];
  /** Processes that are there; steps that need another are left out. */
  readonly actors: readonly string[];
  /** To a rig, from outside. */
  readonly send: (command: StoryCommand) => void;
  /** What the station shows of its way to the hub; undefined when it does not answer. Absent: there is no station. */
  readonly station:
    (() => Promise<{ readonly uplink: UplinkView | null; readonly inspected: number } | undefined>) | undefined;
  readonly nowMs: () => number;
  readonly newToken: () => string;
}

export interface Director {
  readonly url: string;
  close(): Promise<void>;
}

const stepSchema = z.strictObject({ id: z.string().min(1).max(64) });

/** The demo's front page: the way to the apps and the hub, and the buttons that break things on purpose. */
export async function openDirector(options: DirectorOptions): Promise<Director> {
  const { nowMs, newToken } = options;
  const story = storyOf(options.actors);
  const teller = createStoryTeller(story, {
    send: options.send,
    nowMs,
    after: (ms, then) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
  });
  const view = async () => {
    const station = await options.station?.();
    return {
      pages: options.pages,
      withStation: options.station !== undefined,
      story: story.map(({ id, title, watch, expect, page }) => ({ id, title, watch, expect, page })),
      running: teller.view(),
      uplink: station?.uplink ?? null,
      inspected: station?.inspected ?? 0,
    };
  };
  const step =
    (act: (id: string) => void) =>
    async ({ body }: { readonly body: unknown }) => {
      const parsed = stepSchema.safeParse(body);
      if (!parsed.success) return problem(400, 'demo.step-unknown', z.prettifyError(parsed.error));
      act(parsed.data.id);
      return json(await view());
    };
  const server = await createDashboardServer(
    {
      config: parseConfig(dashboardConfigSchema, { port: options.port }, 'the demo'),
      staticFolder: join(import.meta.dirname, '../../page'),
      // Browsers send cookies to every port of a host: the station's page has the other name.
      access: {
        ...createPinAccess({ pin: options.pin, pinConfigured: false, nowMs, newToken }),
        cookieName: 'edge_director',
      },
      liveAccess: 'public',
      plainRemote: 'refused',
      routes: [
        { method: 'get', path: '/api/demo', access: 'public', handle: async () => json(await view()) },
        { method: 'post', path: '/api/story/begin', access: 'operator', handle: step(teller.begin) },
        { method: 'post', path: '/api/story/end', access: 'operator', handle: step(teller.end) },
        {
          method: 'post',
          path: '/api/story/reset',
          access: 'operator',
          handle: async () => {
            teller.reset();
            return json(await view());
          },
        },
      ],
    },
    { logger: silentLogger, nowMs },
  );
  return {
    url: `http://127.0.0.1:${server.port}`,
    close: async () => {
      teller.reset();
      await server.close();
    },
  };
}
