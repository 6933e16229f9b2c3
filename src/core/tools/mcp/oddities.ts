import { plainText } from './plain-text.ts';

const MAX_DETAIL_CHARS = 100;
const MAX_STRAY_CHARS = 4000;
/** Of one kind as many are told one by one; the rest is counted alone. */
const MAX_TOLD = 20;
const STRAY = 'a line that is no message';

export interface OddityPorts {
  /** A line for the log of the step. */
  readonly log: (text: string, level: 'info' | 'warning') => void;
  /** Takes out what must not be shown. */
  readonly clean: (text: string) => string;
}

/**
 * What a server writes beside what the protocol knows (SPEC §5.3). It is tolerated, and named: in the log when it comes, and in the
 * message of a timeout, for it may be why there was no answer.
 */
export class Oddities {
  readonly #ports: OddityPorts;
  readonly #kinds = new Map<string, { count: number; readonly detail: string }>();

  constructor(ports: OddityPorts) {
    this.#ports = ports;
  }

  /** `what` names the kind, such as "`error: null` beside a result"; a kind that comes with every message is told once. */
  note(what: string, detail = ''): void {
    const shown = this.#shorten(detail);
    const kind = this.#count(what, shown);
    if (kind.count === 1) this.#ports.log(`[odd answer of the server: ${what}${inBrackets(shown)}]`, 'warning');
  }

  /** How many lines were no messages. */
  get strays(): number {
    return this.#kinds.get(STRAY)?.count ?? 0;
  }

  /** A line that is no message. */
  stray(line: string): void {
    this.#count(STRAY, this.#shorten(line));
    this.#ports.log(`[not a message, ignored] ${this.#ports.clean(line.slice(0, MAX_STRAY_CHARS))}`, 'warning');
  }

  /** An answer to a request that is settled already, as one that was called off; that is nobody's fault. */
  late(id: string | number): void {
    if (this.#count('', '').count <= MAX_TOLD) this.#ports.log(`[a late answer to request ${id}, ignored]`, 'info');
  }

  /** For the end of an error message: empty, or a sentence that begins with a space. */
  summary(): string {
    const kinds = [...this.#kinds].filter(([what]) => what !== '');
    if (kinds.length === 0) return '';
    const told = kinds.map(([what, { count, detail }]) => `${count} × ${what}${inBrackets(detail)}`);
    return ` What the server wrote was odd: ${told.join(', ')}.`;
  }

  #count(what: string, detail: string): { readonly count: number } {
    const kind = this.#kinds.get(what) ?? { count: 0, detail };
    kind.count += 1;
    this.#kinds.set(what, kind);
    return kind;
  }

  #shorten(text: string): string {
    const clean = plainText(this.#ports.clean(text.slice(0, MAX_STRAY_CHARS)), false);
    return clean.length > MAX_DETAIL_CHARS ? `${clean.slice(0, MAX_DETAIL_CHARS).toWellFormed()}…` : clean;
  }
}

const inBrackets = (detail: string): string => (detail === '' ? '' : ` (${detail})`);
