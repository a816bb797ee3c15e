// Puts the rows of a table in order.

export interface Sorting<Column extends string> {
  by: Column;
  down: boolean;
}
export type Value = string | number | null;

/** From the address ("sort=cell", "sort=-cell"); anything else is the table's own order. */
export function readSorting<Column extends string>(
  text: string | null,
  columns: readonly Column[],
  otherwise: Sorting<Column>,
): Sorting<Column> {
  const down = text?.startsWith("-") ?? false;
  const by = columns.find((column) => column === (down ? text?.slice(1) : text));
  return by === undefined ? otherwise : { by, down };
}

export const writeSorting = <Column extends string>({ by, down }: Sorting<Column>): string => (down ? `-${by}` : by);

/** The same column again turns the order round. */
export const pressed = <Column extends string>(now: Sorting<Column>, column: Column): Sorting<Column> =>
  now.by === column ? { by: column, down: !now.down } : { by: column, down: false };

/** Rows without a value stand last in either order; equal rows keep the order they came in. */
export function sorted<Row>(rows: readonly Row[], value: (row: Row) => Value, down: boolean, lang: string): Row[] {
  const words = new Intl.Collator(lang, { numeric: true });
  return rows.toSorted((a, b) => compare(value(a), value(b), down, words));
}

function compare(a: Value, b: Value, down: boolean, words: Intl.Collator): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = typeof a === "number" && typeof b === "number" ? a - b : words.compare(String(a), String(b));
  return down ? -order : order;
}
