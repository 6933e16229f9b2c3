import type { DeliveryRecord } from '../../shared/model/trigger.ts';
import type { Arrival, EventInbox } from '../engine/index.ts';
import type { DeliveryRepository } from '../storage/index.ts';
import { runDataOf } from '../triggers/index.ts';

/** A delivery as runs that wait for it see it. */
export const toArrival = (
  row: Omit<DeliveryRecord, 'runId' | 'bodyBytes'>,
  body: () => Uint8Array | null,
): Arrival => ({ id: row.id, path: row.endpoint, receivedAt: row.receivedAt, data: runDataOf(row, body) });

/** The inbox of webhooks, for runs that wait for what comes there. */
export const createEventInbox = (deliveries: DeliveryRepository, problemAt: EventInbox['problemAt']): EventInbox => ({
  problemAt,
  *arrivals(path, { since, behind }) {
    for (let at = behind; ; ) {
      const page = deliveries.arrivals(path, since, at);
      if (page.length === 0) return;
      for (const { no, id } of page) {
        at = no;
        const row = deliveries.find(id);
        if (row !== null) yield { no, ...toArrival(row, () => deliveries.body(id)) };
      }
    }
  },
});
