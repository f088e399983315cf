import { formatCount, Panel, RangeBar, tableStyles } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import type { BudgetView, ReleaseMetric, RetailRelease } from '@edge-blueprints/contracts';
import { lastRelease } from '../figures/released-count.js';
import { strings } from '../strings.js';
import { formatEpsilon } from './format-epsilon.js';

const text = strings.privacy;
const metrics = [
  'counts',
  'visits',
  'dwell',
  'heat',
  'queue',
  'transitions',
] as const satisfies readonly ReleaseMetric[];

interface Props {
  readonly className?: string | undefined;
  readonly budget: BudgetView;
  readonly releases: readonly RetailRelease[];
}

/** The day's budget, metric by metric, with the noise that it buys. */
export function BudgetPanel({ className, budget, releases }: Props): ReactNode {
  return (
    <Panel
      className={className}
      title={text.budget(budget.day)}
      aside={text.budgetTotal(formatEpsilon(budget.spent), formatEpsilon(budget.epsilonPerDay))}
    >
      <RangeBar from={0} to={budget.spent / budget.epsilonPerDay} tone="plain" />
      <div className={tableStyles.scroll}>
        <table className={tableStyles.table}>
          <thead>
            <tr>
              <th scope="col">{text.metric}</th>
              <th scope="col" aria-hidden="true" />
              <th scope="col" className={tableStyles.number}>
                {text.spent}
              </th>
              <th scope="col" className={tableStyles.number}>
                {text.left}
              </th>
              <th scope="col" className={tableStyles.number}>
                {text.allowed}
              </th>
              <th scope="col" className={tableStyles.number}>
                {text.noise}
              </th>
            </tr>
          </thead>
          <tbody>
            {metrics.map((metric) => {
              const { allowed, spent } = budget.perMetric[metric];
              const last = lastRelease(releases, metric);
              return (
                <tr key={metric}>
                  <th scope="row">{text.metrics[metric]}</th>
                  <td aria-hidden="true" width="26%">
                    {allowed > 0 && <RangeBar from={0} to={spent / allowed} tone="plain" />}
                  </td>
                  <td className={tableStyles.number}>{formatEpsilon(spent)}</td>
                  <td className={tableStyles.number}>{formatEpsilon(Math.max(0, allowed - spent))}</td>
                  <td className={tableStyles.number}>{formatEpsilon(allowed)}</td>
                  <td className={tableStyles.number}>
                    {last !== undefined
                      ? text.noiseValue(formatCount(Math.ceil(last.error95)), last.unit)
                      : allowed > 0
                        ? text.noNoise
                        : text.off}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
