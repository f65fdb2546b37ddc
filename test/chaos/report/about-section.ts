import type { Verdict } from '../observer/verdict.ts';
import { type Html, html } from './html.ts';
import { counted, formatNumber } from './quantities.ts';
import type { RunDescription } from './run-description.ts';

/** What was tested, how the observer knows, and on what. */
export function aboutSection(run: RunDescription, verdict: Verdict): Html {
  return html`<section aria-labelledby="about-title">
    <h2 id="about-title">What was tested</h2>
    <p>
      A whole Flotilla ran on one machine, every part a process of its own, and was used as applications use it:
      services sent messages, clients of every kind received them. Meanwhile ${counted(verdict.faults.length, 'fault')}
      struck it${verdict.faults.length === 1 ? '' : ', one after another or two at once'}. Each program wrote down for
      itself what it sent, what was accepted and what arrived; the observer sees nothing but these journals and compares
      them message by message, so it does not have to believe the system it judges. What no journal shows, as memory and
      the shard map, was measured beside it and held to bounds of its own.
    </p>
    <dl class="facts">
      ${fact('Topology', run.topology)} ${fact('Clients', clientsInWords(verdict))} ${fact('Load', loadInWords(run))}
      ${fact('Machine', machineInWords(run))} ${fact('Begun', begun(run.startedAt))} ${fact('Seed', String(run.seed))}
    </dl>
  </section>`;
}

function fact(name: string, value: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function clientsInWords({ clients }: Verdict): string {
  const { v1, plain, socketIo } = clients;
  return `${formatNumber(v1)} flotilla.v1, ${formatNumber(plain)} plain WebSocket, ${formatNumber(socketIo)} Socket.IO`;
}

function loadInWords({ load }: RunDescription): string {
  const channels = `${formatNumber(load.channelPerSecond, 1)} to ${counted(load.channels, 'channel')}`;
  return `${formatNumber(load.inboxPerSecond, 1)} messages a second to inboxes, ${channels}`;
}

function machineInWords({ machine }: RunDescription): string {
  const gibibytes = formatNumber(machine.memoryBytes / 2 ** 30, 1);
  return `${counted(machine.cores, 'core')}, ${gibibytes} GiB, ${machine.os}`;
}

/** `2026-03-01 12:00:05 UTC`. What is no time is told as it is. */
function begun(startedAt: string): string {
  const time = new Date(startedAt);
  return Number.isNaN(time.getTime()) ? startedAt : `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
