/** What the hot path counts, from the start of the pod on. */
export interface DeliveryTotals {
  /** Durable messages queued on connections. */
  delivered: number;
  deliveredLive: number;
  /** Live messages that found their connection choked. */
  droppedLive: number;
  /** Times a connection was taken off live delivery because too much waited for it. */
  slowCatchUps: number;
  /** Connections closed because they took nothing for too long. */
  slowCloses: number;
  /** Messages that slow readers skipped by `drop-oldest`, and were told so. */
  slowDropped: number;
  /** Messages that slow readers skipped by `latest`, for newer ones. */
  slowSuperseded: number;
  notifies: number;
  /** Notifies that could not be read. */
  unreadable: number;
  /** Partitions read again because a notify was missing. */
  rereads: number;
  /** Times that the store was found to have lost all it had of some partitions. */
  storeLosses: number;
}

/** All zero. */
export function createDeliveryTotals(): DeliveryTotals {
  return {
    delivered: 0,
    deliveredLive: 0,
    droppedLive: 0,
    slowCatchUps: 0,
    slowCloses: 0,
    slowDropped: 0,
    slowSuperseded: 0,
    notifies: 0,
    unreadable: 0,
    rereads: 0,
    storeLosses: 0,
  };
}
