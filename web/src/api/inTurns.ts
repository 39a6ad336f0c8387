/** Does something at once when it is asked for, and not again before `pause` has passed, however often it is asked for. */
export function inTurns(pause: number, act: () => void): { ask: () => void; stop: () => void } {
  let rest: ReturnType<typeof setTimeout> | undefined;
  let asked = false;
  const go = () => {
    asked = false;
    rest = setTimeout(() => {
      rest = undefined;
      if (asked) go();
    }, pause);
    act();
  };
  return {
    ask: () => {
      if (rest === undefined) go();
      else asked = true;
    },
    stop: () => {
      clearTimeout(rest);
      rest = undefined;
      asked = false;
    },
  };
}
