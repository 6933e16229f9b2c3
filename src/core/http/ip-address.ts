import { isIP } from 'node:net';

/**
 * The bytes of an address in its plain text form: 4 of `192.0.2.1`, 16 of `2001:db8::1` or `::ffff:192.0.2.1`. null = anything
 * else: zone ids, ports, brackets, octal, hex and short forms, names.
 */
export function parseAddress(text: string): Uint8Array | null {
  if (text.includes('%')) return null;
  const family = isIP(text);
  if (family === 0) return null;
  return Uint8Array.from(family === 4 ? text.split('.').map(Number) : bytesOfVersion6(text));
}

function bytesOfVersion6(text: string): readonly number[] {
  const [head = '', tail] = text.split('::');
  const front = groupsOf(head);
  if (tail === undefined) return front;
  const back = groupsOf(tail);
  return [...front, ...new Array<number>(16 - front.length - back.length).fill(0), ...back];
}

function groupsOf(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
