import { formatAge, formatCount, formatShortTime, kpiStyles, KpiTile, RangeBar } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import type { StoreView } from '@edge-blueprints/contracts';
import { minimumSize, minimumText } from '../figures/minimum-count.js';
import { doorLines, lastRelease, releasedSum } from '../figures/released-count.js';
import { strings } from '../strings.js';

interface Props {
  readonly className?: string | undefined;
  readonly view: StoreView;
}

const peopleAxis = 50;
const queueAxis = 20;

/** The four figures that a manager asks for first; beside the live count stands the number that may leave the store. */
export function TodayTiles({ className, view }: Props): ReactNode {
  const doors = doorLines(view.plan);
  const lines = view.lines.filter(({ id }) => doors.includes(id));
  const inToday = lines.reduce((sum, line) => sum + line.inToday, 0);
  const outToday = lines.reduce((sum, line) => sum + line.outToday, 0);
  const busier = Math.max(inToday, outToday, 1);
  const waiting = view.queues.reduce((sum, { length }) => sum + length, 0);
  const longestWaitS = Math.max(0, ...view.queues.map(({ longestWaitS: wait }) => wait ?? 0));
  const people = minimumSize(view.people);
  return (
    <section className={`${kpiStyles.tiles} ${className ?? ''}`} aria-label={strings.today.label}>
      <KpiTile
        name={strings.today.in}
        value={formatCount(inToday)}
        {...lastHour(lines, 'inLastHour')}
        detail={released(view, doors, 'in')}
      >
        <RangeBar from={0} to={inToday / busier} tone="plain" />
      </KpiTile>
      <KpiTile
        name={strings.today.out}
        value={formatCount(outToday)}
        {...lastHour(lines, 'outLastHour')}
        detail={released(view, doors, 'out')}
      >
        <RangeBar from={0} to={outToday / busier} tone="plain" />
      </KpiTile>
      <KpiTile name={strings.today.people} value={minimumText(view.people)} detail={strings.today.peopleDetail}>
        <RangeBar
          from={0}
          to={people / Math.max(peopleAxis, people)}
          tone="plain"
          end={formatCount(Math.max(peopleAxis, people))}
        />
      </KpiTile>
      <KpiTile
        name={strings.today.queue}
        value={formatCount(waiting)}
        detail={longestWaitS > 0 ? strings.today.longest(formatAge(longestWaitS * 1_000)) : strings.today.noWait}
      >
        <RangeBar
          from={0}
          to={waiting / Math.max(queueAxis, waiting)}
          tone="plain"
          end={formatCount(Math.max(queueAxis, waiting))}
        />
      </KpiTile>
    </section>
  );
}

/** The last hour of the one door; sums of small counts would tell more than each may. */
function lastHour(lines: StoreView['lines'], field: 'inLastHour' | 'outLastHour'): { beside?: string } {
  const [only] = lines;
  return only === undefined || lines.length > 1 ? {} : { beside: strings.today.lastHour(minimumText(only[field])) };
}

function released(view: StoreView, doors: readonly string[], direction: 'in' | 'out'): string {
  const release = lastRelease(view.releases, 'counts');
  if (release === undefined) return strings.today.noRelease;
  const { value, error95 } = releasedSum(
    release,
    doors.map((line) => `${line}/${direction}`),
  );
  const from = formatShortTime(release.windowFrom);
  const to = formatShortTime(release.windowTo);
  return value === null
    ? strings.today.suppressed(from, to, formatCount(release.minimum))
    : strings.today.released(from, to, formatCount(value), formatCount(Math.ceil(error95)));
}
