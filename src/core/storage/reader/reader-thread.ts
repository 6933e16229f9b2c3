/** The thread of `StoreReader`: answers one question after the other, until it is ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../../shared/errors.ts';
import { translateStoreError } from '../database.ts';
import { openQuestions, type ReaderPlaces } from './reader-questions.ts';
import type { ReaderAnswer, ReaderQuestion } from './store-reader.ts';

const questions = openQuestions(workerData as ReaderPlaces) as Readonly<Record<string, (input: unknown) => unknown>>;
parentPort?.on('message', (question: ReaderQuestion) => parentPort?.postMessage(answer(question)));

function answer({ id, name, input }: ReaderQuestion): ReaderAnswer {
  try {
    return { id, ok: true, value: questions[name]?.(input) };
  } catch (error) {
    const told = translateStoreError(error);
    if (told instanceof AppError) return { id, ok: false, error: told.toRecord() };
    return { id, ok: false, bug: told instanceof Error ? (told.stack ?? told.message) : String(told) };
  }
}
