/** Markdown lines by the name in a document's marker. */
export type MarkedParts = Readonly<Record<string, readonly string[]>>;

/** The document with everything between its markers replaced. @throws Error for a marker that nothing belongs to */
export function withParts(document: string, parts: MarkedParts): string {
  return document.replaceAll(
    /(<!-- table: ([\w-]+) -->\n)[^]*?(<!-- end -->)/g,
    (_, open: string, name: string, close: string) => {
      const lines = parts[name];
      if (lines === undefined) throw new Error(`there is no table ${name}`);
      return `${open}\n${lines.join('\n')}\n\n${close}`;
    },
  );
}

/** A table of Markdown: its head, and its rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

/** Text as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
