// One recording, played back.
import type { ReactNode } from "react";
import { Loading } from "../../../ui/StatePage";

export function ReviewPage(_: { recording: string; viewer: string }): ReactNode {
  return <Loading />;
}
