// The nurse station in Chromium against a gateway process and a rendered ward over MQTT: alarms, acts, observations, handover, audit,
// two stations at the same moment, a link that is cut, a gateway that stands still, the display on the wall.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinkProxy } from '../libs/rigs/src/lib/link/link-proxy.js';
import { openBrowser } from './browser.js';
import { suite } from './check.js';
import { acts } from './ward-page/acts.js';
import { bedWork } from './ward-page/bed-work.js';
import { emergencyReview } from './ward-page/emergency-review.js';
import { lostLink } from './ward-page/lost-link.js';
import { lookAtPages } from './ward-page/look-at-pages.js';
import { withRunningWard } from './ward-page/running-ward.js';
import { openStation } from './ward-page/station-page.js';
import { trailPages } from './ward-page/trail-pages.js';

const title = 'ward-page';
const out = join(import.meta.dirname, 'out');

await suite(title, async (check) => {
  const browser = await openBrowser(title);
  await mkdir(out, { recursive: true });
  try {
    const codes = await withRunningWard(12, async (ward) => {
      const proxy = await createLinkProxy({
        ...{ host: '127.0.0.1', port: 0, to: { host: '127.0.0.1', port: ward.pagePort } },
        now: () => performance.now(),
        emit: () => undefined,
      });
      try {
        const desk = await openStation(browser, `http://127.0.0.1:${proxy.port}`);
        const corridor = await openStation(browser, ward.url);
        const wall = await openStation(browser, ward.url, '?wall');
        await acts(check, ward, desk, corridor);
        await bedWork(check, ward, desk, corridor);
        await lostLink(check, ward, desk, proxy);
        await trailPages(check, corridor);
        await emergencyReview(check, out, { desk, corridor });
        await lookAtPages(check, out, { desk, corridor, wall });
        for (const [name, station] of Object.entries({ desk, corridor, wall })) {
          const own = station.complaints.filter((text) => !/net::ERR|WebSocket|status of 401/.test(text));
          check(`the page at the ${name} complains of nothing`, own.length === 0, own.join(' | ').slice(0, 300));
        }
      } finally {
        await proxy.close();
      }
    });
    check('rig and gateway stop by themselves', codes.join() === '0,0', codes.join(', '));
  } finally {
    await browser.close();
  }
});
