// What happens to this call and why, in the words of the rule that decided it.
import type { ReactNode } from "react";
import type { Notice, PolicyView } from "../api/api";
import { useWords } from "../i18n/words";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { useKeys } from "../ui/useKeys";

interface WhyProps {
  notices: readonly Notice[];
  policy: PolicyView | null;
  kiosk?: boolean;
  onClose: () => void;
}

export function WhyDialog({ notices, policy, kiosk = false, onClose }: WhyProps): ReactNode {
  const { t, pick } = useWords();
  useKeys({ "0": onClose }, kiosk);
  return (
    <Dialog
      className="long"
      title={t("call.why.title")}
      onClose={onClose}
      actions={
        <Button kind="primary" keyCap={kiosk ? "0" : undefined} onClick={onClose}>
          {t("ui.close")}
        </Button>
      }
    >
      {notices.map((notice) => (
        <section key={notice.code}>
          <h3>{pick(notice.words)}</h3>
          {pick(notice.why) !== pick(notice.words) && <p>{pick(notice.why)}</p>}
        </section>
      ))}
      {policy && (
        <section>
          <h3>{t("call.why.basis")}</h3>
          <p>{pick(policy.legal_basis)}</p>
          <p className="quiet small">
            {t("call.why.rule", { rule: policy.rule, pack: policy.pack, version: policy.version })}
          </p>
          {!kiosk && (
            <p>
              <a href={`/what-happens?pack=${policy.pack}`} target="_blank" rel="noreferrer">
                {t("call.why.more")}
              </a>
            </p>
          )}
        </section>
      )}
    </Dialog>
  );
}
