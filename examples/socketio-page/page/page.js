// The page as it was, but for its first lines. Before:
//
//   const socket = io({ auth: { token } });
//   listen(socket);
//
// Its listeners stay. What it emits goes by Flotilla's names: here `publish`, and an event of its own is emitted as `upstream`.
import { stayConnected } from './flotilla.js';

const form = document.querySelector('#form');
const state = document.querySelector('#state');
let current;

const address = async () => (await fetch('/address')).json();
stayConnected(globalThis.io, address, listen).then(({ reason }) => (state.textContent = `signed out: ${reason}`));

function listen(socket) {
  current = socket;
  socket.on('connect', () => (state.textContent = 'connected'));
  socket.on('disconnect', () => (state.textContent = 'connecting'));
  socket.on('message', ({ text }, { from }) => {
    const item = document.createElement('li');
    item.textContent = `${from}: ${text}`;
    document.querySelector('#messages').append(item);
  });
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = form.elements.text.value;
  current.emit('publish', { channel: 'chat', data: { text } }, ({ ok, message }) => {
    if (ok) form.reset();
    else state.textContent = message;
  });
});
