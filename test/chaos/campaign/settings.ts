import type { LoadSettings } from '../load/load.ts';

/** Who listens and how much is sent; the rest of {@link LoadSettings} comes from the system. */
export type LoadSize = Pick<
  LoadSettings,
  'clients' | 'clientsPerProcess' | 'channels' | 'inboxPerSecond' | 'channelPerSecond' | 'connectPerSecond'
>;

/** The load of a campaign: all three kinds of clients, inboxes and channels. */
export const CAMPAIGN_LOAD: LoadSize = Object.freeze({
  clients: { v1: 400, plain: 100, socketIo: 100 },
  clientsPerProcess: 150,
  channels: 20,
  inboxPerSecond: 300,
  channelPerSecond: 15,
  connectPerSecond: 200,
});

/**
 * Arrivals that a shard takes a second in a campaign, and so how fast one that drains hands its clients over: what a machine can
 * take besides its work that shards, Redis and the clients themselves share.
 */
export const CAMPAIGN_PACE = 160;

/** The load of a run that only has to show that a mutant is found. */
export const MUTANT_LOAD: LoadSize = Object.freeze({
  clients: { v1: 60, plain: 30, socketIo: 30 },
  clientsPerProcess: 60,
  channels: 6,
  inboxPerSecond: 120,
  channelPerSecond: 12,
  connectPerSecond: 120,
});

/** 10,000 connections of the client library, and some of the others, as in every run. */
export const LARGE_LOAD: LoadSize = Object.freeze({
  clients: { v1: 10_000, plain: 100, socketIo: 100 },
  clientsPerProcess: 2_550,
  channels: 340,
  inboxPerSecond: 2_000,
  channelPerSecond: 17,
  connectPerSecond: 1_000,
});

/** A modest rate, to be borne for an hour on a machine that does other things as well. */
export const SOAK_LOAD: LoadSize = Object.freeze({
  clients: { v1: 200, plain: 50, socketIo: 50 },
  clientsPerProcess: 150,
  channels: 10,
  inboxPerSecond: 60,
  channelPerSecond: 3,
  connectPerSecond: 100,
});

/** Clients in all. */
export function clientCount({ clients }: LoadSize): number {
  return clients.v1 + clients.plain + clients.socketIo;
}
