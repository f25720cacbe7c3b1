import { expect, it } from 'vitest';
import type { AppliedManifest } from '#event-log';
import { createRoutesInForce } from './routes-in-force.ts';

const applied = (version: number, tx: bigint): AppliedManifest => ({ version, at: { tx, position: tx }, manifest: { version: 1, integrations: [], routes: [] } });
const place = (tx: bigint) => ({ tx, position: tx });

const world = () => {
  const manifests: AppliedManifest[] = [];
  const state = { manifests, looks: 0 };
  const log = {
    manifests: async (after = 0) => {
      state.looks += 1;
      return manifests.filter((one) => one.version > after);
    },
  };
  return { state, routes: createRoutesInForce(log) };
};

it('gives an event the manifest that was applied before it, and an earlier one none', async () => {
  const { state, routes } = world();
  state.manifests.push(applied(1, 10n), applied(2, 20n));
  const versions = [];
  for (const tx of [9n, 10n, 11n, 20n, 21n]) versions.push((await routes.at(place(tx)))?.version);
  expect(versions).toEqual([undefined, undefined, 1, 1, 2]);
});

it('asks the log again only for events newer than any before', async () => {
  const { state, routes } = world();
  state.manifests.push(applied(1, 10n));
  const first = await routes.at(place(15n));
  expect(await routes.at(place(12n))).toEqual(first);
  expect((await routes.at(place(15n)))!.table).toBe(first!.table);
  expect(state.looks).toBe(1);
  state.manifests.push(applied(2, 20n));
  expect((await routes.at(place(21n)))!.version).toBe(2);
  expect(state.looks).toBe(2);
});

it('holds each manifest once when many ask at the same time', async () => {
  const { state, routes } = world();
  state.manifests.push(applied(1, 10n), applied(2, 20n));
  await Promise.all([routes.newest(), routes.at(place(30n)), routes.newest()]);
  state.manifests.push(applied(3, 40n));
  expect((await routes.newest())!.version).toBe(3);
  expect((await routes.at(place(30n)))!.version).toBe(2);
});
