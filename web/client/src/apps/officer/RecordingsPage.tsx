// The recordings of the prison.
import type { ReactNode } from "react";
import { Loading } from "../../ui/StatePage";

export function RecordingsPage(): ReactNode {
  return <Loading />;
}
