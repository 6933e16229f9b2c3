import { AppError } from '../../shared/errors.ts';

/** Set by the connection itself. A caller that could write them could smuggle a second request or ask another virtual host. */
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Field values of RFC 9110: tab, visible ASCII, blank and the upper half of Latin-1. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The headers that go out. `tool.invalid_params` for a name or value that could end its line, without the value in the message. */
export function outgoingHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const sent: Record<string, string> = { 'accept-encoding': 'identity' };
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (!TOKEN.test(name)) throw invalid(`${JSON.stringify(name.slice(0, 80))} is not the name of a header.`);
    if (!VALUE.test(value)) throw invalid(`The header "${name}" holds characters that a header may not hold.`);
    if (!OWN.has(lower)) sent[lower] = value;
  }
  return sent;
}

/** `tool.invalid_params` unless it is a word. */
export function checkMethod(method: string): void {
  if (!TOKEN.test(method) || method.toUpperCase() === 'CONNECT') {
    throw invalid(`${JSON.stringify(method.slice(0, 80))} is not a method that can be sent.`);
  }
}

function invalid(message: string): AppError {
  return new AppError('tool.invalid_params', message, { hint: 'Remove line breaks and letters outside Latin-1.' });
}
