/** What a program does for the process that started it: it answers with what a function returns or resolves to, as JSON has it. */
export type Commands = Readonly<Record<string, (argument: never) => unknown>>;

/** One command on its way. */
export interface Order {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

/** What became of it. */
export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  /** Set when it failed. */
  readonly error?: string;
}

/** Carries out what the parent asks, several commands at a time. The program ends when its parent is gone, or lets it go. */
export function serveCommands(commands: Commands): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (order: Order) => void answer(commands, order));
}

async function answer(commands: Commands, { id, name, argument }: Order): Promise<void> {
  const told = await outcome(commands[name], name, argument);
  // The parent may be gone meanwhile.
  if (process.connected) process.send?.({ id, ...told } satisfies Answer);
}

async function outcome(command: Commands[string] | undefined, name: string, argument: unknown) {
  try {
    if (command === undefined) throw new Error(`there is no command ${name}`);
    return { result: await command(argument as never) };
  } catch (error) {
    return { error: String(error) };
  }
}
