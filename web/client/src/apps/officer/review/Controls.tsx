// Play, pause, ten seconds either way, the next event, the speed; keys K, J, L and E do the same.
import type { ReactNode } from "react";
import { useStore } from "../../../callscreen/useCall";
import { useWords } from "../../../i18n/words";
import { Button } from "../../../ui/Button";
import { useKeys } from "../../../ui/useKeys";
import type { Timeline } from "./api";
import { clockSeconds } from "./durations";
import { RATES, type Player } from "./player";
import { nextEvent } from "./stretches";

const TEN = 10_000;

export function Controls({ timeline, player }: { timeline: Timeline; player: Player }): ReactNode {
  const { t } = useWords();
  const { at, playing, waiting } = useStore(player.view);
  const next = (): void => {
    const event = nextEvent(timeline.events, player.at);
    if (event !== undefined) player.seek(event.at_ms);
  };
  const back = (): void => player.skip(-TEN);
  const forward = (): void => player.skip(TEN);
  useKeys({ k: player.toggle, K: player.toggle, j: back, J: back, l: forward, L: forward, e: next, E: next });
  return (
    <div className="go" role="group" aria-label={t("review.controls")}>
      <Button kind="primary" icon={playing ? "pause-bare" : "play"} keyCap="K" onClick={player.toggle}>
        {playing ? t("review.pause") : t("review.play")}
      </Button>
      <Button icon="back10" keyCap="J" onClick={back}>
        {t("review.back10")}
      </Button>
      <Button icon="fwd10" keyCap="L" onClick={forward}>
        {t("review.forward10")}
      </Button>
      <p className="go__at" data-testid="at" data-at={at}>
        <b>{clockSeconds(timeline.begun_at + at)}</b>{" "}
        <span className="quiet">
          {waiting ? t("review.waiting") : t("review.of", { end: clockSeconds(timeline.begun_at + timeline.duration_ms) })}
        </span>
      </p>
      <Button icon="next" keyCap="E" onClick={next}>
        {t("review.next")}
      </Button>
      <Speed player={player} />
    </div>
  );
}

function Speed({ player }: { player: Player }): ReactNode {
  const { t } = useWords();
  const { rate } = useStore(player.view);
  return (
    <label className="go__speed">
      <span>{t("review.speed")}</span>
      <select className="input" value={rate} onChange={(event) => player.speed(Number(event.target.value))}>
        {RATES.map((each) => (
          <option key={each} value={each}>
            {t("review.speed.times", { rate: String(each).replace(".", ",") })}
          </option>
        ))}
      </select>
    </label>
  );
}
