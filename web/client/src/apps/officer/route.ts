// Which page of the officer's app the address means, and going to another without loading.
import { useSyncExternalStore } from "react";

export type Route =
  | { page: "wall" }
  | { page: "call"; visit: string }
  | { page: "recordings" }
  | { page: "recording"; recording: string };

const HOME = "/officer";

export function parseRoute(path: string): Route {
  const [, , page, id] = path.split("/");
  if (page === "call" && id) return { page, visit: id };
  if (page === "recordings") return id ? { page: "recording", recording: id } : { page };
  return { page: "wall" };
}

export function pathOf(route: Route): string {
  switch (route.page) {
    case "wall":
      return HOME;
    case "call":
      return `${HOME}/call/${route.visit}`;
    case "recordings":
      return `${HOME}/recordings`;
    case "recording":
      return `${HOME}/recordings/${route.recording}`;
  }
}

export function go(route: Route): void {
  history.pushState(null, "", pathOf(route));
  dispatchEvent(new PopStateEvent("popstate"));
}

/** For links: a plain press goes there without loading, any other is the browser's. */
export function follow(route: Route): { href: string; onClick: (event: React.MouseEvent) => void } {
  return {
    href: pathOf(route),
    onClick: (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(route);
    },
  };
}

function watchAddress(changed: () => void): () => void {
  addEventListener("popstate", changed);
  return () => removeEventListener("popstate", changed);
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(watchAddress, () => location.pathname));
}
