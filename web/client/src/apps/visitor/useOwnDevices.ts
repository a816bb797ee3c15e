// Asks for camera and microphone when the page opens, and keeps what the person chose to do without.
import { useCallback, useEffect, useMemo, useState } from "react";
import type { OwnDevices } from "../../call/media";

export interface DeviceChoice {
  pictureless: boolean;
  soundless: boolean;
  test: () => void;
  soundOnly: () => void;
  pictureOnly: () => void;
}

export function useOwnDevices(devices: OwnDevices, wanted: boolean): DeviceChoice {
  const [without, setWithout] = useState({ pictureless: false, soundless: false });
  const test = useCallback(() => {
    setWithout({ pictureless: false, soundless: false });
    void devices.start(true);
  }, [devices]);
  useEffect(() => {
    if (!wanted) return;
    void devices.start(true);
    return () => devices.stop();
  }, [devices, wanted]);
  return useMemo(
    () => ({
      ...without,
      test,
      soundOnly: () => {
        setWithout({ pictureless: true, soundless: false });
        void devices.start(false);
      },
      pictureOnly: () => setWithout({ pictureless: false, soundless: true }),
    }),
    [without, test, devices],
  );
}
