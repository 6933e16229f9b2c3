import { lazy, Suspense } from 'react';
import type { LineChartProps } from './line-chart.tsx';

/** Its library comes with the first chart that needs it. */
const LineChart = lazy(() => import('./line-chart.tsx'));

/** Lines over time, with what each colour means. */
export function TimeChart(props: LineChartProps) {
  return (
    <>
      <Suspense fallback={<div className="line-chart" />}>
        <LineChart {...props} />
      </Suspense>
      <ul className="line-legend sm">
        {props.lines.map(({ label, colour, isComing }) => (
          <li key={label}>
            <i
              className={isComing === true ? 'swatch coming' : 'swatch'}
              aria-hidden="true"
              style={{ color: `var(--chart-${colour})` }}
            />
            {label}
          </li>
        ))}
      </ul>
    </>
  );
}
