// Ticks on whole seconds of the server's clock.
import { useEffect, useState } from "react";

/** Server time in ms; `skew` = server minus device. Asks for a new drawing once per `every` ms. */
export function useNow(skew: number, every = 1000): number {
  const [device, setDevice] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setDevice(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return device + skew;
}
