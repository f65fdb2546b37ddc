// The page as it was, but for where it connects. Before:
//
//   listen(io({ auth: { token } }));
//
// Its form and its listeners stay. The names of what it hears and emits are Flotilla's: here `message` and `publish`; an event of
// its own is emitted as `upstream`.
import { stayConnected } from './flotilla.js';

const form = document.querySelector('#form');
const state = document.querySelector('#state');

const address = async () => (await fetch('/address')).json();
stayConnected(globalThis.io, address, listen).then(({ reason }) => (state.textContent = `signed out: ${reason}`));

function listen(socket) {
  socket.on('connect', () => show('connected'));
  socket.on('disconnect', () => show('connecting'));
  socket.on('message', ({ text }, { from }) => {
    const item = document.createElement('li');
    item.textContent = `${from}: ${text}`;
    document.querySelector('#messages').append(item);
  });
  form.onsubmit = (event) => {
    event.preventDefault();
    const text = form.elements.text.value;
    socket.emit('publish', { channel: 'chat', data: { text } }, ({ ok, message }) => {
      if (ok) form.reset();
      else state.textContent = message;
    });
  };
}

function show(what) {
  state.textContent = what;
  form.elements.send.disabled = what !== 'connected';
}
