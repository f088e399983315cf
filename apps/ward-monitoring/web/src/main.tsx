import { startPage } from '@edge-blueprints/web-kit';
import { io } from 'socket.io-client';
import '@edge-blueprints/web-kit/mantine.css';
import '@edge-blueprints/web-kit/tokens.css';
import 'uplot/dist/uPlot.min.css';
import './ward-tokens.css';
import { App } from './app.js';
import { FeedContext } from './feed/feed-context.js';
import { stationIdentity } from './feed/station-identity.js';
import { createWardFeed } from './feed/ward-feed.js';
import { ApiContext, createWardApi } from './session/ward-api.js';
import { SounderContext } from './sound/ward-sound.js';
import { createSounder } from './sound/sounder.js';

const later: (() => void)[] = [];
// Unlike a timer, a message to oneself is not slowed down.
const toMyself = new MessageChannel();
toMyself.port1.onmessage = () => later.shift()?.();

const identity = stationIdentity(location.hash, localStorage, () => history.replaceState(null, '', '#/'));
const socket = io({ transports: ['websocket', 'polling'], reconnectionDelay: 300, reconnectionDelayMax: 1_000 });
if (identity !== undefined) socket.on('connect', () => void socket.emit('station', identity));

const api = createWardApi((path, init) => fetch(path, init));
const feed = createWardFeed({
  socket,
  nowMs: () => performance.timeOrigin + performance.now(),
  every: (periodMs, act) => void setInterval(act, periodMs),
  soon(act) {
    later.push(act);
    toMyself.port2.postMessage(null);
  },
  // The frame after the frame that drew it: by then it is on the screen.
  afterPaint: (act) => void requestAnimationFrame(() => requestAnimationFrame(act)),
});
// The first paint does not wait for the socket; without an answer the missing beat tells the story.
api.view().then(feed.offer, () => undefined);

const sounder = createSounder();
// Not at the press: the bar that asks for the sound goes then, and what was pressed would move away under the finger.
for (const event of ['click', 'keyup'] as const)
  window.addEventListener(event, () => void (sounder.state() === 'locked' && sounder.unlock()));

startPage(
  'ward-colour-scheme',
  <ApiContext.Provider value={api}>
    <FeedContext.Provider value={feed}>
      <SounderContext.Provider value={sounder}>
        <App />
      </SounderContext.Provider>
    </FeedContext.Provider>
  </ApiContext.Provider>,
);
