// Puts a terminal to use with its code; staff do this once.
import { useState, type ReactNode } from "react";
import { terminalSignIn } from "../../api/api";
import { refusalWords } from "../../call/codes";
import { useWords } from "../../i18n/words";
import { LanguageSwitch } from "../../ui/AppBar";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Icon } from "../../ui/Icon";

export function SignIn({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useWords();
  const [code, setCode] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    const answer = await terminalSignIn(code.trim());
    setRefused(answer.ok ? null : answer.code);
    if (answer.ok) onDone();
  };
  return (
    <main id="main" className="signin" data-testid="phase" data-phase="sign_in">
      <Card roomy>
        <h1>{t("terminal.sign_in.title")}</h1>
        <p>{t("terminal.sign_in.text")}</p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <div className={refused === null ? "field" : "field field--wrong"}>
            <label className="field__label" htmlFor="code">
              {t("terminal.sign_in.code")}
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
            {t("terminal.sign_in.go")}
          </Button>
        </form>
      </Card>
      <LanguageSwitch />
    </main>
  );
}
