// Somebody calls: who, under what conditions, and two big answers.
import { useState, type ReactNode } from "react";
import type { Notice } from "../../api/api";
import { refusalWords } from "../../call/codes";
import type { CallState } from "../../call/protocol.gen";
import { other } from "../../call/scene";
import { WhyDialog } from "../../callscreen/WhyDialog";
import type { Live } from "../../callscreen/useCall";
import { clock, day, span } from "../../i18n/times";
import { useNow } from "../../i18n/useNow";
import { useWords } from "../../i18n/words";
import { Announce } from "../../ui/Announce";
import { Button } from "../../ui/Button";
import { ConditionsLine } from "../../ui/ConditionsLine";
import { Icon } from "../../ui/Icon";
import { toFirstWords } from "../../ui/focus";
import { useRingtone } from "../../ui/ringtone";
import { useKeys } from "../../ui/useKeys";
import { useTitle } from "../../ui/useTitle";

interface RingProps {
  call: CallState;
  live: Live;
  notices: readonly Notice[];
  skew: number;
}

export function Ring({ call, live, notices, skew }: RingProps): ReactNode {
  const { t, pick, lang } = useWords();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [why, setWhy] = useState(false);
  const now = useNow(skew, 1_000);
  const caller = other(call);
  const name = caller?.name ?? "";
  const times = span(call.starts_at, call.ends_at);
  const decide = async (act: (visit: string) => ReturnType<Live["session"]["answerRing"]>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const done = await act(call.visit);
    setBusy(done.ok);
    setRefused(done.ok ? null : done.error.code);
  };
  const answer = (): void => void decide(live.session.answerRing);
  const decline = (): void => void decide(live.session.declineRing);
  useKeys({ Enter: answer, "0": decline, "3": () => setWhy(true) }, !why);
  useRingtone();
  useTitle(t("terminal.calling", { name }));
  return (
    <div className="stage ringpage" data-testid="phase" data-phase="ringing">
      <header>
        <ConditionsLine
          shape="bar"
          notice={call.notice}
          closed={call.closed}
          recorded={call.recording !== "none"}
          onWhy={() => setWhy(true)}
          whyKey="3"
        />
      </header>
      <main id="main" className="ringing" aria-labelledby="caller" aria-describedby="calm">
        <span className="bell">
          <Icon name="ring" />
        </span>
        <h1 id="caller">{t("terminal.calling", { name })}</h1>
        <Announce urgent>{t("terminal.calling", { name })}</Announce>
        <p className="rel">
          {t("terminal.calling.detail", { relation: caller?.relation ? pick(caller.relation) : name, span: times })}
        </p>
        <div className="answer">
          <Button kind="primary" keyCap="Enter" ref={toFirstWords} aria-disabled={busy} onClick={answer}>
            {t("terminal.answer")}
          </Button>
          <Button keyCap="0" aria-disabled={busy} onClick={decline}>
            {t("terminal.not_now")}
          </Button>
        </div>
        <p className="calm" id="calm" role="status">
          {refused === null ? t("terminal.calm", { name }) : t(refusalWords(refused))}
        </p>
      </main>
      <footer className="foot">
        <span>
          {clock(now)}, {day(now, lang)}
        </span>
        <span>{t("terminal.told", { name })}</span>
      </footer>
      {why && <WhyDialog kiosk notices={notices} policy={null} onClose={() => setWhy(false)} />}
    </div>
  );
}
