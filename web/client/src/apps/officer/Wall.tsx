// Every live call of the prison as moving previews, and beside them what needs an officer and what comes.
import type { ReactNode } from "react";
import type { LinkStatus } from "../../call/link";
import type { WallState } from "../../call/protocol.gen";
import type { WatchView } from "../../call/watch";
import { useStore } from "../../callscreen/useCall";
import { useNow } from "../../i18n/useNow";
import { clock, day } from "../../i18n/times";
import { useWords } from "../../i18n/words";
import { Announce } from "../../ui/Announce";
import { Banner } from "../../ui/Banner";
import { KeyCap } from "../../ui/Button";
import { toFirstWords } from "../../ui/focus";
import { Icon } from "../../ui/Icon";
import { Loading } from "../../ui/StatePage";
import { useKeys } from "../../ui/useKeys";
import { useTitle } from "../../ui/useTitle";
import { go } from "./route";
import { Side } from "./Side";
import { Tile } from "./Tile";
import type { Watching } from "./useWatch";
import { inOrder, liveCalls, needing } from "./wall";

export function Wall({ watching, link }: { watching: Watching; link: LinkStatus }): ReactNode {
  const { t } = useWords();
  const view = useStore(watching.session.view);
  const needs = view.wall === null ? 0 : needing(view.wall).length;
  useTitle(t("officer.wall.title", { live: view.wall?.calls.length ?? 0, needs }));
  if (view.wall === null) return <Loading />;
  return <Calls wall={view.wall} view={view} away={link.at !== "up"} />;
}

function Calls({ wall, view, away }: { wall: WallState; view: WatchView; away: boolean }): ReactNode {
  const { t } = useWords();
  const calls = inOrder(liveCalls(wall));
  const open = (at: number): void => {
    const call = calls[at];
    if (call?.watchable === true) go({ page: "call", visit: call.visit });
  };
  const next = (): void => {
    const first = needing(wall)[0];
    if (first !== undefined) go({ page: "call", visit: first.visit });
  };
  const numbers = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((key) => [String(key), () => open(key - 1)]));
  useKeys({ ...numbers, n: next, N: next });
  return (
    <main id="main" className="room" data-testid="phase" data-phase="wall">
      <h1 className="hide" ref={toFirstWords} tabIndex={-1}>{t("officer.wall")}</h1>
      <WallBar skew={view.skew} />
      {away && (
        <div className="room__away">
          <Banner icon="line-weak" tone="danger" role="alert" title={t("officer.away")}>
            <p>{t("officer.away.text")}</p>
          </Banner>
        </div>
      )}
      <Side wall={wall} skew={view.skew} />
      {calls.length === 0 ? (
        <section className="room__empty">
          <Icon name="camera" size="xl" />
          <h2>{t("officer.empty")}</h2>
          <p className="quiet">{t("officer.empty.text")}</p>
        </section>
      ) : (
        <ol className="wall" aria-label={t("officer.calls")}>
          {calls.map((call, at) => (
            <li key={call.visit}>
              <Tile call={call} view={view} number={at < 9 ? at + 1 : null} />
            </li>
          ))}
        </ol>
      )}
      <Announce>{t("officer.announce", { live: calls.length, needs: needing(wall).length })}</Announce>
    </main>
  );
}

function WallBar({ skew }: { skew: number }): ReactNode {
  const { t, lang } = useWords();
  const now = useNow(skew);
  return (
    <p className="bar">
      <time className="bar__clock">
        <b>{clock(now)}</b> <span className="quiet">{day(now, lang)}</span>
      </time>
      <span className="bar__end small">
        <span className="ilabel">
          <Icon name="sound-off" />
          {t("officer.no_sound")}
        </span>
        <span>
          <KeyCap>N</KeyCap> {t("officer.key.next")}
        </span>
        <span>
          <KeyCap>1–9</KeyCap> {t("officer.key.open")}
        </span>
      </span>
    </p>
  );
}
