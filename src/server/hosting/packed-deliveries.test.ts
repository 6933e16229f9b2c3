import { expect, it } from 'vitest';
import type { WebhookRequest } from '../../core/triggers/index.ts';
import { packDeliveries, unpackDeliveries } from './packed-deliveries.ts';

const request = (body: Uint8Array | null, headers: WebhookRequest['headers'] = []): WebhookRequest => ({
  ...{ method: 'POST', target: '/hook?a=1', headers, body, sourceIp: '127.0.0.1', isLoopback: true },
});

it('gives back every request with its own bytes: none, too many, such as are no text, and headers as they came', () => {
  const shared = new Uint8Array([1, 2, 3, 0xff, 0xfe, 0x0d, 0x0a, 0xef, 0xbb, 0xbf]);
  const requests = [
    request(shared.subarray(2, 5), [
      ['X-A', 'caf\u00e9 \u00ff'],
      ['x-a', ''],
    ]),
    request(null),
    request(new Uint8Array(0)),
    request(shared.subarray(5)),
  ].map((value, id) => ({ id: id + 7, value }));
  const packed = packDeliveries(requests);
  expect(packed.bodies.byteLength).toBe(8);
  expect(unpackDeliveries(packed)).toEqual(requests);
  expect(unpackDeliveries(packDeliveries([]))).toEqual([]);
});
