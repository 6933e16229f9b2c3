/** Names that stand for a constant (SPEC 2.2). */
export const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
  ['null', null],
  ['Null', null],
]);
/** Words of the language. */
export const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else']);

/** Names that cannot be variables. */
export function isReservedName(name: string): boolean {
  return RESERVED.has(name) || CONSTANTS.has(name);
}
