import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement, ReactNode } from "react";
import { MessagesProvider } from "../messages";
import { AccessMessages } from "../messages/access";
import { enAccess } from "../messages/access.en";
import { AuditMessages } from "../messages/audit";
import { enAudit } from "../messages/audit.en";
import { CeilingMessages } from "../messages/ceiling";
import { enCeiling } from "../messages/ceiling.en";
import { CredentialsMessages } from "../messages/credentials";
import { enCredentials } from "../messages/credentials.en";
import { en } from "../messages/en";
import { EntryMessages } from "../messages/entry";
import { enEntry } from "../messages/entry.en";
import { FeedMessages } from "../messages/feed";
import { enFeed } from "../messages/feed.en";
import { HealthMessages } from "../messages/health";
import { enHealth } from "../messages/health.en";
import { PeopleMessages } from "../messages/people";
import { enPeople } from "../messages/people.en";
import { SettingsMessages } from "../messages/settings";
import { enSettings } from "../messages/settings.en";
import { TimelineMessages } from "../messages/timeline";
import { enTimeline } from "../messages/timeline.en";
import { WebhookMessages } from "../messages/webhooks";
import { enWebhook } from "../messages/webhooks.en";

/** Draws a component with the English texts, and gives a person who can act on it. */
export function draw(element: ReactElement) {
  const user = userEvent.setup();
  return {
    user,
    ...render(element, { wrapper: EnglishTexts }),
  };
}

/** All texts at once, so that nothing has to be waited for. */
function EnglishTexts({ children }: { children: ReactNode }) {
  return (
    <MessagesProvider value={en}>
      <CredentialsMessages.Provide value={enCredentials}>
        <EntryMessages.Provide value={enEntry}>
          <PeopleMessages.Provide value={enPeople}>
            <CeilingMessages.Provide value={enCeiling}>
              <HealthMessages.Provide value={enHealth}>
                <TimelineMessages.Provide value={enTimeline}>
                  <FeedMessages.Provide value={enFeed}>
                    <WebhookMessages.Provide value={enWebhook}>
                      <AccessMessages.Provide value={enAccess}>
                        <SettingsMessages.Provide value={enSettings}>
                          <AuditMessages.Provide value={enAudit}>{children}</AuditMessages.Provide>
                        </SettingsMessages.Provide>
                      </AccessMessages.Provide>
                    </WebhookMessages.Provide>
                  </FeedMessages.Provide>
                </TimelineMessages.Provide>
              </HealthMessages.Provide>
            </CeilingMessages.Provide>
          </PeopleMessages.Provide>
        </EntryMessages.Provide>
      </CredentialsMessages.Provide>
    </MessagesProvider>
  );
}
