// The head of a column that can be put in order by pressing it.
import type { ReactNode } from "react";
import { Icon } from "../Icon";
import { pressed, type Sorting } from "./sorting";

interface SortHeadProps<Column extends string> {
  column: Column;
  sorting: Sorting<Column>;
  onSort: (sorting: Sorting<Column>) => void;
  children: ReactNode;
  className?: string;
}

export function SortHead<Column extends string>(props: SortHeadProps<Column>): ReactNode {
  const { column, sorting, onSort, children, className } = props;
  const on = sorting.by === column;
  const order = sorting.down ? "descending" : "ascending";
  return (
    <th scope="col" className={className} aria-sort={on ? order : undefined}>
      <button type="button" className={on ? `sort is-${order}` : "sort"} onClick={() => onSort(pressed(sorting, column))}>
        {children}
        <Icon name={on ? "down" : "sort"} />
      </button>
    </th>
  );
}
