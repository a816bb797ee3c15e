// Keeps what a table shows (its filters, order and density) in the address bar, so that it can be sent and kept.
import { useCallback, useMemo, useSyncExternalStore } from "react";

export type Change = (values: Readonly<Record<string, string | null>>) => void;

/** The address with some values set, or taken out where null. */
export function changed(search: string, values: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(search);
  for (const [key, value] of Object.entries(values)) {
    if (value === null) query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function watch(tell: () => void): () => void {
  addEventListener("popstate", tell);
  return () => removeEventListener("popstate", tell);
}

/** The values in the address, and a way to change them; `step` makes the change one that "back" undoes. */
export function useAddress(step = false): [URLSearchParams, Change] {
  const search = useSyncExternalStore(watch, () => location.search);
  const query = useMemo(() => new URLSearchParams(search), [search]);
  const change = useCallback<Change>(
    (values) => {
      const address = location.pathname + changed(location.search, values);
      if (step) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
      dispatchEvent(new PopStateEvent("popstate"));
    },
    [step],
  );
  return [query, change];
}
