import fc from 'fast-check';

/** Texts of five fields that the grammar of SPEC §7.1 takes, of every form it has. */

const NAMES: Readonly<Record<string, readonly string[]>> = {
  month: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  weekday: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};

function field(name: string, min: number, max: number): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const step = fc.integer({ min: 1, max: Math.ceil(max / 2) });
  const range = fc
    .tuple(value, value)
    .map(([a, b]) => (name === 'weekday' ? `${a}-${b}` : `${Math.min(a, b)}-${Math.max(a, b)}`));
  const names = fc.constantFrom(...(NAMES[name] ?? ['*']));
  const item = fc.oneof(
    { weight: 3, arbitrary: value.map(String) },
    { weight: 2, arbitrary: range },
    fc.constantFrom('*', '?'),
    step.map((one) => `*/${one}`),
    fc.tuple(range, step).map(([one, by]) => `${one}/${by}`),
    fc.tuple(value, step).map(([one, by]) => `${one}/${by}`),
    ...(NAMES[name] === undefined ? [] : [names, fc.tuple(names, names).map(([a, b]) => `${a}-${b}`)]),
    ...(name === 'day' ? [fc.constant('L')] : []),
    ...(name === 'weekday'
      ? [fc.tuple(value, fc.integer({ min: 1, max: 5 })).map(([day, nth]) => `${day}#${nth}`)]
      : []),
  );
  const list = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(','));
  return fc.oneof({ weight: 2, arbitrary: fc.constant('*') }, { weight: 3, arbitrary: list });
}

export const cronText: fc.Arbitrary<string> = fc
  .tuple(
    field('minute', 0, 59),
    field('hour', 0, 23),
    field('day', 1, 31),
    field('month', 1, 12),
    field('weekday', 0, 7),
  )
  .map((fields) => fields.join(' '));

/** What people write, and what the clock changes are hard on. */
export const COMMON_TEXTS: readonly string[] = [
  '30 2 * * *',
  '30 1 * * *',
  '0 0 * * *',
  '0 12 * * 0',
  '*/15 9-17 * * MON-FRI',
  '5,35 0-3 * * *',
  '0 * * * *',
  '20 */2 * * *',
  '59 23 L * *',
  '0 3 1,15 * 5',
  '15 2 * MAR,OCT SUN#5,SUN#2,7#1',
  '0 0 29 2 *',
];
