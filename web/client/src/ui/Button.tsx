// A button that says a verb; kiosk buttons also show the key that presses them.
import type { ComponentPropsWithRef, ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

interface ButtonProps extends ComponentPropsWithRef<"button"> {
  kind?: "primary" | "danger" | "danger-line" | "plain";
  icon?: IconName;
  /** The key that does the same, shown as a key cap. */
  keyCap?: string | undefined;
  dense?: boolean;
}

export function Button(props: ButtonProps): ReactNode {
  const { kind, icon, keyCap, dense, children, className, ...rest } = props;
  const classes = ["btn", kind && `btn--${kind}`, dense && "btn--dense", className].filter(Boolean).join(" ");
  return (
    <button type="button" className={classes} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
      {keyCap && <KeyCap>{keyCap}</KeyCap>}
    </button>
  );
}

/** Shown, not read out: the button's own words are its name. */
export function KeyCap({ children }: { children: ReactNode }): ReactNode {
  return (
    <span className="kbd" aria-hidden="true">
      {children}
    </span>
  );
}
