/** A line that begins a step section (SPEC §1.3). */
export interface StepHeading {
  readonly kind: 'step';
  readonly level: number;
  /** `step_` and the number, `.` as `_`. */
  readonly id: string;
  readonly number: string;
  readonly title: string;
}

/** Any other heading. `nearMiss`: it looks like a step heading that was written wrongly. */
export interface OtherHeading {
  readonly kind: 'other';
  readonly level: number;
  readonly title: string;
  readonly nearMiss: boolean;
  /** The heading as it should be written, for a near miss. */
  readonly fix?: string;
}

export type Heading = StepHeading | OtherHeading;

const STEP = /^(#{2,4})\s+(?:Step\s+)?(\d+(?:\.\d+)?)[.:]\s*(.+)$/;
const MARKS = /^ {0,3}(#{1,6})(?!#)/;
const GLUED = /^(?:step\b|\d)/i;
const NEAR_TITLE = /^(?:step\b\s*#?\s*(\d+(?:\.\d+)*)?\s*[-–—.:)]*\s*(.*)|(\d+(?:\.\d+)*)\s*[.:)]\s*(.+))$/i;
/** A title longer than this is prose for the near-miss check. */
const MAX_TITLE = 500;

/** Reads one line outside of fences as a heading, undefined when it is none. */
export function readHeading(line: string): Heading | undefined {
  if (!line.trimStart().startsWith('#')) return undefined;
  const step = STEP.exec(line);
  if (step !== null) {
    const [, marks = '', number = '', title = ''] = step;
    return { kind: 'step', level: marks.length, id: `step_${number.replace('.', '_')}`, number, title: title.trim() };
  }
  const found = MARKS.exec(line);
  if (found === null) return undefined;
  const [whole, marks = ''] = found;
  const rest = line.slice(whole.length);
  const title = rest.trim();
  if (title !== '' && title.length === rest.trimEnd().length && !GLUED.test(title)) return undefined;
  return otherHeading(marks.length, withoutClosingMarks(title));
}

/** The title without the marks that may close a heading (`## Title ##`). */
function withoutClosingMarks(title: string): string {
  let end = title.length;
  while (title[end - 1] === '#') end -= 1;
  if (end === title.length || (end > 0 && title[end - 1]?.trim() !== '')) return title;
  return title.slice(0, end).trimEnd();
}

/** A heading that is not a step by its form (also the underlined ones). */
export function otherHeading(level: number, title: string): OtherHeading {
  const near = title.length > MAX_TITLE ? null : NEAR_TITLE.exec(title);
  if (near === null) return { kind: 'other', level, title, nearMiss: false };
  const number = near[1] ?? near[3];
  const rest = (near[2] ?? near[4] ?? '').trim();
  const fix = `${'#'.repeat(Math.min(Math.max(level, 2), 4))} Step ${number ?? 'N'}: ${rest === '' ? 'Title' : rest}`;
  return { kind: 'other', level, title, nearMiss: true, fix };
}

/** Whether the title of a step looks like a longer number was cut (`## Step 1.2.3: H` is step 1.2 named `3: H`). */
export function hasCutNumber(heading: StepHeading): boolean {
  return /^\d+(?:\.\d+)*[.:]/.test(heading.title);
}
