/** Queues on RabbitMQ, by amqplib (SPEC §8), which is not loaded before a queue there is asked for. */
export { probeRabbit } from './probe.ts';
export { RabbitQueue, type RabbitQueueOptions, TAKEN } from './rabbit-queue.ts';
