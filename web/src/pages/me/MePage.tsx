import { useMessages } from "../../messages";
import { EntryMessages } from "../../messages/entry";
import { PeopleMessages } from "../../messages/people";
import { PageHeader } from "../../ui/PageHeader";
import { AppearanceCard } from "./AppearanceCard";
import { PasswordCard } from "./PasswordCard";
import { ProfileCard } from "./ProfileCard";
import { SecurityCards } from "./SecurityCards";
import { SessionsCard } from "./SessionsCard";

export function MePage() {
  const { me: texts } = useMessages();
  return (
    <>
      <PageHeader title={texts.title} />
      <EntryMessages.Load>
        <PeopleMessages.Load>
          <ProfileCard />
          <PasswordCard />
          <SecurityCards />
          <SessionsCard />
          <AppearanceCard />
        </PeopleMessages.Load>
      </EntryMessages.Load>
    </>
  );
}
