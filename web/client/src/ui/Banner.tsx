// Something to know, with its sign and tone.
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

export type Tone = "plain" | "needs" | "danger" | "well" | "action";

interface BannerProps {
  icon: IconName;
  tone?: Tone;
  title?: string;
  /** "status" waits for a pause in what is being read out, "alert" does not. */
  role?: "status" | "alert";
  children?: ReactNode;
}

export function Banner({ icon, tone = "plain", title, role, children }: BannerProps): ReactNode {
  return (
    <div className={tone === "plain" ? "banner" : `banner banner--${tone}`} role={role}>
      <Icon name={icon} />
      <div>
        {title && <h2 className="banner__title">{title}</h2>}
        {children}
      </div>
    </div>
  );
}
