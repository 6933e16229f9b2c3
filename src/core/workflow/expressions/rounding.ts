import { typeFailure } from './failures.ts';

const MAX_PRECISION = 30;

/** Rounds to `precision` decimals, halves to the even neighbour as Python does; exact on the binary value. */
function roundHalfEven(value: number, precision: number): number {
  if (precision <= 0) {
    const scale = 10 ** -precision;
    const scaled = value / scale;
    const low = Math.floor(scaled);
    const rest = scaled - low;
    const isUp = rest > 0.5 || (rest === 0.5 && low % 2 !== 0);
    return (isUp ? low + 1 : low) * scale;
  }
  if (Math.abs(value) >= 1e21) return value;
  const rounded = Number(value.toFixed(precision));
  const exact = Math.abs(value).toFixed(100);
  const cut = exact.indexOf('.') + 1 + precision;
  const isHalf = exact[cut] === '5' && /^0*$/.test(exact.slice(cut + 1));
  if (!isHalf) return rounded;
  const last = Number(exact[cut - 1] === '.' ? exact[cut - 2] : exact[cut - 1]);
  const down = Number(`${value < 0 ? '-' : ''}${exact.slice(0, cut)}`);
  return last % 2 === 0 ? down : rounded;
}

/** The filter `round` (SPEC 2.3). */
export function roundNumber(value: number, precision: number, method: string): number {
  if (Math.abs(precision) > MAX_PRECISION) throw typeFailure(`\`round\` takes at most ${MAX_PRECISION} digits.`);
  if (method === 'common') return roundHalfEven(value, precision) + 0;
  if (method !== 'ceil' && method !== 'floor') throw typeFailure('`round` knows the methods common, ceil and floor.');
  const scale = 10 ** precision;
  const scaled = value * scale;
  if (!Number.isFinite(scaled)) return value;
  return (method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / scale + 0;
}
