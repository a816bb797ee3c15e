// Lets a member of staff in by code; identity providers come later.
import { useState, type ReactNode } from "react";
import type { Answer } from "../api/api";
import { refusalWords } from "../call/codes";
import { useWords } from "../i18n/words";
import { Button } from "./Button";
import { Card } from "./Card";
import { Icon } from "./Icon";

interface StaffSignInProps {
  title: string;
  signIn: (code: string) => Promise<Answer<unknown>>;
  onDone: () => void;
}

export function StaffSignIn({ title, signIn, onDone }: StaffSignInProps): ReactNode {
  const { t } = useWords();
  const [code, setCode] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    const answer = await signIn(code.trim());
    setRefused(answer.ok ? null : answer.code);
    if (answer.ok) onDone();
  };
  return (
    <main id="main" className="staffsignin" data-testid="phase" data-phase="sign_in">
      <Card roomy>
        <h1>{title}</h1>
        <p>{t("ui.sign_in.text")}</p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <div className={refused === null ? "field" : "field field--wrong"}>
            <label className="field__label" htmlFor="code">
              {t("ui.sign_in.code")}
            </label>
            <input
              id="code"
              className="input"
              value={code}
              required
              autoComplete="off"
              aria-invalid={refused !== null}
              aria-describedby={refused === null ? undefined : "wrong"}
              onChange={(event) => setCode(event.target.value)}
            />
            {refused !== null && (
              <p className="field__wrong" id="wrong" role="alert">
                <Icon name="warn" /> {t(refusalWords(refused))}
              </p>
            )}
          </div>
          <Button type="submit" kind="primary">
            {t("ui.sign_in.go")}
          </Button>
        </form>
      </Card>
    </main>
  );
}
