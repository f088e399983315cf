// The demo's front page: where to look, what the network does, and the buttons that break things on purpose.
const at = (id) => document.getElementById(id);
const make = (name, text = '') => {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
};
const number = new Intl.NumberFormat();
const steps = new Map();
let signedIn = false;
let csrf = null;

async function ask(path, body) {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(csrf === null ? {} : { 'x-csrf-token': csrf }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5_000),
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new TypeError(answer.message), { status: response.status });
  return answer;
}

function buildOnce(demo) {
  if (steps.size > 0) return;
  for (const { title, text, url } of demo.pages) {
    const link = make('a');
    link.href = url;
    link.append(make('strong', title), make('span', text));
    at('pages').append(link);
  }
  for (const step of demo.story) {
    const item = make('li');
    const text = make('div');
    text.append(make('h3', step.title), make('p', `Watch: ${step.watch}`), make('p', `Expected: ${step.expect}`));
    const button = make('button', 'Start');
    button.type = 'button';
    button.addEventListener('click', () => act(steps.get(step.id).running ? 'end' : 'begin', step.id, step.title));
    item.append(make('span'), text, button);
    at('story').append(item);
    steps.set(step.id, { item, button, running: false, title: step.title });
  }
}

function show(demo) {
  buildOnce(demo);
  for (const { id, running, secondsLeft } of demo.running) {
    const step = steps.get(id);
    if (!step) continue;
    step.running = running;
    step.item.classList.toggle('running', running);
    step.button.textContent = !running ? 'Start' : secondsLeft === null ? 'Stop' : `Stop (${secondsLeft} s left)`;
    step.button.setAttribute('aria-label', `${step.button.textContent}: ${step.title}`);
  }
  at('way-of-events').hidden = !demo.withStation;
  const { uplink } = demo;
  const waiting = uplink === null ? 0 : uplink.pending.critical + uplink.pending.business + uplink.pending.metric;
  at('network').textContent =
    uplink === null
      ? 'The station does not answer.'
      : uplink.state === 'connected'
        ? 'The network is up. Events leave as they come; each is deleted here only after the hub has committed it.'
        : 'The network is down. Events wait here, on disk.';
  at('network').classList.toggle('cut', uplink !== null && uplink.state !== 'connected');
  at('fill').style.width = `${Math.min(100, waiting / 2)}%`;
  const rows =
    uplink === null
      ? []
      : [
          ['Waiting', number.format(waiting)],
          ['of these alarms and audit', number.format(uplink.pending.critical)],
          ['Oldest', uplink.oldestAgeMs === null ? '-' : `${Math.round(uplink.oldestAgeMs / 1_000)} s`],
          ['Acknowledged by the hub', number.format(uplink.delivered)],
          ['Given up, declared', number.format(uplink.declaredLost)],
          ['Parts judged', number.format(demo.inspected)],
        ];
  at('way').replaceChildren(
    ...rows.map(([name, value]) => {
      const pair = make('div');
      pair.append(make('dt', name), make('dd', value));
      return pair;
    }),
  );
}

async function refresh() {
  try {
    show(await ask('/api/demo'));
    at('lost').hidden = true;
  } catch {
    at('lost').hidden = false;
  }
}

async function act(verb, id, title) {
  if (!signedIn) return at('pin-dialog').showModal();
  try {
    show(await ask(`/api/story/${verb}`, id === undefined ? {} : { id }));
    at('said').textContent =
      verb === 'begin' ? `Started: ${title}` : verb === 'end' ? `Stopped: ${title}` : 'Everything is as at the start.';
  } catch (error) {
    if (error.status === 401) await session();
    at('said').textContent = error.message;
  }
}

async function session() {
  const now = await ask('/api/session');
  signedIn = now.signedIn === true;
  csrf = now.csrfToken ?? null;
  at('sign-in').textContent = signedIn ? 'Sign out' : 'Sign in';
}

at('sign-in').addEventListener('click', async () => {
  if (!signedIn) return at('pin-dialog').showModal();
  await ask('/api/sign-out', {}).catch(() => undefined);
  await session();
});
at('pin-cancel').addEventListener('click', () => at('pin-dialog').close());
at('pin-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    await ask('/api/sign-in', { pin: at('pin').value });
    at('pin').value = '';
    at('pin-fault').textContent = '';
    at('pin-dialog').close();
    await session();
  } catch (error) {
    at('pin-fault').textContent = error.message;
  }
});
at('reset').addEventListener('click', () => act('reset'));

await session().catch(() => undefined);
await refresh();
setInterval(refresh, 1_000);
