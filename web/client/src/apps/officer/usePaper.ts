// Shows a page of papers in the light theme; the wall and the calls are the dark room.
import { useEffect } from "react";

export function usePaper(): void {
  useEffect(() => {
    const root = document.documentElement.dataset;
    const before = root["theme"];
    root["theme"] = "light";
    return () => {
      if (before === undefined) delete root["theme"];
      else root["theme"] = before;
    };
  }, []);
}
