// Listening, where the visit allows it, and the word that it is closed where it does not.
import { useState, type ReactNode } from "react";
import { useWords } from "../../i18n/words";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";

export interface Listening {
  on: boolean;
  turn: (on: boolean) => void;
}

/** Off until the officer asks: opening a call is no listening. The server forwards sound only where it is allowed. */
export function useListening(audible: boolean): Listening {
  const [on, turn] = useState(false);
  return { on: on && audible, turn };
}

export function SoundControl({ audible, listening }: { audible: boolean; listening: Listening }): ReactNode {
  const { t } = useWords();
  if (!audible) {
    return (
      <p className="soundline quiet">
        <Icon name="sound-off" /> {t("officer.sound.closed")}
      </p>
    );
  }
  return (
    <p className="soundline">
      <Button dense icon={listening.on ? "sound" : "sound-off"} aria-pressed={listening.on} onClick={() => listening.turn(!listening.on)}>
        {listening.on ? t("officer.sound.stop") : t("officer.sound.listen")}
      </Button>
      <span className="quiet">{t("officer.sound.told")}</span>
    </p>
  );
}
