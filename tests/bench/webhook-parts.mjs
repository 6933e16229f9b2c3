/** What is sent: 1 kB of JSON. */
export const SECRET = 'bench-secret';
export const BODY = JSON.stringify({ type: 'order.created', filler: 'x'.repeat(1024 - 42) });
