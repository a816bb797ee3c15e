// The first line of every call: what is recorded and watched, in the server's own words.
import type { ReactNode } from "react";
import { useWords, type ServerWords } from "../i18n/words";
import { KeyCap } from "./Button";
import { Icon, type IconName } from "./Icon";

interface ConditionsProps {
  notice: ServerWords;
  /** Nothing is recorded, watched or listened to. */
  closed: boolean;
  /** Whether picture or sound is kept; chooses the sign only, the words are the server's. */
  recorded?: boolean;
  shape?: "card" | "bar";
  onWhy?: () => void;
  /** The key that asks why, on a screen with keys only. */
  whyKey?: string | undefined;
}

export function ConditionsLine(props: ConditionsProps): ReactNode {
  const { notice, closed, recorded = true, shape = "card", onWhy, whyKey } = props;
  const { t, pick } = useWords();
  const sign: IconName = closed ? "shield" : recorded ? "record" : "eye";
  const [first, rest] = firstSentence(pick(notice));
  const why = onWhy && (
    <button type="button" className="link" onClick={onWhy}>
      {t("ui.why")}
      {whyKey && <KeyCap>{whyKey}</KeyCap>}
    </button>
  );
  const classes = ["conditions", shape === "bar" && "conditions--bar", closed && "conditions--closed"];
  return (
    <div className={classes.filter(Boolean).join(" ")} data-testid="conditions">
      <Icon name={sign} size="l" />
      <p>
        <b>{first}</b> {rest && <span>{rest}</span>} {shape === "card" && why}
      </p>
      {shape === "bar" && why}
    </div>
  );
}

/** What weighs most stands first, in bold; on a phone each part has its own line. */
export function firstSentence(text: string): [string, string] {
  const end = text.search(/[.!?]\s/);
  return end < 0 ? [text, ""] : [text.slice(0, end + 1), text.slice(end + 1).trim()];
}
