// The left column: what needs an officer, with a way to it, and the visits that come.
import type { ReactNode } from "react";
import type { Need, WallState } from "../../call/protocol.gen";
import { clock, minutesUntil } from "../../i18n/times";
import { useNow } from "../../i18n/useNow";
import { useWords, type Words } from "../../i18n/words";
import { Icon, type IconName } from "../../ui/Icon";
import { Pill } from "./CallPills";
import { follow } from "./route";
import { needing, type NeedOfCall } from "./wall";

const NEEDS: Readonly<Record<Need, { icon: IconName; title: string; text: string }>> = {
  recorder: { icon: "gap", title: "officer.need.recorder", text: "officer.need.recorder.text" },
  unwatched: { icon: "eye-off", title: "officer.need.unwatched", text: "officer.need.unwatched.text" },
  lost: { icon: "x-c", title: "officer.need.lost", text: "officer.need.lost.text" },
  held: { icon: "pause", title: "officer.need.held", text: "officer.need.held.text" },
};

export function Side({ wall, skew }: { wall: WallState; skew: number }): ReactNode {
  const { t } = useWords();
  const needs = needing(wall);
  return (
    <div className="side">
      <section aria-labelledby="needs">
        <h2 id="needs">
          {t("officer.needs")} <span className={needs.length > 0 ? "count count--needs" : "count"}>{needs.length}</span>
        </h2>
        {needs.length === 0 ? (
          <p className="quiet">{t("officer.needs.none")}</p>
        ) : (
          <ul className="needs">
            {needs.map((need) => (
              <li key={`${need.visit} ${need.need}`}>
                <NeedCard need={need} />
              </li>
            ))}
          </ul>
        )}
      </section>
      <Coming wall={wall} skew={skew} />
    </div>
  );
}

function NeedCard({ need: { need, call } }: { need: NeedOfCall }): ReactNode {
  const { t } = useWords();
  const { icon, title, text } = NEEDS[need];
  const names = t("officer.names", { prisoner: call.prisoner ?? "", visitor: call.visitor ?? "" });
  return (
    <article className={need === "recorder" ? "need need--danger" : "need"}>
      <h3>
        <Icon name={icon} /> {t(title)}
      </h3>
      <p className="need__who">
        <b className="cell">{call.cell}</b> {names}
      </p>
      <p className="need__rule">{t(text)}</p>
      <a className="btn btn--dense btn--primary" {...follow({ page: "call", visit: call.visit })}>
        {t("officer.open", { cell: call.cell })}
      </a>
    </article>
  );
}

/** Minutes up to an hour and a half, then hours and minutes. */
function inWords(t: Words["t"], at: number, now: number): string {
  const minutes = minutesUntil(at, now);
  if (minutes === 0) return t("officer.coming.begun");
  if (minutes <= 90) return t("officer.coming.in", { minutes });
  return t("officer.coming.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

function Coming({ wall, skew }: { wall: WallState; skew: number }): ReactNode {
  const { t } = useWords();
  const now = useNow(skew, 10_000);
  return (
    <section aria-labelledby="coming">
      <h2 id="coming">
        {t("officer.coming")} <span className="count">{wall.coming.length}</span>
      </h2>
      {wall.coming.length === 0 && <p className="quiet">{t("officer.coming.none")}</p>}
      <ol className="come">
        {wall.coming.map((visit) => (
          <li key={visit.visit}>
            <time>{clock(visit.starts_at)}</time>
            <b className="cell">{visit.cell}</b>
            <span>
              {visit.closed
                ? t("officer.legal")
                : t("officer.names", { prisoner: visit.prisoner ?? "", visitor: visit.visitor ?? "" })}
            </span>
            <span className="come__say">
              {visit.closed ? (
                <Pill icon="shield" tone="action">
                  {t("officer.coming.closed")}
                </Pill>
              ) : (
                <span className="small quiet">{inWords(t, visit.starts_at, now)}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
