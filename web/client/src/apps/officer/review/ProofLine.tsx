// Whether the recording is whole, in a line.
import type { ReactNode } from "react";
import { useWords } from "../../../i18n/words";
import { Icon, type IconName } from "../../../ui/Icon";
import type { Timeline } from "./api";
import { gapsOf } from "./stretches";

interface Proven {
  tone: "well" | "needs" | "danger";
  icon: IconName;
  words: string;
  text: string;
}

export function ProofLine({ timeline, going }: { timeline: Timeline; going: boolean }): ReactNode {
  const { t } = useWords();
  const { tone, icon, words, text } = proven(timeline, going);
  const { parts, signed } = timeline.proof;
  return (
    <section className="proof" aria-label={t("review.proof")}>
      <p className={`seal seal--${tone}`} data-testid="proof" data-tone={tone}>
        <Icon name={icon} />
        <span>
          <b>{t(words)}</b> {t(text, { parts, signed, gaps: gapsOf(timeline).length })}
        </span>
      </p>
    </section>
  );
}

function proven({ proof, finished }: Timeline, going: boolean): Proven {
  if (!proof.verified) return { tone: "danger", icon: "warn", words: "review.proof.broken", text: "review.proof.broken.text" };
  if (finished) return { tone: "well", icon: "shield", words: "review.proof.whole", text: "review.proof.whole.text" };
  if (going) return { tone: "well", icon: "shield", words: "review.proof.going", text: "review.proof.going.text" };
  return { tone: "needs", icon: "warn", words: "review.proof.open", text: "review.proof.open.text" };
}
