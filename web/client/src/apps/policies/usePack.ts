// Which pack the page shows: the one in the address, else the one this house goes by.
import { useCallback, useEffect, useState } from "react";
import type { Fault } from "../../api/api";
import { policyPack, policyPacks, type PackList, type WhatHappens } from "./api";
import { wantedPack } from "./wanted";

export type Shown =
  | { at: "loading" }
  | { at: "fault"; code: Fault }
  | { at: "unreadable" }
  | { at: "page"; list: PackList; page: WhatHappens };

export function usePack(): [Shown, () => void] {
  const [shown, setShown] = useState<Shown>({ at: "loading" });
  const load = useCallback(() => {
    void read().then(setShown);
  }, []);
  useEffect(load, [load]);
  return [shown, load];
}

async function read(): Promise<Shown> {
  const packs = await policyPacks();
  if (!packs.ok) return { at: "fault", code: packs.code };
  const wanted = wantedPack(packs.value, new URLSearchParams(location.search).get("pack"));
  if (wanted === null) return { at: "unreadable" };
  const page = await policyPack(wanted);
  return page.ok ? { at: "page", list: packs.value, page: page.value } : { at: "fault", code: page.code };
}
