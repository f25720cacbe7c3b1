export { connectBus, type Bus, type BusOptions, type BusTls } from './connect-bus.ts';
export { busOptions, busSettings } from './bus-settings.ts';
export { ensureStreams, streamsState, type StreamsState } from './streams.ts';
export { stepBack } from './consumers.ts';
export { oldestPending, pendingOf, queueDepths, type Queue } from './queues.ts';
export { openPublisher, type Outgoing, type Published, type Publisher } from './publisher.ts';
export { JetStreamServer, type JetStreamServerOptions } from './jetstream-server.ts';
export { type Delivered, type RunningSource, type Source } from './source.ts';
