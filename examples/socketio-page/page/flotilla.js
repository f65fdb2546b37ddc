// Where a Socket.IO page connects to Flotilla: at the address that its own backend gives, with a fresh one for every attempt, since
// a token is good once and the shard may be another one by then. So it is this that connects again, and not Socket.IO.

/** Refusals that the next address would meet as well. */
const FINAL = ['origin_refused', 'session_expired', 'token_audience', 'token_invalid', 'token_revoked'];

/**
 * Keeps a page connected. Resolves with `{ code?, reason }` when it is not to come again: signed out, replaced by a newer one, …
 *
 * @param io of socket.io-client
 * @param address asks the backend for what the SDK's `connectInfo` gave; null when there is none any more. Asked again when it rejects
 * @param listen gets each new socket, and adds the page's listeners
 */
export async function stayConnected(io, address, listen) {
  const positions = { channels: {} };
  for (let failures = 0; ;) {
    const began = Date.now();
    const end = await connect(io, address, listen, positions).catch((error) => ({ reason: String(error) }));
    if (end.isFinal || (end.code >= 4500 && end.code <= 4599) || FINAL.includes(end.code)) return end;
    if (end.connected && Date.now() - began > 5_000) failures = 0;
    const random = Math.random() * (end.retryAfterMs ? 200 : Math.min(20_000, 200 * 2 ** ++failures));
    await new Promise((resolve) => setTimeout(resolve, (end.retryAfterMs ?? 0) + random));
  }
}

/** One connection; resolves when it has ended, with what the shard said of that. */
async function connect(io, address, listen, positions) {
  const given = await address();
  if (given === null) return { isFinal: true, reason: 'no address any more' };
  const { socketIo, token } = given;
  const auth = { token, ...positions };
  const socket = io(socketIo.url, { path: socketIo.path, auth, reconnection: false, forceNew: true });
  keepPositions(socket, positions);
  listen(socket);
  return new Promise((resolve) => {
    let end = { connected: true };
    socket.on('bye', (bye) => (end = { ...end, ...bye }));
    socket.on('disconnect', () => resolve(end));
    socket.on('connect_error', ({ message, data }) => resolve({ reason: message, ...data }));
  });
}

/** What this page has got, told at the next connect: nothing comes twice. Store it, and that holds after a reload too. */
function keepPositions(socket, positions) {
  const keep = ({ channel, position }) => {
    if (channel === undefined) positions.inbox = position;
    else positions.channels[channel] = position;
  };
  socket.on('welcome', ({ inbox, channels }) => {
    positions.channels = {};
    keep(inbox);
    for (const [channel, { position }] of Object.entries(channels)) keep({ channel, position });
  });
  socket.on('message', (_, meta) => keep(meta));
  socket.on('gap', keep);
  socket.on('joined', keep);
  // What is undefined is not sent.
  socket.on('left', ({ channel }) => keep({ channel, position: undefined }));
}
