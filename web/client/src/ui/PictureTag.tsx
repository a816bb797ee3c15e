// Whose picture this is, on the picture.
import type { ReactNode } from "react";

export function PictureTag({ children, className }: { children: ReactNode; className?: string }): ReactNode {
  return <div className={className === undefined ? "tag" : `tag ${className}`}>{children}</div>;
}
