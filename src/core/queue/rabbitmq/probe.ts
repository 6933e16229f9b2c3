import { placeOf, RabbitLink } from './link.ts';

/** Whether a RabbitMQ lets us in. Errors: `queue.unreachable`, `queue.refused`, `config.invalid`. */
export async function probeRabbit(url: string): Promise<{ readonly place: string }> {
  const link = new RabbitLink({ url, setUp: async () => undefined, onTurn: () => undefined });
  try {
    await link.ask(async () => undefined);
    return { place: placeOf(url) };
  } finally {
    await link.close();
  }
}
