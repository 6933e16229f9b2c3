/**
 * What a field has told the address, which is drawn a moment later: what comes back from there may be older than what stands in the field by
 * then, and must not take away what was typed meanwhile.
 */
export class ToldTexts {
  #waiting: string[] = [];

  tell(text: string): void {
    this.#waiting.push(text);
  }

  /** Whether this text of the address is what the field itself has said, in which `typed` stands now; any other one is somebody else's. */
  takesBack(text: string, typed: string): boolean {
    const at = this.#waiting.indexOf(text);
    // A text that was skipped, or is the newest, was drawn: none of those before it comes any more.
    this.#waiting = at === -1 || text === typed ? [] : this.#waiting.slice(at + 1);
    return at !== -1;
  }
}
