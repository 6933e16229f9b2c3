import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** One line. */
export interface Line {
  readonly label: string;
  /** In the order of the points of time; null = there is none. */
  readonly values: readonly (number | null)[];
  /** Its colour, a number of `--chart-…`. */
  readonly colour: number;
  /** What is not yet. */
  readonly isComing?: boolean;
}

export interface LineChartProps {
  /** What it shows, for who does not see it; the same stands in a table. */
  readonly name: string;
  /** What stands below each point, and what it is called in full. */
  readonly points: readonly { readonly tick: string; readonly words: string }[];
  readonly lines: readonly Line[];
  /** A number as its axis and its tip say it. */
  readonly say: (value: number) => string;
  /** The upper end of the axis where it is known. */
  readonly top?: number;
  /** By which the lines of the axis may lie apart; numbers of ten unless told. */
  readonly steps?: readonly number[];
}

const HEIGHT = 240;
const AXIS_WIDTH = 56;
const TICK_WIDTH = 44;
const GRID = 'grid';
const MUTED = 'muted';

/** Lines over time, drawn by uPlot in the colours of the theme. */
export default function LineChart({ name, points, lines, say, top, steps }: LineChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLParagraphElement>(null);
  const colours = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    // Colours of tokens come with the theme: what an element has on is what the canvas takes, at each drawing.
    const colourOf = (of: string | number): string => {
      const swatch = colours.current?.querySelector(`[data-of="${of}"]`);
      return swatch == null ? 'currentcolor' : getComputedStyle(swatch).color;
    };
    const plot = new uPlot(
      {
        ...{ width: element.clientWidth, height: HEIGHT, legend: { show: false } },
        cursor: { y: false, drag: { setScale: false, x: false, y: false } },
        scales: {
          x: { time: false, range: (_, from, to) => [from - 0.5, to + 0.5] },
          y: { range: (_, __, most) => [0, top ?? niceTop(most)] },
        },
        axes: [
          {
            ...{ stroke: () => colourOf(MUTED), grid: { show: false }, ticks: { show: false }, size: 24, gap: 6 },
            font: fontOf(element),
            splits: (self) => tickPlaces(points.length, self.width),
            values: (_, places) => places.map((at) => points[at]?.tick ?? ''),
          },
          {
            ...{ stroke: () => colourOf(MUTED), ticks: { show: false }, size: AXIS_WIDTH, gap: 6 },
            font: fontOf(element),
            grid: { stroke: () => colourOf(GRID), width: 1 },
            values: (_, values) => values.map(say),
            ...(steps === undefined ? {} : { incrs: [...steps] }),
          },
        ],
        series: [
          {},
          ...lines.map(
            ({ label, colour, isComing }): uPlot.Series => ({
              ...{ label, width: 2, stroke: () => colourOf(colour), spanGaps: false },
              ...(isComing === true ? { dash: [4, 4] } : {}),
              points: { size: 5, fill: () => colourOf(colour), show: (self) => self.data[0].length < 40 },
            }),
          ),
        ],
        hooks: {
          setCursor: [
            ({ cursor: { idx } }) => {
              if (tip.current !== null)
                tip.current.textContent = idx == null ? '' : tipOf(points[idx]?.words ?? '', lines, idx, say);
            },
          ],
        },
      },
      [points.map((_, at) => at), ...lines.map(({ values }) => [...values])],
      element,
    );
    const sized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    sized.observe(element);
    const themed = new MutationObserver(() => plot.redraw(false));
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    const redraw = (): void => plot.redraw(false);
    system.addEventListener('change', redraw);
    return () => {
      sized.disconnect();
      themed.disconnect();
      system.removeEventListener('change', redraw);
      plot.destroy();
    };
  }, [points, lines, say, top, steps]);
  return (
    <figure className="line-chart" role="img" aria-label={name}>
      <span ref={colours} className="line-chart-colours" aria-hidden="true">
        {lines.map(({ colour }) => (
          <i key={colour} data-of={colour} style={{ color: `var(--chart-${colour})` }} />
        ))}
        <i data-of={GRID} style={{ color: 'var(--border)' }} />
        <i data-of={MUTED} style={{ color: 'var(--muted)' }} />
      </span>
      <p ref={tip} className="line-chart-tip xs muted" aria-hidden="true" />
      <div ref={holder} />
    </figure>
  );
}

const fontOf = (element: HTMLElement): string => {
  const { fontFamily } = getComputedStyle(element);
  return `11px ${fontFamily}`;
};

/** Every how-manyth point has a tick so that none runs into the next. */
function tickPlaces(count: number, width: number): number[] {
  const every = Math.max(1, Math.ceil((count * TICK_WIDTH) / Math.max(1, width - AXIS_WIDTH)));
  return Array.from({ length: Math.ceil(count / every) }, (_, at) => at * every);
}

const niceTop = (most: number | null): number => (most === null || most <= 0 ? 1 : most * 1.1);

const tipOf = (words: string, lines: readonly Line[], at: number, say: (value: number) => string): string =>
  [
    words,
    ...lines.flatMap(({ label, values }) => {
      const value = values[at];
      return value == null ? [] : [`${label} ${say(value)}`];
    }),
  ].join(' · ');
