// A white field for one matter.
import type { ComponentPropsWithRef, ReactNode } from "react";

export function Card({ roomy, className, ...rest }: ComponentPropsWithRef<"section"> & { roomy?: boolean }): ReactNode {
  return <section className={["card", roomy && "card--roomy", className].filter(Boolean).join(" ")} {...rest} />;
}
