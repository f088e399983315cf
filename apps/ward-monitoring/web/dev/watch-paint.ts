/** One alarm event as a page had it. Times are `Date.now()` of the machine. */
export interface PaintedEvent {
  readonly offset: number;
  readonly phase: string;
  readonly alarmId: string;
  readonly subject: string;
  readonly condition: string;
  readonly priority: string;
  readonly sentMs: number;
  readonly heardMs: number;
  readonly paintedMs: number;
  /** Its bed was on the page with an alarm at that moment; null where it is of no bed or not about something open. */
  readonly shown: boolean | null;
}

/** What a page gathered since it was asked last. */
export interface PageRecord {
  readonly painted: readonly PaintedEvent[];
  /** Tiles that began to say, silently, that a limit is crossed; `what` as it is written there. */
  readonly waiting: readonly { readonly bed: string; readonly what: string; readonly paintedMs: number }[];
  /** Events that came more than once. */
  readonly repeats: number;
  /** Tasks of the page longer than 50 ms. */
  readonly longTasks: number;
  readonly longestTaskMs: number;
  readonly heapBytes: number;
  /** Bursts that were asked of Web Audio, by the first pitch, with the moment of the last one. */
  readonly tones: readonly { readonly hz: number; readonly atMs: number }[];
}

/** Asks the page for what it gathered: `page.evaluate(takePainted)`. */
export const takePainted = 'window.__ward.take()';

/**
 * Goes into a page before its scripts. It reads the socket beside the page, and takes an event for painted in the moment in which
 * the page confirms it, which is after the second animation frame; then it looks whether the tile is there.
 */
export const watchPaint = `(() => {
  const heard = new Map();
  const fresh = () => ({ painted: [], waiting: [], repeats: 0, longTasks: 0, longestTaskMs: 0, heapBytes: 0, tones: [] });
  let record = fresh();
  let waiting = new Set();
  const tile = (bed) => document.querySelector('[data-bed="' + bed + '"]');
  const lookForWaiting = () => {
    const now = new Set();
    for (const { parentElement, dataset } of document.querySelectorAll('[data-bed] > [data-waiting]'))
      for (const what of dataset.waiting.replace('watch: ', '').split(', ')) now.add(parentElement.dataset.bed + '|' + what);
    for (const key of now) {
      const [bed, what] = key.split('|');
      if (!waiting.has(key)) record.waiting.push({ bed, what, paintedMs: Date.now() });
    }
    waiting = now;
  };
  const hear = ({ data }) => {
    if (typeof data !== 'string') return;
    if (data.startsWith('42["view"')) return void requestAnimationFrame(() => requestAnimationFrame(lookForWaiting));
    if (!data.startsWith('42["event"')) return;
    const [, event] = JSON.parse(data.slice(2));
    if (heard.has(event.offset)) record.repeats += 1;
    else heard.set(event.offset, { event, heardMs: Date.now(), confirmed: false });
    if (heard.size > 20000) heard.delete(heard.keys().next().value);
  };
  const confirm = (offset) => {
    const known = heard.get(offset);
    if (known === undefined || known.confirmed) return;
    known.confirmed = true;
    const { event, heardMs } = known;
    const { alarmId, subject, condition, priority, phase } = event.alarm;
    const isOpen = phase !== 'ended' && subject.startsWith('bed/') && document.querySelector('[data-bed]') !== null;
    record.painted.push({
      offset, phase: event.phase, alarmId, subject, condition, priority,
      sentMs: event.sentMs, heardMs, paintedMs: Date.now(),
      shown: isOpen ? tile(subject)?.querySelector('[data-priority]') != null : null,
    });
  };
  const hooked = new WeakSet();
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (!hooked.has(this)) {
      hooked.add(this);
      this.addEventListener('message', hear);
    }
    const offset = typeof data === 'string' ? /^42\\["painted",(\\d+)\\]$/.exec(data)?.[1] : undefined;
    if (offset !== undefined) confirm(Number(offset));
    return send.call(this, data);
  };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    record.tones.push({ hz: Math.round(this.frequency.value), atMs: Date.now() });
    return start.call(this, at);
  };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      record.longTasks += 1;
      record.longestTaskMs = Math.max(record.longestTaskMs, Math.round(duration));
    }
  }).observe({ type: 'longtask' });
  window.__ward = {
    take() {
      const taken = { ...record, heapBytes: performance.memory?.usedJSHeapSize ?? 0 };
      record = fresh();
      return taken;
    },
  };
})()`;
