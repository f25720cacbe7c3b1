export * from './ports.ts';
export * from './api-client.ts';
