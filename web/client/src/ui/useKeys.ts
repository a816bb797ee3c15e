// Lets single keys press what is on the screen, for terminals with a keypad only.
import { useEffect, useEffectEvent } from "react";

/** Keys by `KeyboardEvent.key`. Typing in a field and held modifiers are left alone. */
export function useKeys(keys: Readonly<Record<string, () => void>>, active = true): void {
  const press = useEffectEvent((event: KeyboardEvent): void => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target as HTMLElement | null;
    if (target?.matches("input, textarea, select")) return;
    // Enter on a focused button already presses it.
    if (event.key === "Enter" && target?.matches("button, a")) return;
    // A locked capital letter is the same key.
    const action = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    if (!active) return;
    const listen = (event: KeyboardEvent): void => press(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [active]);
}
