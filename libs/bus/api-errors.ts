import { JetStreamApiError } from '@nats-io/jetstream';

export const STREAM_NOT_FOUND = 10_059;
export const SUBJECTS_OVERLAP = 10_065;
export const CONSUMER_NOT_FOUND = 10_014;

/** Whether JetStream's API refused with this code of its own. */
export const isApiError = (error: unknown, code: number): boolean => error instanceof JetStreamApiError && error.code === code;
