import { useMessages } from "../../messages";
import { type Preferences, preferences, usePreferences } from "../../preferences";
import { Segments, Switch } from "../../ui/Choice";

/** How the console looks and reads in this browser. */
export function AppearanceCard() {
  const { me: texts, time } = useMessages();
  const { theme, language, times, density, singleKeys } = usePreferences();
  const choices = <T extends string>(labels: Record<T, string>) =>
    (Object.entries(labels) as [T, string][]).map(([value, label]) => ({ value, label }));
  return (
    <section className="card measured" aria-labelledby="appearance">
      <div className="card-head">
        <h2 id="appearance">{texts.appearance}</h2>
        <span className="small quiet">{texts.lead}</span>
      </div>
      <div className="card-pad stack">
        <Segments<Preferences["theme"]>
          label={texts.theme}
          value={theme}
          choices={choices(texts.themes)}
          onChange={(next) => preferences.change({ theme: next })}
        />
        <Segments<Preferences["language"]>
          label={texts.language}
          value={language}
          choices={choices(texts.languages)}
          onChange={(next) => preferences.change({ language: next })}
        />
        <Segments<Preferences["times"]>
          label={time.shown}
          value={times}
          choices={choices(time.choices)}
          onChange={(next) => preferences.change({ times: next })}
        />
        <Segments<Preferences["density"]>
          label={texts.density}
          value={density}
          choices={choices(texts.densities)}
          onChange={(next) => preferences.change({ density: next })}
        />
        <Switch
          label={texts.singleKeys}
          hint={texts.singleKeysHint}
          isSelected={singleKeys}
          onChange={(next) => preferences.change({ singleKeys: next })}
        />
      </div>
    </section>
  );
}
