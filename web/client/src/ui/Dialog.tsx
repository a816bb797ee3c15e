// A question or message over the page; the browser keeps the focus inside and gives it back.
import { useEffect, useId, useRef, type ReactNode } from "react";

interface DialogProps {
  title: ReactNode;
  children: ReactNode;
  /** The buttons; the one to begin with carries `data-first`. Without one it begins at its title. */
  actions: ReactNode;
  /** Pressing Escape. Without it the dialog stays until it is answered. */
  onClose?: () => void;
  className?: string;
}

export function Dialog({ title, children, actions, onClose, className }: DialogProps): ReactNode {
  const box = useRef<HTMLDialogElement>(null);
  const words = useId();
  useEffect(() => {
    const dialog = box.current;
    if (dialog === null) return;
    if (!dialog.open) dialog.showModal();
    dialog.querySelector<HTMLElement>("[data-first], h2")?.focus();
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={box}
      className={className}
      aria-labelledby={`${words}-title`}
      aria-describedby={`${words}-text`}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClose={() => {
        // Browsers close on a second Escape whatever the page says; what must be answered opens again.
        if (onClose === undefined) box.current?.showModal();
      }}
    >
      <h2 id={`${words}-title`} tabIndex={-1}>
        {title}
      </h2>
      <div id={`${words}-text`} className="dialog__text">
        {children}
      </div>
      <div className="btns">{actions}</div>
    </dialog>
  );
}
