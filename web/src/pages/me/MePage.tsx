import { useSession } from "../../components/useSession";
import { useMessages } from "../../messages";
import { type Preferences, preferences, usePreferences } from "../../preferences";
import { Segments, Switch } from "../../ui/Choice";
import { PageHeader } from "../../ui/PageHeader";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";

export function MePage() {
  const { me: texts, time } = useMessages();
  const { admin, tenants, expiresAt } = useSession();
  const { theme, language, times, density, singleKeys } = usePreferences();
  const choices = <T extends string>(labels: Record<T, string>) =>
    (Object.entries(labels) as [T, string][]).map(([value, label]) => ({ value, label }));
  return (
    <>
      <PageHeader title={texts.title} />
      <section className="card measured" aria-labelledby="profile">
        <div className="card-head">
          <h2 id="profile">{texts.profile}</h2>
        </div>
        <div className="card-pad contained">
          <Facts>
            <Fact label={texts.name}>{admin.name}</Fact>
            <Fact label={texts.email}>{admin.email}</Fact>
            <Fact label={texts.role}>
              {admin.operator
                ? texts.operator
                : tenants.map((tenant) => `${tenant.name}: ${texts.roles[tenant.role]}`).join(", ") || "–"}
            </Fact>
            <Fact label={texts.session}>
              <Time at={expiresAt} past={false} />
            </Fact>
          </Facts>
        </div>
      </section>
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
    </>
  );
}
